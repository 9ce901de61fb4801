// What a run costs does not grow with it, and however busy it is, it hears what it is told.

import assert from 'node:assert/strict';
import { assertSensible, playOf } from './cases.mjs';
import { test, waitForState, withPage } from './harness.mjs';

/** MESA_LONG_RUN=1000000 trains for a quarter of an hour or so. */
const longRun = Number(process.env.MESA_LONG_RUN ?? 30_000);

test(
  `${longRun} steps of a tiny model: the last tenth is as quick as the second, and memory stays`,
  { needs: ['heap'], timeout: 120_000 + longRun * 3 },
  async (t) => {
    const query = `?batch_size=1&sequence_length=2&evaluation_interval=1&evaluation_sequences=1&steps=${longRun}&workers=1`;
    await withPage({ query, complaining: true }, async ({ tab, page }) => {
      const tenth = longRun / 10;
      const marks = [];
      const heaps = [];
      const answers = [];
      for (let share = 1; share <= 10; share += 1) {
        const { step } = await waitForState(page, (now) => now.step >= share * tenth, 60_000 + longRun);
        marks.push({ step, time: performance.now() });
        if (share > 1) heaps.push(await tab.heapBytes());
        const asked = performance.now();
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        answers.push(performance.now() - asked);
      }
      const rate = (from, to) => (1000 * (to.step - from.step)) / (to.time - from.time);
      const second = rate(marks[0], marks[1]);
      const last = rate(marks[8], marks[9]);
      t.diagnostic(
        `steps/s ${second.toFixed(0)} in the second tenth, ${last.toFixed(0)} in the last; heap in MB ` +
          `${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')}; frames after ms ${answers.map(Math.round).join(' ')}`,
      );
      assert.ok(heaps.at(-1) < 1.05 * heaps[0] + 1e6, 'the heap grows');
      assert.ok(Math.max(...answers) < 1000, 'the page does not answer');
      const { history } = await waitForState(page, ({ phase }) => phase === 'finished');
      assert.ok(history.step.length <= 2000);
      assert.ok(last > (longRun < 1e6 ? 0.7 : 0.95) * second, 'it gets slower');
      await assertSensible(page);
    });
  },
);

for (const query of [
  '?evaluation_sequences=65536&sequence_length=1024&observation_size=64',
  '?preset=notebook&batch_size=65536&workers=1',
]) {
  test(`${query} hears Pause and another run at once`, async () => {
    await withPage({ query }, async ({ page }) => {
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await waitForState(page, ({ running }) => running);
      assert.equal(await playOf(page).textContent(), 'Pause');
      await page.getByRole('button', { name: 'Pause' }).click();
      // What it pauses at is still to be measured, which is slow: the button and the state do not wait for it.
      await waitForState(page, ({ running }) => !running, 3000);
      assert.equal(await playOf(page).textContent(), 'Play');
      await page.getByRole('button', { name: 'Play' }).click();
      await waitForState(page, ({ running }) => running, 3000);
      await page.getByLabel('Run', { exact: true }).selectOption('softmax-2/quick');
      await waitForState(page, ({ preset, step }) => preset === 'softmax-2' && step > 0, 5000);
    });
  });
}

test('speeds below one a second and the time that is left are shown', { timeout: 120_000 }, async () => {
  const query = '?preset=notebook&batch_size=32768&evaluation_sequences=16&workers=1';
  await withPage({ query }, async ({ page }) => {
    const numbers = page.locator('[data-part="run-numbers"]');
    await waitForState(page, ({ step }) => step >= 3, 60_000);
    await page.waitForFunction(() =>
      /Speed\s*0\.\d/.test(document.querySelector('[data-part="run-numbers"]').textContent),
    );
    assert.doesNotMatch(await numbers.textContent(), /Time left\s*–/);
  });
});

for (const key of ['r', 'n']) {
  test(`${key} held down acts once, and Pause is obeyed at once`, async () => {
    await withPage({ query: '?preset=transformer-7' }, async ({ page }) => {
      await waitForState(page, ({ step }) => step > 0, 40_000);
      const before = await page.evaluate(() => window.mesaLab.state().seed);
      // As keyboards do: the second press and all after it are repeats.
      await page.keyboard.down(key);
      for (let time = 0; time < 100; time += 1) await page.keyboard.down(key);
      await page.keyboard.up(key);
      const asked = performance.now();
      const { running, seed } = await page.evaluate(() => window.mesaLab.pause());
      assert.ok(performance.now() - asked < 10_000);
      assert.equal(running, false);
      assert.equal(seed === before, key === 'r');
    });
  });

  test(`${key} pressed thirty times leaves one order, and Pause is obeyed`, async () => {
    await withPage({ query: '?preset=transformer-7' }, async ({ page }) => {
      await waitForState(page, ({ step }) => step > 0, 40_000);
      for (let time = 0; time < 30; time += 1) await page.keyboard.press(key);
      const asked = performance.now();
      const { running, step } = await page.evaluate(() => window.mesaLab.pause());
      assert.ok(performance.now() - asked < 10_000);
      assert.deepEqual([running, step < 5], [false, true]);
    });
  });
}
