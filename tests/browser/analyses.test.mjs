import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeInTab, waitForState, withPage, withPausedPage } from './harness.mjs';

/** In the page: an analysis, with arrays that the driver can pass on. */
const analyze = (page, kind, options = {}) =>
  page.evaluate(
    async ([name, given]) => {
      const plain = (value) => {
        if (value instanceof Float64Array) return Array.from(value);
        if (Array.isArray(value)) return value.map(plain);
        if (typeof value !== 'object') return value;
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
      };
      return plain(await window.mesaLab.analyze(name, given));
    },
    [kind, options],
  );

const refusal = (page, kind) =>
  page.evaluate((name) => window.mesaLab.analyze(name).then(String, (error) => error.message), kind);

/** A short run of a quick preset, with as many sequences as analyses take. */
const quick = (preset) =>
  `?preset=${preset}&steps=2&warmup_steps=0&decay_steps=0&evaluation_interval=1` +
  (preset.startsWith('few-shot') ? '&evaluation_sequences=80' : '');

const finite = (numbers) => numbers.every(Number.isFinite);

/** Each kind on a quick preset, and what its result must be like. */
const kinds = [
  [
    'weights',
    'linear-1',
    ({ heads }) => {
      assert.equal(heads.length, 2);
      for (const { query_key: product } of heads) {
        assert.deepEqual([product.entries.rows, product.entries.columns], [40, 40]);
        assert.equal(product.block_diagonal_means.entries.length, 16);
        assert.ok(product.share_above_1_percent > product.share_above_10_percent);
      }
    },
  ],
  [
    'compress',
    'linear-6',
    ({ numbers, share_of_trained: shares, loss }) => {
      assert.deepEqual(numbers, { trained: 76800, compressed: 768 });
      assert.deepEqual(shares, [0, 0.25, 0.5, 0.75, 1]);
      assert.ok(loss.length === 5 && finite(loss));
    },
  ],
  [
    'fit',
    'linear-1',
    ({ gradient_descent: step, features, loss: { mean, curves }, likeness }) => {
      assert.ok(Math.abs(step.eta / 0.0322 - 1) < 0.1, `eta ${step.eta}`);
      assert.equal(features.length, 8);
      assert.ok(mean.eight_features < mean.gradient_descent && mean.gradient_descent < mean.zero);
      assert.ok(curves.model.length === 50 && Math.abs(likeness.mean_cosine) <= 1);
    },
  ],
  ['probe', 'linear-6', (result) => checkProbes(result, 7)],
  ['probe', 'transformer-7', (result) => checkProbes(result, 8)],
  ['probe', 'nonlinear-transformer-7', (result) => checkProbes(result, 8, ['feature', 'previous_feature'])],
  ['binding', 'transformer-7', checkBinding],
  ['binding', 'few-shot-transformer-7', checkBinding],
  ['attention', 'transformer-7', (result) => checkAttention(result, 50)],
  ['attention', 'few-shot-transformer-7', (result) => checkAttention(result, 224)],
  [
    'kernel',
    'linear-1',
    ({ dimension, kernel_regression: regression, least_squares: squares }) => {
      assert.deepEqual(dimension, [2, 4, 8, 16, 32]);
      assert.ok(regression.relative_late[4] > regression.relative_late[0]);
      assert.ok(squares.relative_late.every((loss) => loss < 0.01));
    },
  ],
  [
    'few-shot',
    'few-shot-hybrid-mesa',
    ({ one_task: one, two_tasks: two }) => {
      assert.ok(one.pair.length > 100 && one.curves.model.length === one.pair.length);
      assert.deepEqual([...new Set(two.task)], [0, 1]);
      assert.ok(one.curves.least_squares_true_pairs.at(-1) < 1e-3);
    },
  ],
];

function checkProbes({ targets }, depths, more = []) {
  assert.deepEqual(
    targets.map(({ name }) => name),
    ['next_state', 'preconditioned_input', ...more],
  );
  for (const { relative_error: errors } of targets) {
    assert.deepEqual([errors.rows, errors.columns], [depths, 50]);
    // Where nothing is to be found, at the first positions say, there is no error. Few sequences for many channels leave
    // more than guessing the mean would.
    assert.ok(errors.entries.every((error) => Number.isNaN(error) || (error >= 0 && error < 2)));
  }
}

function checkBinding({ lags, relative_error: { rows, columns, entries } }) {
  assert.deepEqual([rows, columns, lags.length], [8, 8, 8]);
  assert.ok(entries[0] < 0.01 && entries[1] > 0.9, 'an embedded point tells itself, and not the one before');
}

function checkAttention({ heads, layers, uniform, sensitivity }, positions) {
  assert.deepEqual([heads.length, layers.length], [28, 7]);
  assert.ok(heads.every(({ scores }) => scores.rows === positions && scores.columns === positions));
  assert.ok(uniform > 1 / positions && uniform < 5 / positions);
  assert.ok(
    sensitivity.map.entries.length === positions ** 2 && sensitivity.map.entries[1] === 0,
    'it looks back only',
  );
}

/**
 * Milliseconds of processor time. Promised are 2 s on a machine without other work; with some, threads get into each
 * other's caches, which takes up to twice as long.
 */
const quickLimit = 2 * 2000;

test('analyses of quick presets take less than 2 s, after the first one has loaded their module', async (t) => {
  for (const [kind, preset, check] of kinds) {
    await t.test(`${kind} of ${preset}`, async (t) => {
      await withPage({ query: quick(preset) }, async ({ page, state }) => {
        await waitForState(page, ({ running, means }) => !running && means.zero !== undefined);
        const { result, milliseconds } = await timeInTab(() => analyze(page, kind));
        t.diagnostic(`${Math.round(milliseconds)} ms`);
        assert.deepEqual([result.kind, result.step], [kind, (await state()).step]);
        check(result.result);
        assert.ok(milliseconds < quickLimit, `${milliseconds} ms of processor time`);
      });
    });
  }
});

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
        await waitForState(page, ({ running, means }) => !running && means.zero !== undefined);
        check((await analyze(page, kind, { updates: 3 })).result);
      });
    });
  }
});

test('the module of the analyses is loaded with the first one, not before', async () => {
  const asked = [];
  const prepare = (page) => page.context().on('request', (request) => asked.push(request.url()));
  await withPage({ query: '?steps=2', prepare }, async ({ page }) => {
    await waitForState(page, ({ running, means }) => !running && means.zero !== undefined);
    const forAnalyses = () => asked.filter((url) => /anal/.test(url));
    assert.deepEqual(forAnalyses(), []);
    await analyze(page, 'weights');
    assert.ok(forAnalyses().some((url) => url.endsWith('.wasm')));
  });
});

/** In milliseconds: while it is taken apart, a run goes on reporting, four times a second or less on a busy machine. */
const longestPause = 1000;

test('training goes on while the run is taken apart', async (t) => {
  await withPage({ query: '?preset=linear-6&workers=1&evaluation_interval=1000' }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 0);
    const { steps, pauses, step } = await page.evaluate(async () => {
      await window.mesaLab.analyze('weights'); // loads the module
      const reports = [{ time: performance.now(), step: window.mesaLab.state().step }];
      window.addEventListener('mesa-progress', ({ detail }) => {
        reports.push({ time: performance.now(), step: detail.step });
      });
      const { step } = await window.mesaLab.analyze('compress');
      return {
        step,
        steps: reports.map((report) => report.step),
        pauses: reports.slice(1).map(({ time }, index) => time - reports[index].time),
      };
    });
    t.diagnostic(`${steps.at(-1) - steps[0]} steps, longest pause ${Math.round(Math.max(...pauses))} ms`);
    assert.ok(steps.at(-1) > steps[0] + 3, `steps ${steps.join()}`);
    assert.ok(step >= steps[0] && step < steps.at(-1), `the result is of step ${step}`);
    assert.ok(Math.max(...pauses) < longestPause, `${pauses.join()}`);
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
    await waitForState(page, ({ running }) => !running);
    assert.match(
      await refusal(page, 'compress'),
      /^attention: only a model of linear layers can be compressed/,
    );
    assert.match(await refusal(page, 'alchemy'), /^KIND: expected one of weights, compress.*alchemy/);
    assert.equal((await analyze(page, 'weights')).kind, 'weights', 'after that, others are carried out');
  });
});

test('a worker that cannot be loaded is said to be so, training goes on, and the next analysis tries again', async () => {
  let broken = true;
  const prepare = (page) =>
    page.context().route('**/analysis-worker*', (route) => (broken ? route.abort() : route.continue()));
  await withPage({ query: '?view=compress', prepare, complaining: true }, async ({ page, state }) => {
    await waitForState(page, ({ step }) => step > 20);
    assert.match(await page.getByRole('alert').textContent(), /analysis worker stopped/);
    const { step } = await state();
    await waitForState(page, (later) => later.step > step && later.problem === undefined);
    broken = false;
    assert.equal((await analyze(page, 'weights')).kind, 'weights');
  });
});
