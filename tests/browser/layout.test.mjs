import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { waitForState, withPage } from './harness.mjs';

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

for (const [query, run] of [
  ['?steps=20', 'one layer'],
  ['?preset=notebook&steps=2&batch_size=8&evaluation_sequences=16', 'two layers of four heads'],
]) {
  for (const width of [390, 820, 1440]) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${run} at ${width} px, ${colorScheme}: nothing overflows, and axe finds no fault`, async () => {
        await withPage({ query, width, colorScheme }, async ({ page }) => {
          await waitForState(
            page,
            ({ running, step, means }) => !running && step > 0 && means.zero !== undefined,
          );
          await checkLayout(page);
          await checkAccess(page);
        });
      });
    }
  }
}

/** So small that even what trains something takes but seconds. */
const small = 'steps=2&batch_size=8&evaluation_sequences=64&key_size=4&sequence_length=28';

for (const width of [390, 820, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the views at ${width} px, ${colorScheme}: nothing overflows, and axe finds no fault`, async (t) => {
      for (const query of [`?preset=linear-1&${small}`, `?preset=hybrid-mesa&${small}&width=16&heads=2`]) {
        await withPage({ query, width, colorScheme }, async ({ page }) => {
          await waitForState(page, ({ running, step }) => !running && step === 2);
          const tabs = await page.getByRole('tab').all();
          for (const tab of tabs.slice(1)) {
            const name = await tab.textContent();
            await tab.click();
            await t.test(`${name}, ${query}`, async () => {
              if (!name.includes('not for this model')) await showFindings(page);
              await checkLayout(page);
              await checkAccess(page, '.take-apart');
            });
          }
        });
      }
    });
  }
}

async function showFindings(page) {
  const order = page.locator('.order button');
  await page.locator('.standing, .order').first().waitFor();
  if (await order.count()) await order.click();
  await page.locator('.standing', { hasText: /As of step|same at every step/ }).waitFor();
}

test('where JavaScript is off, the page says that it needs it', async () => {
  await withPage({}, async ({ response }) => {
    assert.match(await response.text(), /<noscript>.*needs JavaScript.*<\/noscript>/s);
  });
});
