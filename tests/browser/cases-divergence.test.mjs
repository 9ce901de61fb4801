// Whatever is set, training ends in numbers or in a notice, under one worker and under two, and goes on from there.

import assert from 'node:assert/strict';
import { alertOf, assertSensible, chooseRun, playOf, randomNumbers } from './cases.mjs';
import { test, waitForState, waitUntil, withPage } from './harness.mjs';

/** MESA_WILD_SETTINGS=500 tries them all; a sample is enough for every day. */
const wildSettings = Number(process.env.MESA_WILD_SETTINGS ?? 24);

/** Astray: `initial_scale` makes the first losses large, and clipping is off. */
const astray = 'gradient_limit=1e12&residual_limit=0&initial_scale=10';

for (const workers of [1, 2]) {
  for (const query of [
    'learning_rate=1&gradient_limit=1e12&residual_limit=0&weight_decay=100',
    'learning_rate=1',
    'preset=linear-6&learning_rate=1&residual_limit=0&evaluation_interval=1',
    'preset=linear-6&learning_rate=0.05&evaluation_interval=5',
    `learning_rate=100&evaluation_interval=1&${astray}`,
  ]) {
    test(`?${query} is stopped with ${workers} at work, as often as it is played`, async () => {
      await withPage({ query: `?${query}&steps=3000&workers=${workers}` }, async ({ page }) => {
        for (let time = 0; time < 3; time += 1) {
          const stopped = await waitForState(
            page,
            ({ phase }) => ['paused', 'finished'].includes(phase),
            40_000,
          );
          assertOrdered(stopped.history.step);
          assert.ok(stopped.history.loss.every(Number.isFinite));
          await assertSensible(page);
          if (stopped.problem !== undefined) {
            assert.match(stopped.problem, /astray/);
            await alertOf(page).getByText('Training went astray and was stopped').waitFor();
            assert.equal(await playOf(page).textContent(), 'Play');
          }
          await playOf(page).click();
          await waitForState(page, ({ running, step, problem }) => running || step > stopped.step || problem);
        }
      });
    });
  }
}

function assertOrdered(steps) {
  steps.forEach((step, index) => assert.ok(index === 0 || step > steps[index - 1], `${steps}`));
}

test('what was rolled back is marked, and the newest loss is that of the step that is shown', async () => {
  const query = '?preset=linear-6&learning_rate=0.05&evaluation_interval=5&steps=3000';
  await withPage({ query }, async ({ page }) => {
    const { step, problem, history, loss } = await waitForState(
      page,
      (now) => now.problem !== undefined && now.evaluatedStep === now.step,
      40_000,
    );
    assert.match(problem, /astray/);
    assert.ok(history.step.at(-1) <= step);
    assert.ok(Number.isFinite(loss));
    await page.locator('[data-series="rolled_back"]').first().waitFor();
  });
});

/** Settings that nobody would train with, most of which the engine accepts. */
function drawSettings(random) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const power = (lowest, highest) => (10 ** (lowest + random() * (highest - lowest))).toPrecision(3);
  const settings = {
    preset: pick(['linear-1', 'linear-2', 'softmax-1', 'mesa-1', 'contracting-linear-1', 'fixed-linear-1']),
    seed: Math.floor(random() * 1000),
    learning_rate: power(-4, 2),
    gradient_limit: power(-3, 12),
    batch_size: pick([1, 2, 7, 16]),
    sequence_length: pick([2, 3, 8]),
    observation_size: pick([1, 2, 5]),
    evaluation_interval: pick([1, 3, 20]),
    evaluation_sequences: pick([1, 2, 33]),
    steps: pick([20, 100]),
  };
  const optional = {
    residual_limit: pick([0, 1, 1e6]),
    weight_decay: power(-2, 2),
    initial_scale: power(-3, 1),
    noise: power(-3, 1),
    state_limit: power(-3, 6),
    warmup_steps: pick([0, 5]),
    attention: pick(['linear', 'softmax', 'mesa', 'mesa,softmax']),
    normalise_query_key: pick(['off', 'on']),
    layer_norm: pick(['off', 'on']),
    mlp_size: pick([0, 5]),
    layers: pick([1, 2, 3]),
  };
  for (const [key, value] of Object.entries(optional)) if (random() < 0.5) settings[key] = value;
  return settings;
}

/** Trained to an end: done, stopped, or refused. */
const hasSettled = ({ phase, problem }) =>
  phase === 'finished' ||
  (phase === 'paused' && problem !== undefined) ||
  (phase === 'idle' && problem !== undefined);

const settle = (page) => waitForState(page, hasSettled, 30_000);

test(`${wildSettings} wild settings`, { timeout: 60_000 + wildSettings * 10_000 }, async (t) => {
  const random = randomNumbers(1);
  const tally = {};
  for (let number = 0; number < wildSettings; number += 1) {
    const settings = { ...drawSettings(random), workers: 1 + (number % 2) };
    const query = `?${new URLSearchParams(settings)}`;
    await t.test(query, async () => {
      await withPage({ query }, async ({ page }) => {
        const first = await settle(page);
        const ending =
          first.problem === undefined ? 'done' : /astray/.test(first.problem) ? 'astray' : 'refused';
        tally[ending] = (tally[ending] ?? 0) + 1;
        await assertSensible(page);
        await playOf(page).click();
        await assertSensible(page);
        if (ending !== 'refused') {
          await page.evaluate(() => window.mesaLab.pause());
          const { step } = await page.evaluate(() => window.mesaLab.state());
          await page.getByRole('button', { name: 'One step' }).click();
          // It may go astray and back at this very step.
          await waitForState(page, (now) => now.step !== step || now.problem !== undefined);
          await assertSensible(page);
          await page.getByRole('button', { name: 'Reset' }).click();
          await waitUntil(
            () => page.evaluate(() => window.mesaLab.pause()),
            ({ running, evaluatedStep, step: now }) => !running && evaluatedStep === now,
          );
          await assertSensible(page);
        }
        await chooseRun(page, 'softmax-2/quick');
        await waitForState(page, (now) => now.preset === 'softmax-2' && now.step > 0);
        await waitUntil(
          () => alertOf(page).count(),
          (count) => count === 0,
        );
        await assertSensible(page);
      });
    });
  }
  t.diagnostic(JSON.stringify(tally));
});
