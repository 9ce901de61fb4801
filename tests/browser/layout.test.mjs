import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test, waitForState, withPage } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function checkLayout(page) {
  const overflow = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const outside = [...document.querySelectorAll('main *, header *, footer *')].filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect();
      return own > 1 && (left < -0.5 || right > clientWidth + 0.5);
    });
    return { extra: scrollWidth - clientWidth, outside: outside.map((element) => element.outerHTML) };
  });
  assert.deepEqual(overflow, { extra: 0, outside: [] });
}

/** Of the whole page, or of the part that `selector` names. */
async function checkAccess(page, selector = 'html') {
  await page.evaluate(axe);
  const violations = await page.evaluate(async (part) => (await window.axe.run(part)).violations, selector);
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
  );
}

const widths = [320, 390, 820, 1440];

for (const [query, run] of [
  ['?steps=20', 'one layer'],
  ['?preset=notebook&steps=2&batch_size=8&evaluation_sequences=16', 'two layers of four heads'],
]) {
  for (const width of widths) {
    for (const colorScheme of ['light', 'dark']) {
      test(
        `${run} at ${width} px, ${colorScheme}: nothing overflows, and axe finds no fault`,
        { needs: ['looks'] },
        async () => {
          await withPage({ query, width, colorScheme }, async ({ page }) => {
            await waitForState(page, ({ phase, means }) => phase === 'finished' && means.zero !== undefined);
            await checkLayout(page);
            await checkAccess(page);
          });
        },
      );
    }
  }
}

/** So small that even what trains something takes but seconds. */
const small = 'steps=2&batch_size=8&evaluation_sequences=64&key_size=4&sequence_length=28';

for (const width of widths) {
  for (const colorScheme of ['light', 'dark']) {
    for (const query of [`?preset=linear-1&${small}`, `?preset=hybrid-mesa&${small}&width=16&heads=2`]) {
      test(
        `the views at ${width} px, ${colorScheme}, ${query}: nothing overflows, and axe finds no fault`,
        { needs: ['looks'], timeout: 120_000 },
        async (t) => {
          await withPage({ query, width, colorScheme }, async ({ page }) => {
            await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 2);
            for (const tab of (await page.getByRole('tab').all()).slice(1)) {
              const name = await tab.textContent();
              await tab.click();
              await t.test(name, async () => {
                if (!name.includes('not for this model')) await showFindings(page, name);
                await checkLayout(page);
                await checkAccess(page, '[data-part="take-apart"]');
              });
            }
          });
        },
      );
    }
  }
}

/** What takes long is ordered with such a button. */
const orders = { 'Prompt tuning': 'Tune a prompt', Linearise: 'Make each layer linear' };

/** Waits for the result, of what has to be ordered after ordering it. */
async function showFindings(page, tabName) {
  const panel = page.getByRole('tabpanel');
  if (tabName in orders) await panel.getByRole('button', { name: orders[tabName] }).click();
  await panel.locator('[data-part="standing"]', { hasText: /As of step|same at every step/ }).waitFor();
}

test('where JavaScript is off, the page says that it needs it', { needs: ['no-script'] }, async () => {
  await withPage({ script: false }, async ({ page }) => {
    const main = page.locator('main');
    await main.waitFor();
    const text = await main.evaluate((element) => element.innerText.trim());
    assert.equal(text, 'The laboratory needs JavaScript, which is switched off here.');
  });
});
