// What is timed in tabs of one Chromium: the product's page, and workers of ours on an empty page. Every subject has
// a tab of its own, so that none disturbs another while it waits.

import { fileURLToPath } from 'node:url';
import { launch } from '../browser/browsers/chromium.mjs';
import { serve, servePage } from '../browser/server.mjs';

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
  const browser = await launch();
  const openTab = async (address, prepare = async () => {}) => {
    const tab = await browser.openTab();
    tab.page.setDefaultTimeout(patience);
    await prepare(tab);
    await tab.page.goto(address);
    return tab.page;
  };
  return {
    /** `prepare` gets the tab before it navigates. */
    openPage: (query, prepare) => openTab(`${product.origin}/?${new URLSearchParams(query)}`, prepare),
    openWorker: async (script, query) => {
      const page = await openTab(`${project.origin}/tests/bench/page.html`);
      await page.evaluate(startWorker, `${script}?${new URLSearchParams(query)}`);
      return page;
    },
    /** The busiest thread is the worker. */
    time: browser.timeBusiestThread,
    devtools: browser.devtools,
    version: browser.version,
    close: () => Promise.all([browser.close(), product.close(), project.close()]),
  };
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
