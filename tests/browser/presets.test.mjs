import assert from 'node:assert/strict';
import { test, waitForState, withPage } from './harness.mjs';

const tiny = 'steps=2&warmup_steps=0&decay_steps=0&batch_size=2&evaluation_sequences=8';

/** The names of all presets, as the page offers them. */
async function presetNames() {
  let names = [];
  await withPage({ query: `?${tiny}` }, async ({ page }) => {
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 2);
    const values = await page.locator('option').evaluateAll((all) => all.map(({ value }) => value));
    names = [...new Set(values.map((value) => value.split('/')[0]))];
  });
  return names;
}

test('every preset trains in the page, beside its references', { timeout: 600_000 }, async (t) => {
  const presets = await presetNames();
  assert.ok(presets.length > 10, presets.join());
  for (const preset of presets) {
    await t.test(preset, { timeout: 60_000 }, async () => {
      await withPage({ query: `?preset=${preset}&${tiny}` }, async ({ page, state }) => {
        await waitForState(
          page,
          ({ phase, step, means }) => phase === 'finished' && step === 2 && means.zero !== undefined,
          50_000,
        );
        const { curves, means, problem } = await state();
        assert.equal(problem, undefined);
        for (const [name, curve] of Object.entries(curves)) {
          assert.equal(curve.length, curves.zero.length, name);
          assert.ok(Number.isFinite(means[name]), name);
        }
        assert.ok(means.least_squares < means.zero);
      });
    });
  }
});

test('any reference algorithm can be measured beside the run', async () => {
  await withPage({ query: '?steps=2&evaluation_sequences=256' }, async ({ page, state }) => {
    await waitForState(page, ({ phase, means }) => phase === 'finished' && means.least_squares !== undefined);
    const { means } = await state();
    const measure = (algorithm, options) =>
      page.evaluate(([name, choice]) => window.mesaLab.reference(name, choice), [algorithm, options]);
    const chebyshev = await measure('chebyshev', { steps: 4 });
    assert.equal(chebyshev.name, 'chebyshev');
    assert.deepEqual(Object.keys(chebyshev.tuned).sort().slice(0, 4), [
      'alpha_1',
      'alpha_2',
      'alpha_3',
      'alpha_4',
    ]);
    assert.ok(chebyshev.mean > means.least_squares && chebyshev.mean < means.gradient_descent);
    const same = await measure('least_squares', {});
    assert.equal(same.mean, means.least_squares);
    await assert.rejects(measure('magic', {}), /expected one of gradient_descent, .*magic/);
    await assert.rejects(measure('newton', { steps: 99 }), /1 to 32 for newton/);
  });
});
