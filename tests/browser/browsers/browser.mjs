// What the tests ask of a browser. Each browser has a module beside this one that exports `launch`, which resolves with a
// `Browser`; all that is peculiar to it stays there. MESA_BROWSER names the one to test, Chromium unless it is set.

/**
 * What a browser, or what drives it, may be able to do. A test says what it needs, and is skipped where that is lacking.
 *
 * - `workers`: code can be run in the page's workers
 * - `early-scripts`: code can be run in the page before the page's own
 * - `requests`: what the page asks for is known, wherever it goes
 * - `console`: what is written to the console is known
 * - `looks`: colour schemes, forced colours and the like can be asked for
 * - `print`: the page can be laid out for paper
 * - `touch`: fingers can be pretended
 * - `no-script`: JavaScript can be switched off
 * - `processor-time`: how long the threads of tabs compute is known
 * - `task-times`: how long the tasks of a page's main thread compute is known
 * - `heap`: how much memory a page's objects take is known
 *
 * @typedef {'workers' | 'early-scripts' | 'requests' | 'console' | 'looks' | 'print' | 'touch' | 'no-script' |
 *   'processor-time' | 'task-times' | 'heap'} Ability
 */

/**
 * How a page is looked at. A browser without the ability ignores all but the size.
 *
 * @typedef {object} Look
 * @property {number} [width] in CSS pixels, like the height
 * @property {number} [height]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {'active' | 'none'} [forcedColors]
 * @property {'reduce' | 'no-preference'} [reducedMotion]
 * @property {boolean} [touch]
 * @property {boolean} [script] false: JavaScript is off
 */

/**
 * The part of Playwright's API that tests use; another driver implements it over its own. Of a page:
 * `setDefaultTimeout`, `goto`, `reload`, `url`, `evaluate`, `waitForFunction`, `locator`, `getByRole`, `getByText`,
 * `getByLabel`, `keyboard.press`, `keyboard.down`, `keyboard.up`, `mouse.move` and, with touch, `touchscreen.tap`. Of a
 * locator, besides finding others in it: `first`, `last`, `nth`, `and`, `filter`, `all`, `count`, `waitFor`, `click`,
 * `focus`, `check`, `uncheck`, `selectOption`, `textContent`, `allTextContents`, `getAttribute`, `boundingBox`,
 * `isVisible`, `evaluate`, `evaluateAll`, and of a frame `elementHandle` with `contentFrame`.
 *
 * @typedef {import('playwright-core').Page} Page
 */

/**
 * A tab of its own: nothing is shared with others, neither cache nor storage.
 *
 * @typedef {object} Tab
 * @property {Page} page blank at first
 * @property {string[]} complaints errors and warnings on the console, and errors that nobody caught
 * @property {string[]} requests the addresses that the page and its workers asked for, without where the test took the page
 * @property {(script: Function, argument?: unknown) => Promise<void>} runEarly `early-scripts`
 * @property {() => TabWorker[]} workers those that are alive: `workers`
 * @property {(look: Look & { media?: 'print' | 'screen' }) => Promise<void>} show changes how an open page is looked at
 * @property {<Result>(work: () => Promise<Result>) => Promise<{ result: Result, milliseconds: number }>} longestTask
 *   what `work` resolves with, and the most processor time that a task of the page's main thread took meanwhile:
 *   `task-times`
 * @property {() => Promise<number>} heapBytes what is left once the garbage is collected: `heap`
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} TabWorker
 * @property {string} url
 * @property {(script: Function, argument?: unknown) => Promise<unknown>} evaluate
 */

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {string} version
 * @property {ReadonlySet<Ability>} abilities
 * @property {(look?: Look) => Promise<Tab>} openTab
 * @property {<Result>(work: () => Promise<Result>) =>
 *   Promise<{ result: Result, milliseconds: number, elapsed: number }>} timeBusiestThread
 *   what `work` resolves with, the processor time meanwhile of the thread in some tab that computed most, and how long it
 *   took: `processor-time`
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Browser>} */
export async function launchBrowser(name = process.env.MESA_BROWSER ?? 'chromium') {
  const { launch } = await import(new URL(`${name}.mjs`, import.meta.url).href);
  return launch();
}
