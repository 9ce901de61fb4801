// Each kind of analysis on a quick preset, and what its result must be like.

import assert from 'node:assert/strict';

/** In the page: an analysis, with arrays that the driver can pass on. */
export const analyze = (page, kind, options = {}) =>
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

/** A short run of a quick preset, with as many sequences as analyses take. */
export const quick = (preset) =>
  `?preset=${preset}&steps=2&warmup_steps=0&decay_steps=0&evaluation_interval=1` +
  (preset.startsWith('few-shot') ? '&evaluation_sequences=80' : '');

const finite = (numbers) => numbers.every(Number.isFinite);

export const quickAnalyses = [
  {
    kind: 'weights',
    preset: 'linear-1',
    check: ({ heads }) => {
      assert.equal(heads.length, 2);
      for (const { query_key: product } of heads) {
        assert.deepEqual([product.entries.rows, product.entries.columns], [40, 40]);
        assert.equal(product.block_diagonal_means.entries.length, 16);
        assert.ok(product.share_above_1_percent > product.share_above_10_percent);
      }
    },
  },
  {
    kind: 'compress',
    preset: 'linear-6',
    check: ({ numbers, share_of_trained: shares, loss }) => {
      assert.deepEqual(numbers, { trained: 76800, compressed: 768 });
      assert.deepEqual(shares, [0, 0.25, 0.5, 0.75, 1]);
      assert.ok(loss.length === 5 && finite(loss));
    },
  },
  {
    kind: 'fit',
    preset: 'linear-1',
    check: ({ gradient_descent: step, features, loss: { mean, curves }, likeness }) => {
      assert.ok(Math.abs(step.eta / 0.0322 - 1) < 0.1, `eta ${step.eta}`);
      assert.equal(features.length, 8);
      assert.ok(mean.eight_features < mean.gradient_descent && mean.gradient_descent < mean.zero);
      assert.ok(curves.model.length === 50 && Math.abs(likeness.mean_cosine) <= 1);
    },
  },
  { kind: 'probe', preset: 'linear-6', check: (result) => checkProbes(result, 7) },
  { kind: 'probe', preset: 'transformer-7', check: (result) => checkProbes(result, 8) },
  {
    kind: 'probe',
    preset: 'nonlinear-transformer-7',
    check: (result) => checkProbes(result, 8, ['feature', 'previous_feature']),
  },
  { kind: 'binding', preset: 'transformer-7', check: checkBinding },
  { kind: 'binding', preset: 'few-shot-transformer-7', check: checkBinding },
  { kind: 'attention', preset: 'transformer-7', check: (result) => checkAttention(result, 50) },
  { kind: 'attention', preset: 'few-shot-transformer-7', check: (result) => checkAttention(result, 224) },
  {
    kind: 'kernel',
    preset: 'linear-1',
    check: ({ dimension, kernel_regression: regression, least_squares: squares }) => {
      assert.deepEqual(dimension, [2, 4, 8, 16, 32]);
      assert.ok(regression.relative_late[4] > regression.relative_late[0]);
      assert.ok(squares.relative_late.every((loss) => loss < 0.01));
    },
  },
  {
    kind: 'few-shot',
    preset: 'few-shot-hybrid-mesa',
    check: ({ one_task: one, two_tasks: two }) => {
      assert.ok(one.pair.length > 100 && one.curves.model.length === one.pair.length);
      assert.deepEqual([...new Set(two.task)], [0, 1]);
      assert.ok(one.curves.least_squares_true_pairs.at(-1) < 1e-3);
    },
  },
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
