// However many members share the steps of a run, and however they stall and die, the bits are the same.

import assert from 'node:assert/strict';
import { randomNumbers, stallable, stallEngine } from './cases.mjs';
import { stopEngine, test, waitForState, watchEngines, withPage } from './harness.mjs';

/** What is drawn of the disturbances. */
const seed = Number(process.env.MESA_SEED ?? 0);
const steps = 60;
const tiny = 'batch_size=24&evaluation_sequences=16&evaluation_interval=20&steps=100000&engine=simd128';

const runs = {
  'linear-1': '',
  'hybrid-mesa': 'sequence_length=10',
  'nonlinear-transformer-7': 'sequence_length=8',
};

/** The parameters and losses after 60 steps with `workers` members; `random` disturbs them meanwhile. */
async function train(preset, workers, random) {
  const query = `?preset=${preset}&${runs[preset]}&${tiny}&workers=${workers}&start=click`;
  const faults = [stallable];
  let outcome;
  await withPage({ query, faults, prepare: watchEngines, complaining: true }, async ({ page }) => {
    await waitForState(page, ({ phase }) => phase === 'idle');
    await page.evaluate(() => window.mesaLab.play());
    await waitForState(page, (now) => now.workers === workers, 40_000);
    await page.evaluate(() => window.mesaLab.reset());
    let step = 0;
    while (step < steps) {
      const trained = random() < 0.3 ? interrupt(page, steps - step) : take(page, steps - step, random);
      if (workers > 1) await disturb(page, random);
      ({ step } = await trained);
    }
    const state = await page.evaluate(() => window.mesaLab.state());
    assert.equal(state.problem, undefined);
    const parameters = await page.evaluate(async () => Array.from(await window.mesaLab.parameters()));
    outcome = { step: state.step, curve: state.curves.model, parameters };
  });
  return outcome;
}

/** Some steps, `most` at most. */
const take = (page, most, random) =>
  page.evaluate((count) => window.mesaLab.step(count), Math.min(most, 1 + Math.floor(random() * 12)));

/** Steps that are begun and left: between none and all of `most`, as quick as the machine is. */
const interrupt = (page, most) =>
  page.evaluate(async (count) => {
    const superseded = window.mesaLab.step(count);
    const paused = await window.mesaLab.pause();
    await superseded;
    return paused;
  }, most);

/** Members stall for up to half a second, also the leader, or a helper dies, heard or unheard. */
async function disturb(page, random) {
  const what = random();
  const milliseconds = Math.round(500 * random());
  if (what < 0.25) await stallEngine(page, 'train', milliseconds);
  else if (what < 0.6) await stallEngine(page, 'assist', milliseconds, Math.floor(random() * 8));
  else if (what < 0.8) {
    const how = random() < 0.5 ? 'silent' : 'with an error';
    // The last one may have gone already, and its successor not have come.
    await stopEngine(page, 'assist', how).catch(() => undefined);
  }
}

for (const preset of Object.keys(runs)) {
  test(
    `${preset} under 1, 2, 3, 5, 6 and 8 members`,
    { needs: ['early-scripts'], timeout: 400_000 },
    async (t) => {
      const alone = await train(preset, 1, randomNumbers(1));
      assert.equal(alone.step, steps);
      for (const workers of [2, 3, 5, 6, 8]) {
        await t.test(`${workers} members`, async () => {
          assert.deepEqual(await train(preset, workers, randomNumbers(seed + workers)), alone);
        });
      }
    },
  );
}
