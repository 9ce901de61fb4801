// Gives every test a page of its own in Chromium.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { launchChromium, servePage } from './chromium.mjs';
import { timeBusiestThread } from './processor-time.mjs';

const server = await servePage();
export const { origin } = server;
const browser = await launchChromium();

// The first page of a new browser also waits for the browser. A visitor's is running.
const firstPage = await browser.newPage();
await firstPage.goto(`${origin}/favicon.svg`);
await firstPage.close();

const devtools = await browser.newBrowserCDPSession();
/** What `work` resolves with, and the processor time of the busiest thread meanwhile: see processor-time.mjs. */
export const timeInTab = (work) => timeBusiestThread(devtools, work);

after(async () => {
  await browser.close();
  await server.close();
});

/**
 * Opens the page and hands it to `use`, with `state()` for what window.mesaLab says. Afterwards the page must have
 * asked no other origin for anything and, unless `complaining` says that it may, have written no error or warning to
 * the console. `prepare` runs before navigation, on the blank page.
 */
export async function withPage(
  {
    query = '',
    path = `/${query}`,
    width = 1280,
    height = 900,
    colorScheme = 'light',
    complaining = false,
    prepare = async () => {},
  },
  use,
) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const complaints = [];
    const requests = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    context.on('request', (request) => {
      // Where a test takes the page is not what the page asks for.
      if (!request.isNavigationRequest() || request.frame().parentFrame()) requests.push(request.url());
    });

    await prepare(page);
    const response = await page.goto(origin + path, { waitUntil: 'commit' });
    await use({ page, response, state: () => page.evaluate(() => window.mesaLab.state()) });

    const foreign = requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url));
    assert.deepEqual(foreign, [], 'requests to other origins');
    if (!complaining) assert.deepEqual(complaints, [], 'errors and warnings on the console');
  } finally {
    await context.close();
  }
}

/** Waits until `predicate` holds of the state of the run, and returns that state. */
export async function waitForState(page, predicate, timeout = 20_000) {
  const end = performance.now() + timeout;
  for (;;) {
    const state = await page.evaluate(() => window.mesaLab?.state());
    if (state && predicate(state)) return state;
    if (performance.now() > end)
      assert.fail(`after ${timeout} ms ${predicate} does not hold of step ${state?.step}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
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
