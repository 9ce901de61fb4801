// What is timed in tabs of one Chromium: the product's page, and workers of ours on an empty page. Every subject has
// a tab of its own, so that none disturbs another while it waits.

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium, serve, servePage } from '../browser/chromium.mjs';

/** Longer than any subject takes to get ready. */
const patience = 120_000;

/** Both servers and the browser: opens tabs, and tells how long it computes. */
export async function startBrowser() {
  const product = await servePage();
  // All of the project: workers here read modules, fixtures and npm packages.
  const project = await serve({
    root: fileURLToPath(new URL('../../', import.meta.url)),
    configFile: false,
    appType: 'mpa',
    build: { outDir: '.' },
    logLevel: 'error', // it warns of building into that folder, which nobody does
  });
  const browser = await launchChromium();
  const openTab = async (address, prepare = async () => {}) => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(patience);
    await prepare(page);
    await page.goto(address);
    return page;
  };
  const devtools = await browser.newBrowserCDPSession();
  return {
    /** `prepare` gets the tab before it navigates. */
    openPage: (query, prepare) => openTab(`${product.origin}/?${new URLSearchParams(query)}`, prepare),
    openWorker: async (script, query) => {
      const page = await openTab(`${project.origin}/tests/bench/page.html`);
      await page.evaluate(startWorker, `${script}?${new URLSearchParams(query)}`);
      return page;
    },
    /**
     * What `work` resolves with, how long it took, and the processor time of the thread in some tab that computed most,
     * which is the worker: on a busy machine that leaves out what was spent waiting for a turn.
     */
    time: async (work) => {
      const before = await threadTimes(devtools);
      const start = performance.now();
      const result = await work();
      const elapsed = performance.now() - start;
      const after = await threadTimes(devtools);
      const spent = [...after].map(([thread, milliseconds]) => milliseconds - (before.get(thread) ?? 0));
      return { result, milliseconds: Math.max(...spent), elapsed };
    },
    version: browser.version(),
    close: () => Promise.all([browser.close(), product.close(), project.close()]),
  };
}

/** The processor time so far of each thread of the tabs, in milliseconds: as Linux counts it, in its /proc. */
async function threadTimes(devtools) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const times = new Map();
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    for (const thread of await readdir(`/proc/${id}/task`)) {
      // A thread may have ended meanwhile. The first number is nanoseconds.
      const counters = await readFile(`/proc/${id}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      times.set(thread, 1e-6 * Number.parseInt(counters));
    }
  }
  return times;
}

/** In the page: starts a worker, and waits until it says that it is ready. `window.ask` is then a question to it. */
function startWorker(script) {
  const worker = new Worker(script, { type: 'module' });
  const answer = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message ?? `${script} does not load`));
    });
  window.ask = (question) => {
    worker.postMessage(question);
    return answer();
  };
  return answer();
}

/** What the worker of a tab answers. */
export async function ask(page, question) {
  await page.bringToFront();
  return page.evaluate((given) => window.ask(given), question);
}
