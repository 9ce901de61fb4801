// Opens tabs of one Chromium for timing: the product's page, and our workers on an empty page. Every subject
// has its own tab, so that none disturbs another.

import { fileURLToPath } from 'node:url';
import { launch } from '../browser/browsers/chromium.mjs';
import { serve, servePage } from '../browser/server.mjs';

/** More milliseconds than any subject takes to get ready. */
const patience = 120_000;

/** Starts both servers and the browser, to open tabs and measure how long they compute. */
export async function startBrowser() {
  const product = await servePage();
  // Serves the whole project, as workers here read modules, fixtures and npm packages.
  const project = await serve({
    root: fileURLToPath(new URL('../../', import.meta.url)),
    configFile: false,
    appType: 'mpa',
    build: { outDir: '.' },
    logLevel: 'error', // it would warn of builds into that folder, which never happen
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

/** In the page: starts a worker and waits until it is ready. `window.ask` then sends it a question. */
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

/** The answer of a tab's worker. */
export async function ask(page, question) {
  await page.bringToFront();
  return page.evaluate((given) => window.ask(given), question);
}
