// How quick a figure is among others. The machine may have other work, so what is compared takes turns.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildTestPage } from './fixtures/build.mjs';
import { test, waitUntil, withPage } from './harness.mjs';

const { path, faults } = await buildTestPage('many-figures');

const others = [
  'linear-2',
  'softmax-1',
  'mesa-1',
  'linear-4',
  'softmax-2',
  'contracting-linear-1',
  'fixed-linear-1',
];
const rounds = 5;
const milliseconds = 3000;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

test(
  'among seven others that want to train, the figure in use has nine tenths of its speed alone',
  { timeout: 240_000 },
  async (t) => {
    await withPage({ path, faults, height: 8000 }, async ({ page }) => {
      await page.waitForFunction(() => window.manyFigures);
      const settings = { steps: '10000000', evaluation_interval: '50' };
      await page.evaluate((given) => {
        window.manyFigures.add('used', { settings: given, workers: 2 });
        window.manyFigures.use('used');
      }, settings);
      const stateOf = () => page.evaluate(() => window.mesaLab.figure('used').state());
      await waitUntil(stateOf, ({ workers, means }) => workers === 2 && means.zero !== undefined);

      const measure = async () => {
        await waitUntil(stateOf, ({ workers }) => workers === 2);
        const before = { step: (await stateOf()).step, time: performance.now() };
        await sleep(milliseconds);
        const after = { step: (await stateOf()).step, time: performance.now() };
        return (1000 * (after.step - before.step)) / (after.time - before.time);
      };
      const speeds = { alone: [], among: [] };
      for (let round = 0; round < rounds; round += 1) {
        speeds.alone.push(await measure());
        await page.evaluate(
          ([presets, given]) =>
            presets.forEach((preset) => window.manyFigures.add(preset, { preset, settings: given })),
          [others, settings],
        );
        speeds.among.push(await measure());
        await page.evaluate((ids) => Promise.all(ids.map((id) => window.manyFigures.dispose(id))), others);
      }
      // Neighbours in time have had the same machine.
      const shares = speeds.among.map((speed, round) => speed / speeds.alone[round]);
      const rounded = (values) => values.map((value) => value.toPrecision(3)).join(', ');
      t.diagnostic(`steps/s ${rounded(speeds.alone)} alone, ${rounded(speeds.among)} among others`);
      assert.ok(median(shares) > 0.9, `shares ${rounded(shares)}`);
    });
  },
);
