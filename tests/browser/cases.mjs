// What the tests of cases share: workers that stall, texts that must not be on a page, and numbers that a seed decides.

import assert from 'node:assert/strict';
import { prepend } from './server.mjs';

/** In front of the worker's script: a message `{ stall }` keeps it from everything else for so many milliseconds. */
const stalls = `addEventListener('message', (event) => {
  const milliseconds = event.data?.stall;
  if (milliseconds === undefined) return;
  event.stopImmediatePropagation();
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
})`;

export const isWorkerScript = (path) => path.includes('/engine-worker');

/** A fault of server.mjs: workers can be stalled. It takes a page with `watchEngines`. */
export const stallable = (path) => isWorkerScript(path) && prepend(stalls);

/** Stalls one of the engine workers with this duty, the `choice`-th in turn; says whether there is one. */
export const stallEngine = (page, duty, milliseconds, choice = 0) =>
  page.evaluate(
    ([wanted, stall, index]) => {
      const engines = window.engines.filter((one) => one.duty === wanted);
      engines[index % engines.length]?.postMessage({ stall });
      return engines.length > 0;
    },
    [duty, milliseconds, choice],
  );

/** Texts and attributes that show what is no number, or what is not there. */
export const findNonsense = (page) =>
  page.evaluate(() => {
    const wrong = /\b(NaN|undefined|null)\b|Infinity|\[object/;
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (wrong.test(value)) found.push(`<${element.tagName} ${name}="${value}">`);
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && wrong.test(node.data)) found.push(node.data);
      }
    }
    return found;
  });

export async function assertSensible(page) {
  assert.deepEqual(await findNonsense(page), [], 'texts and attributes without sense');
}

export const alertOf = (page) => page.getByRole('alert').filter({ visible: true });
export const playOf = (page) => page.getByRole('button', { name: /^(Play|Pause|Train on)$/ });
export const chooseRun = (page, value) => page.getByLabel('Run', { exact: true }).selectOption(value);

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
