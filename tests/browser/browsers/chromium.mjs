// Debian's Chromium, driven by Playwright.

import { chromium } from 'playwright-core';
import { timeBusiestThread } from './processor-time.mjs';

/** Also a `devtools` session with the browser, for benchmarks of Chromium. */
export async function launch() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const devtools = await browser.newBrowserCDPSession();
  return {
    name: 'Chromium',
    version: browser.version(),
    abilities: new Set([
      'workers',
      'early-scripts',
      'requests',
      'console',
      'looks',
      'print',
      'touch',
      'no-script',
      'processor-time',
      'task-times',
      'heap',
    ]),
    openTab: (look) => openTab(browser, look),
    timeBusiestThread: (work) => timeBusiestThread(devtools, work),
    devtools,
    close: () => browser.close(),
  };
}

async function openTab(browser, look = {}) {
  const { width = 1280, height = 900, touch = false, script = true, ...media } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: touch,
    javaScriptEnabled: script,
    ...media,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const requests = [];
  context.on('request', (request) => {
    if (!request.isNavigationRequest() || request.frame().parentFrame()) requests.push(request.url());
  });
  return {
    page,
    complaints,
    requests,
    runEarly: async (early, argument) => {
      await page.addInitScript(early, argument);
    },
    workers: () =>
      page.workers().map((worker) => ({
        url: worker.url(),
        evaluate: (code, argument) => worker.evaluate(code, argument),
      })),
    show: async ({ width: newWidth, height: newHeight, ...changes }) => {
      if (newWidth && newHeight) await page.setViewportSize({ width: newWidth, height: newHeight });
      await page.emulateMedia(changes);
    },
    longestTask: (work) => timeLongestTask(page, work),
    heapBytes: () => measureHeap(page),
    close: () => context.close(),
  };
}

async function measureHeap(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

async function timeLongestTask(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel'] });
  const result = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
  const mainThreads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(threadOf);
  // The thread's own time, in microseconds; one that was under way at the start or the end has none.
  const times = traceEvents
    .filter((event) => event.name.endsWith('RunTask') && mainThreads.includes(threadOf(event)))
    .flatMap(({ tdur }) => tdur ?? []);
  if (times.length === 0) throw new Error('the trace has no tasks');
  return { result, milliseconds: times.reduce((most, time) => Math.max(most, time)) / 1000 };
}
