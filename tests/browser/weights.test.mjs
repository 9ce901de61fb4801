import assert from 'node:assert/strict';
import { test, waitForState, waitUntil, withPausedPage } from './harness.mjs';

/**
 * For each heat map, how far the colours of each of its 4 x 4 blocks' diagonals are from that of zero, on average, and
 * the same for all entries off these diagonals.
 */
const readMaps = (page) =>
  page.evaluate(() => {
    const pixels = (canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      return copy.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    const bar = pixels(document.querySelector('[data-part="color-bar"] canvas'));
    const middle = 4 * Math.floor(bar.length / 8);
    const zero = bar.slice(middle, middle + 4);
    return [...document.querySelectorAll('[data-part="heat-map"] canvas')].map((canvas) => {
      const data = pixels(canvas);
      const distance = (row, column) => {
        const start = 4 * (row * canvas.width + column);
        return [0, 1, 2].reduce((sum, channel) => sum + Math.abs(data[start + channel] - zero[channel]), 0);
      };
      const size = canvas.width / 4;
      const sums = Array.from({ length: 16 }, () => 0);
      let rest = 0;
      for (let row = 0; row < canvas.width; row += 1) {
        for (let column = 0; column < canvas.width; column += 1) {
          const block = 4 * Math.floor(row / size) + Math.floor(column / size);
          if (row % size === column % size) sums[block] += distance(row, column) / size;
          else rest += distance(row, column) / (canvas.width * (canvas.width - 4));
        }
      }
      return { diagonals: sums, rest };
    });
  });

const queryState = 2; // blocks of rows and columns: prediction, unused, s_t, s_t-1
const blockIndex = (row, column) => 4 * row + column;

test('the weight products turn from noise into the blocks of Proposition 1', async (t) => {
  await withPausedPage({}, async ({ page }) => {
    const noise = await readMaps(page);
    assert.equal(noise.length, 4, 'two products of two heads');
    for (const { diagonals, rest } of noise) {
      assert.ok(rest > 20, 'noise in colour at step 0');
      assert.ok(Math.max(...diagonals) < 3 * rest, 'no diagonal stands out at step 0');
    }

    await page.evaluate(() => window.mesaLab.step(250));
    const maps = await readMaps(page);
    const expected = [
      blockIndex(queryState, 3),
      blockIndex(queryState, 3),
      blockIndex(queryState, 0),
      blockIndex(queryState, 0),
    ];
    for (const [index, { diagonals, rest }] of maps.entries()) {
      t.diagnostic(`map ${index + 1}: ${diagonals[expected[index]].toFixed(0)} against ${rest.toFixed(1)}`);
      assert.equal(diagonals.indexOf(Math.max(...diagonals)), expected[index]);
      assert.ok(diagonals[expected[index]] > 8 * rest, 'the outlined diagonal stands out');
    }
    const shares = await page.locator('[data-part="map-figure"]').allTextContents();
    assert.equal(shares.length, 4);
    for (const share of shares) assert.ok(parseInt(share, 10) > 60, shares.join());
  });
});

test('an entry is read with the arrow keys', async () => {
  await withPausedPage({}, async ({ page }) => {
    await page.evaluate(() => window.mesaLab.step(100));
    const map = page.getByRole('grid', { name: /^Head 2, value–output product/ });
    await map.locator('[tabindex="0"]').focus();
    for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowDown');
    const look = page.locator('[data-part="look"]').last();
    const [, entry] = (await look.textContent()).match(
      /^Head 2: value st \[1\], output pred\. \[1\]: (0\.\d+)$/,
    );
    const spoken = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(spoken, `head 2, value s_t 1, output prediction 1: ${entry}`);
    await page.keyboard.press('Escape');
    assert.match(await look.textContent(), /^Point at/);
  });
});

test('a model of several layers shows the heads of the chosen one', async () => {
  // At step 0, where the scales of the two layers are known to differ in the digits that are shown.
  const query = '?preset=notebook&batch_size=16&evaluation_sequences=32';
  await withPausedPage({ query }, async ({ page }) => {
    const maps = page.locator('[data-part="heat-map"]');
    assert.equal(await maps.count(), 8, 'two products of four heads');
    const scale = page.locator('[data-part="color-bar"]').first();
    const first = await scale.textContent();
    await page.getByRole('radio', { name: '2' }).check();
    await waitUntil(
      () => scale.textContent(),
      (second) => second !== first,
      { name: 'another scale' },
    );
    assert.equal(await page.locator('[data-part="outline"]').count(), 0, 'Proposition 1 speaks of one layer');

    await page.getByRole('combobox', { name: 'Run' }).selectOption('linear-1/quick');
    await waitForState(page, ({ preset, step }) => preset === 'linear-1' && step > 0);
    assert.equal(await maps.count(), 4);
    assert.doesNotMatch(await scale.textContent(), /−00\+0$/, 'the only layer shows after the second of two');
  });
});
