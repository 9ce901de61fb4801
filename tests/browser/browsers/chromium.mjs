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
