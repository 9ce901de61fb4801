import assert from 'node:assert/strict';
import { test, waitForState, withPage, withPausedPage } from './harness.mjs';
import { analyze, quick, quickAnalyses } from './quick-analyses.mjs';
import { answer } from './server.mjs';

const refusal = (page, kind) =>
  page.evaluate((name) => window.mesaLab.analyze(name).then(String, (error) => error.message), kind);

for (const { kind, preset, check } of quickAnalyses) {
  test(`${kind} of ${preset}`, async () => {
    await withPage({ query: quick(preset) }, async ({ page, state }) => {
      await waitForState(page, ({ phase, means }) => phase === 'finished' && means.zero !== undefined);
      const result = await analyze(page, kind);
      assert.deepEqual([result.kind, result.step], [kind, (await state()).step]);
      check(result.result);
    });
  });
}

test('analyses that train something take as many updates as they are given', async (t) => {
  for (const [kind, preset, check] of [
    [
      'prompt',
      'hybrid-mesa',
      ({ updates, eos, eos_and_prefix: prefix, no_eos: without }) => {
        assert.equal(updates, 3);
        assert.equal(eos.training_loss.length, 3);
        assert.deepEqual([prefix.prefix.rows, prefix.prefix.columns], [20, 10]);
        assert.ok(prefix.after.length < eos.after.length && eos.after.length < without.length);
      },
    ],
    [
      'linearise',
      'softmax-2',
      ({ updates, loss, layers }) => {
        assert.equal(updates, 3);
        assert.ok(loss > 0);
        assert.deepEqual(
          layers.map(({ layer }) => layer),
          [0, 1],
        );
        assert.ok(layers.every(({ ratio, error }) => ratio > 0 && error >= 0));
      },
    ],
  ]) {
    await t.test(`${kind} of ${preset}`, async () => {
      await withPage({ query: quick(preset) }, async ({ page }) => {
        await waitForState(page, ({ phase, means }) => phase === 'finished' && means.zero !== undefined);
        check((await analyze(page, kind, { updates: 3 })).result);
      });
    });
  }
});

test('a run trains to its end while the module of references and analyses is still on its way', async () => {
  const neverAnswer = () => {};
  const faults = [(path) => /mesa-analyses.*\.wasm$/.test(path) && neverAnswer];
  await withPage({ query: '?steps=50', faults }, async ({ page }) => {
    const { means, loss } = await waitForState(page, ({ phase }) => phase === 'finished');
    assert.ok(loss > 0);
    assert.equal(means.zero, undefined);
  });
});

test('training goes on while the run is taken apart', async (t) => {
  await withPage({ query: '?preset=linear-6&workers=1&evaluation_interval=1000' }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 0);
    const { steps, step } = await page.evaluate(async () => {
      const reports = [window.mesaLab.state().step];
      window.addEventListener('mesa-progress', ({ detail }) => reports.push(detail.step));
      const { step } = await window.mesaLab.analyze('compress');
      return { step, steps: reports };
    });
    t.diagnostic(`${steps.at(-1) - steps[0]} steps`);
    assert.ok(steps.at(-1) > steps[0] + 3, `steps ${steps.join()}`);
    assert.ok(step >= steps[0] && step < steps.at(-1), `the result is of step ${step}`);
  });
});

test('an analysis can be cancelled, and another one follows', async () => {
  await withPausedPage({ query: '?preset=linear-6' }, async ({ page }) => {
    const outcome = await page.evaluate(async () => {
      const controller = new AbortController();
      const shares = [];
      const first = window.mesaLab.analyze('compress', {
        signal: controller.signal,
        onProgress: (share) => {
          shares.push(share);
          controller.abort();
        },
      });
      const waiting = window.mesaLab.analyze('compress', { signal: controller.signal });
      const reasons = await Promise.all([first, waiting].map((one) => one.catch((error) => error.name)));
      const { kind } = await window.mesaLab.analyze('weights');
      return { reasons, shares, kind };
    });
    assert.deepEqual(outcome.reasons, ['AbortError', 'AbortError']);
    assert.ok(outcome.shares.length === 1 && outcome.shares[0] > 0 && outcome.shares[0] < 1);
    assert.equal(outcome.kind, 'weights');
  });
});

test('an analysis that does not fit the model, or that does not exist, is refused with a reason', async () => {
  await withPage({ query: quick('softmax-1') }, async ({ page }) => {
    await waitForState(page, ({ phase }) => phase === 'finished');
    assert.match(await refusal(page, 'compress'), /^attention: expected linear, got softmax/);
    assert.match(await refusal(page, 'alchemy'), /^KIND: expected one of weights, compress.*alchemy/);
    assert.equal((await analyze(page, 'weights')).kind, 'weights', 'after that, others are carried out');
  });
});

test('a module that does not arrive is said to be missing, training goes on, and another try finds it', async () => {
  let broken = true;
  const faults = [(path) => broken && /mesa-analyses.*\.wasm$/.test(path) && answer(503)];
  const query = '?view=compress&steps=100000';
  await withPage({ query, faults, complaining: true }, async ({ page, state }) => {
    const panel = page.getByRole('tabpanel');
    await panel.getByText('What takes models apart could not be loaded').waitFor();
    const { step } = await state();
    await waitForState(page, (later) => later.step > step && later.problem === undefined);
    broken = false;
    await panel.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-part="standing"]', { hasText: 'As of step' }).waitFor();
    assert.equal((await analyze(page, 'weights')).kind, 'weights');
  });
});
