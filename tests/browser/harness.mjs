// Gives every test a page of its own, in the browser that is tested.

import assert from 'node:assert/strict';
import { after, test as testInNode } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { launchBrowser } from './browsers/browser.mjs';
import { servePage } from './server.mjs';

const server = await servePage();
export const { origin } = server;
export const browser = await launchBrowser();

// The first page of a new browser also waits for the browser. A visitor's is running.
const firstTab = await browser.openTab();
await firstTab.page.goto(`${origin}/favicon.svg`);
await firstTab.close();

const openTabs = new Set();
const closeTabs = () => Promise.all([...openTabs].map((tab) => tab.close()));

after(async () => {
  await browser.close();
  await server.close();
});

/** For a busy machine: a test that waits so long waits for something that does not come. */
const usualTimeout = 60_000;
/** Within which a state, or an element, is there. */
const patience = 20_000;
const pollMilliseconds = 50;

/**
 * A test of Node's, `test(name, options?, body)`, that always has a time-out. What the browser lacks of `needs`, which are
 * abilities of browsers/browser.mjs, is the reason to skip it.
 */
export function test(name, ...rest) {
  const body = rest.pop();
  const [{ needs = [], timeout = usualTimeout } = {}] = rest;
  const lacking = needs.filter((ability) => !browser.abilities.has(ability));
  const skip = lacking.length > 0 && `not in ${browser.name}, which lacks ${lacking.join(', ')}`;
  testInNode(name, { timeout, skip }, async (t) => {
    // One that is given up lets go of its pages, and with them of what it waits for.
    t.signal.addEventListener('abort', closeTabs);
    await body(t);
  });
}

/**
 * Opens the page and hands it to `use`: the `tab`, its `page`, and `state()` for what window.mesaLab says. Afterwards the
 * page must have asked no other origin for anything and, unless `complaining` says that it may, have written no error or
 * warning to the console. `prepare` is given the tab before it navigates; `faults` are those of server.mjs; `look` is that
 * of browsers/browser.mjs.
 */
export async function withPage(options, use) {
  const { query = '', path = `/${query}`, complaining = false, faults = [], prepare, ...look } = options;
  const releases = faults.map((fault) => server.disturb(fault));
  const tab = await browser.openTab(look);
  openTabs.add(tab);
  try {
    const { page } = tab;
    page.setDefaultTimeout(patience);
    await prepare?.(tab);
    await page.goto(origin + path, { waitUntil: 'commit' });
    await use({ tab, page, state: () => page.evaluate(() => window.mesaLab.state()) });

    const foreign = tab.requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url));
    assert.deepEqual(foreign, [], 'requests to other origins');
    if (!complaining) assert.deepEqual(tab.complaints, [], 'errors and warnings on the console');
  } finally {
    openTabs.delete(tab);
    await tab.close();
    for (const release of releases) release();
  }
}

/** Opens a page that is paused at step 0, where a test can count steps. */
export function withPausedPage(options, use) {
  return withPage(options, async (tools) => {
    await waitForState(tools.page, (state) => state.means.zero !== undefined);
    await tools.page.evaluate(() => window.mesaLab.reset());
    await use(tools);
  });
}

/** Asks `read` until `holds` is true of what it answers, and returns that; `name` says what was waited for. */
export async function waitUntil(read, holds, { timeout = patience, name = String(holds) } = {}) {
  const end = performance.now() + timeout;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > end) {
      assert.fail(`after ${timeout} ms ${name} does not hold of ${JSON.stringify(value)?.slice(0, 2000)}`);
    }
    await sleep(pollMilliseconds);
  }
}

/** Waits until `predicate` holds of the state of the run, and returns that state. */
export const waitForState = (page, predicate, timeout = patience) =>
  waitUntil(
    () => page.evaluate(() => window.mesaLab?.state()),
    (state) => state !== undefined && predicate(state),
    { timeout, name: String(predicate) },
  );

/** So long what is still going on changes something, on a busy machine too. */
const stableMilliseconds = 500;

/** Asks `read` until it has answered the same for a while, and returns that answer. */
export async function waitForStable(read, { timeout = patience } = {}) {
  let last = await read();
  let since = performance.now();
  return waitUntil(
    async () => {
      const value = await read();
      if (!isDeepStrictEqual(value, last)) since = performance.now();
      last = value;
      return value;
    },
    () => performance.now() - since >= stableMilliseconds,
    { timeout, name: 'staying the same' },
  );
}

/** For `prepare`: has the page keep account of its engine workers, for the functions below. Needs `early-scripts`. */
export const watchEngines = (tab) => tab.runEarly(keepEngines);

function keepEngines() {
  const duties = { open: 'train', assist: 'assist', references: 'measure', analyze: 'analyse', rest: 'rest' };
  window.engines = [];
  window.Worker = class extends Worker {
    constructor(url, options) {
      super(url, options);
      this.duty = 'rest';
      window.engines.push(this);
    }
    postMessage(message, given) {
      this.duty = duties[message.name] ?? this.duty;
      super.postMessage(message, given);
    }
    terminate() {
      window.engines = window.engines.filter((engine) => engine !== this);
      super.terminate();
    }
  };
}

/** What each engine worker that the page has was told last: to `train`, `assist`, `measure`, `analyse` or `rest`. */
export const engineDuties = (page) => page.evaluate(() => window.engines.map(({ duty }) => duty));

/** Stops an engine worker with this duty behind the page's back: it throws an error, or falls `silent`. */
export async function stopEngine(page, duty, how) {
  const found = await page.evaluate(
    ([wanted, silently]) => {
      const engine = window.engines.find((one) => one.duty === wanted);
      const inherited = Object.getPrototypeOf(window.Worker).prototype;
      if (silently) inherited.terminate.call(engine);
      // No command at all is more than the worker can take.
      else inherited.postMessage.call(engine, null);
      return engine !== undefined;
    },
    [duty, how === 'silent'],
  );
  assert.ok(found, `no engine was told to ${duty}`);
}
