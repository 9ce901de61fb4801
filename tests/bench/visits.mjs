// Times what a visitor waits for. Each visit is a new tab, and nothing else runs meanwhile.

import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { moduleNames } from '../engines/load-module.mjs';

/** The visits, each timed up to the first step or the first held-out loss below a bound. */
const visits = [
  { key: 'visit/first step', query: {} },
  { key: 'visit/linear-1 below 0.90', query: {}, loss: 0.9 },
  { key: 'visit/linear-6 below 0.225', query: { preset: 'linear-6' }, loss: 0.225 },
];
const patience = 120_000;

/** In the page, before anything else: notes when that happens, in milliseconds since navigation. */
function keepTimes(loss) {
  window.longestTask = 0;
  window.reached = new Promise((resolve) => {
    window.addEventListener('mesa-progress', ({ detail }) => {
      if (loss === undefined ? detail.step > 0 : detail.loss < loss) resolve(performance.now());
    });
  });
  new PerformanceObserver((list) => {
    // Loading the page does not count.
    const late = list.getEntries().filter(({ startTime }) => startTime > 1000);
    window.longestTask = Math.max(window.longestTask, ...late.map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
}

/** One subject for each visit: [key, milliseconds], and the longest task of the page's main thread, 0 below 50 ms. */
export function visitSubjects(browser) {
  return visits.map(({ key, query, loss }) => async () => {
    const page = await browser.openPage(query, (tab) => tab.runEarly(keepTimes, loss));
    try {
      await page.bringToFront();
      page.setDefaultTimeout(patience);
      const milliseconds = await page.evaluate(() => window.reached);
      const longestTask = await page.evaluate(() => window.longestTask);
      return [
        [key, milliseconds],
        [`task/${key}`, longestTask],
      ];
    } finally {
      await page.context().close();
    }
  });
}

/** [key, bytes] of each module as a server sends it. */
export const moduleSizes = (folder) =>
  moduleNames.map((name) => [
    `bytes/${name}`,
    gzipSync(readFileSync(`${folder}/mesa-${name}.wasm`), { level: 9 }).length,
  ]);
