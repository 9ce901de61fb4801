// Fingers, paper, translators, narrow frames, the reader's own colours and large text.

import assert from 'node:assert/strict';
import { alertOf, assertSensible, chooseRun, playOf } from './cases.mjs';
import { test, waitForStable, waitForState, waitUntil, withPage } from './harness.mjs';

const finished = ({ phase, means }) => phase === 'finished' && means.zero !== undefined;
const ended = '?steps=40';

test('a tap on a chart reads it, and the values stay until the next tap', { needs: ['touch'] }, async () => {
  await withPage({ query: ended, touch: true }, async ({ page }) => {
    await waitForState(page, finished);
    const chart = page.locator('[data-part="chart"]').first();
    const place = chart.locator('[data-part="legend-place"]');
    const frame = chart.locator('[data-part="chart-frame"]');
    const before = await place.textContent();
    const tap = async (share) => {
      await frame.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await frame.boundingBox();
      await page.touchscreen.tap(x + share * width, y + height / 2);
    };
    await tap(0.4);
    const first = await waitUntil(
      () => place.textContent(),
      (text) => text !== before,
    );
    assert.equal(await waitForStable(() => place.textContent()), first);
    await tap(0.7);
    await waitUntil(
      () => place.textContent(),
      (text) => text !== first,
    );
  });
});

test(
  'a tap on a heat map reads it, and the value stays until the next tap',
  { needs: ['touch'] },
  async () => {
    await withPage({ query: ended, touch: true }, async ({ page }) => {
      await waitForState(page, finished);
      const map = page.locator('[data-part="heat-map"]').first();
      const cell = map.getByRole('gridcell');
      const tap = async (share) => {
        await map.scrollIntoViewIfNeeded();
        const { x, y, width, height } = await map.boundingBox();
        await page.touchscreen.tap(x + share * width, y + share * height);
      };
      await tap(0.45);
      const name = () =>
        cell.first().evaluate((element) => element.getAttribute('aria-label') ?? element.textContent);
      const first = await waitUntil(name, (text) => /\d/.test(text));
      await page.waitForTimeout(400);
      assert.equal(await name(), first);
      await tap(0.65);
      await waitUntil(name, (text) => text !== first);
    });
  },
);

test('a sheet of paper says which run it shows', { needs: ['print'] }, async () => {
  const query = '?preset=linear-2&learning_rate=0.002&seed=7&steps=40';
  await withPage({ query }, async ({ tab, page }) => {
    await waitForState(page, finished);
    await tab.show({ media: 'print' });
    const sheet = page.locator('[data-part="run-sheet"]');
    await sheet.waitFor();
    const text = await sheet.textContent();
    for (const named of ['linear-2', 'learning_rate=0.002', 'seed=7']) assert.ok(text.includes(named), text);
    for (const button of await page.getByRole('button').all()) assert.equal(await button.isVisible(), false);
  });
});

test('a run is printed on few sheets', { needs: ['print'] }, async (t) => {
  await withPage({ query: ended }, async ({ page }) => {
    await waitForState(page, finished);
    const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
    const sheets = paper.match(/\/Type\s*\/Page\b/g).length;
    t.diagnostic(`${sheets} sheets`);
    assert.ok(sheets <= 3, `${sheets} sheets`);
  });
});

/** What browsers do that translate a page: text nodes give way to others, inside elements of their own. */
const translate = () => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement.closest('[translate="no"], script, style')) continue;
    const outer = document.createElement('font');
    const inner = document.createElement('font');
    inner.textContent = text.data;
    outer.append(inner);
    text.replaceWith(outer);
  }
};

test('a page that a browser has translated lives on', { timeout: 120_000 }, async () => {
  await withPage({ query: '?steps=1000000&view=compress' }, async ({ page }) => {
    await waitForState(page, ({ step, means }) => step > 20 && means.zero !== undefined);
    await page.getByRole('tabpanel').locator('[data-part="chart"]').first().waitFor();
    await page.evaluate(translate);

    const numbers = page.locator('[data-part="run-numbers"]');
    const shown = await numbers.textContent();
    await waitUntil(
      () => numbers.textContent(),
      (text) => text !== shown,
    );
    const legend = page.locator('[data-part="legend-entry"][data-series="model"]').first();
    const value = await legend.textContent();
    await waitUntil(
      () => legend.textContent(),
      (text) => text !== value,
    );
    await page.getByRole('button', { name: 'Pause' }).click();
    await waitUntil(
      () => playOf(page).textContent(),
      (text) => text === 'Play',
    );
    await page.evaluate(translate);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await page.evaluate(translate);
    }
    await chooseRun(page, 'softmax-2/quick');
    await waitForState(page, ({ preset, step }) => preset === 'softmax-2' && step > 0);
    await page.evaluate(translate);
    // A notice comes, is translated, and goes.
    await chooseRun(page, 'linear-1/quick');
    await waitForState(page, ({ preset, step }) => preset === 'linear-1' && step > 0);
    await assertSensible(page);
  });
});

test('a notice that was translated goes with its problem', async () => {
  await withPage(
    { query: '?learning_rate=100&gradient_limit=1e12&initial_scale=10&residual_limit=0' },
    async ({ page }) => {
      await alertOf(page).getByText('Training went astray and was stopped').waitFor();
      await page.evaluate(translate);
      await alertOf(page).getByRole('button').last().click();
      await waitUntil(
        () => alertOf(page).count(),
        (count) => count === 0,
      );
      await waitForState(page, ({ step, problem }) => step > 0 && problem === undefined);
    },
  );
});

const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const view of ['weights', 'compress', 'fit', 'probe', 'attention', 'few-shot', 'kernel']) {
  test(`view=${view} needs no sideways scrolling at 320 px, nor with text of 200% at 390 px`, async () => {
    const query = `?view=${view}&steps=40&evaluation_sequences=128`;
    await withPage({ query, width: 320 }, async ({ tab, page }) => {
      await waitForState(page, finished);
      await page
        .getByRole('tabpanel')
        .locator('[data-part="chart"], [data-part="heat-map"], table')
        .first()
        .waitFor();
      assert.ok((await overflow(page)) <= 0, '320 px');
      await tab.show({ width: 390, height: 900 });
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      await waitUntil(
        () => overflow(page),
        (pixels) => pixels <= 0,
        { name: 'fitting' },
      );
    });
  });
}

test(
  'in forced colours bars are seen, and the chosen tab differs from others',
  { needs: ['looks'], timeout: 120_000 },
  async () => {
    const query =
      '?preset=softmax-1&view=linearise&steps=4&sequence_length=4&observation_size=1&evaluation_sequences=80';
    await withPage({ query, forcedColors: 'active' }, async ({ page }) => {
      await waitForState(page, finished);
      const look = (element) => {
        const { borderBottomColor, backgroundColor, color, outlineColor, boxShadow, borderBottomWidth } =
          getComputedStyle(element);
        return JSON.stringify([
          borderBottomColor,
          backgroundColor,
          color,
          outlineColor,
          boxShadow,
          borderBottomWidth,
        ]);
      };
      const chosen = await page.getByRole('tab', { selected: true }).evaluate(look);
      const other = await page.getByRole('tab', { selected: false }).first().evaluate(look);
      assert.notEqual(chosen, other);
      const bars = () =>
        page.getByRole('cell').evaluateAll((cells) => {
          const ground = getComputedStyle(document.body).backgroundColor;
          return cells.filter((cell) => {
            const { content, width, backgroundColor, borderBottomColor, borderBottomWidth } =
              getComputedStyle(cell, '::before');
            const seen = (color) => color !== 'rgba(0, 0, 0, 0)' && color !== ground;
            const underlined = parseFloat(borderBottomWidth) > 0 && seen(borderBottomColor);
            return content !== 'none' && parseFloat(width) > 1 && (seen(backgroundColor) || underlined);
          }).length;
        });
      await page.getByRole('tabpanel').getByRole('button').click();
      await waitUntil(bars, (count) => count > 0, { name: 'having bars', timeout: 60_000 });
    });
  },
);
