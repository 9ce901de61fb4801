// Tests the interface of the training module: steps in slices that members share, states that move to another
// instance, and bad input that is refused by name. The unit tests check the numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analysisKinds, fields, presets } from './facts.mjs';
import { loadModule } from './load-module.mjs';

const engine = await loadModule('simd128');
const small = { batch_size: '37', sequence_length: '9', evaluation_sequences: '70', warmup_steps: '0' };
const experiment = (preset = 'linear-1', more = {}) =>
  new engine.Experiment(preset, '', { ...small, ...more });

test('steps that two members share in slices equal those of one alone', () => {
  const [alone, leader, helper] = [experiment(), experiment(), experiment()];
  for (let step = 0; step < 4; ++step) {
    const expected = alone.train(1);
    helper.beginSums(3, 11);
    while (!helper.continueSums(0));
    const sums = helper.takeSums();
    assert.deepEqual(
      sums.map(({ first, count }) => [first, count]),
      [[3, 1], [4, 4], [8, 2], [10, 1]], // prettier-ignore
    );
    leader.beginSums(0, leader.groups());
    leader.continueSums(0);
    assert.equal(leader.shortenSums(3), 3);
    assert.ok(leader.continueSums(Infinity));
    leader.addSums(sums.reverse());
    leader.addSums(sums);
    assert.ok(leader.hasSums(0, 11));
    assert.ok(!leader.hasSums(10, 12));
    leader.beginSums(11, 16);
    assert.ok(leader.continueSums(Infinity));
    helper.addSums(leader.takeSums());
    leader.drawAhead(0, 16, 0);
    helper.drawAhead(3, 11, Infinity);
    assert.deepEqual(leader.finishStep(), expected);
    assert.deepEqual(helper.finishStep(), expected);
    assert.deepEqual(helper.trainingState(), alone.trainingState());
    assert.deepEqual(leader.parameters(), alone.parameters());
  }
});

test('a training state continues in another experiment', () => {
  const [first, second] = [experiment('hybrid-mesa'), experiment('hybrid-mesa')];
  first.train(5);
  second.setTrainingState(structuredClone(first.trainingState()));
  assert.deepEqual(second.trainingState(), first.trainingState());
  assert.deepEqual(second.train(3), first.train(3));
  assert.deepEqual(second.parameters(), first.parameters());
});

test('a run moved amid bad steps stops where it would have stopped', () => {
  const wild = { learning_rate: '10', residual_limit: '100', gradient_limit: '1000' };
  const [first, second] = [experiment('linear-1', wild), experiment('linear-1', wild)];
  while (first.trainingState().badSteps < 3) assert.equal(first.train(1).stopped, '');
  second.setTrainingState(first.trainingState());
  const end = first.train(200);
  assert.equal(end.stopped, 'astray');
  assert.deepEqual(second.train(200), end);
  assert.deepEqual(second.trainingState(), first.trainingState());
});

test('parts of an evaluation, in slices and in any order, make the curve of the whole', () => {
  const whole = experiment();
  whole.train(3);
  const parameters = whole.parameters();
  const groups = whole.evaluationGroups();
  const parts = [
    [0, 5],
    [5, 5],
    [5, 40],
    [40, groups],
  ].map(([first, end]) => {
    const other = experiment();
    other.beginEvaluation(parameters, first, end);
    while (!other.continueEvaluation(0));
    return other.takeLossSums();
  });
  assert.deepEqual(engine.lossCurve(parts.reverse()), whole.evaluate(parameters));
  assert.throws(() => engine.lossCurve(parts.slice(1)), { code: 'mismatch', field: 'bySequence' });
});

test('invalid values from JavaScript are refused by name', () => {
  const it = experiment();
  const { length } = it.parameters();
  const state = it.trainingState();
  const node = { first: 0, count: 1, squaredError: 1, squaredTargets: 1, gradient: new Float32Array(length) };
  const cases = [
    [() => it.train(-1), 'out_of_range', 'steps'],
    [() => it.train(1.5), 'not_whole', 'steps'],
    [() => it.train(NaN), 'not_whole', 'steps'],
    [() => it.train(Infinity), 'out_of_range', 'steps'],
    [() => it.beginSums(-1, 3), 'out_of_range', 'first'],
    [() => it.beginSums(3, 17), 'out_of_range', 'end'],
    [() => it.beginSums(3, 2), 'out_of_range', 'end'],
    [() => it.beginSums(undefined, 2), 'not_whole', 'first'],
    [() => it.continueSums(-1), 'out_of_range', 'milliseconds'],
    [() => it.continueSums(NaN), 'out_of_range', 'milliseconds'],
    [() => it.shortenSums(17), 'out_of_range', 'end'],
    [() => it.addSums(null), 'mismatch', 'sums'],
    [() => it.addSums([null]), 'missing', 'count'],
    [() => it.addSums([{ ...node, first: 16 }]), 'out_of_range', 'first'],
    [() => it.addSums([{ ...node, first: 3, count: 2 }]), 'mismatch', 'first'],
    [() => it.addSums([{ ...node, count: 3 }]), 'mismatch', 'first'],
    [() => it.addSums([{ ...node, squaredError: '1' }]), 'not_a_number', 'squaredError'],
    [() => it.addSums([{ ...node, gradient: new Float32Array(3) }]), 'mismatch', 'gradient'],
    [() => it.addSums([{ ...node, gradient: [1, 2, 3] }]), 'mismatch', 'gradient'],
    [() => it.finishStep(), 'missing', 'groups'],
    [() => it.hasSums(0, 17), 'out_of_range', 'end'],
    [() => it.setTrainingState({}), 'mismatch', 'parameters'],
    [() => it.setTrainingState({ ...state, badSteps: 20 }), 'out_of_range', 'badSteps'],
    [() => it.setTrainingState({ ...state, lastGood: undefined }), 'missing', 'parameters'],
    [() => it.setTrainingState({ ...state, firstMoment: new Float32Array(1) }), 'mismatch', 'firstMoment'],
    [() => it.evaluate(new Float32Array(1)), 'mismatch', 'parameters'],
    [() => it.beginEvaluation(it.parameters(), 0, 65), 'out_of_range', 'end'],
    [() => it.continueEvaluation(1), 'missing', 'evaluation'],
    [() => it.takeLossSums(), 'missing', 'evaluation'],
    [() => it.weightProducts(1, 0), 'out_of_range', 'layer'],
    [() => it.weightProducts(0, 0.5), 'not_whole', 'head'],
    [() => engine.lossCurve({}), 'mismatch', 'parts'],
    [() => engine.lossCurve([]), 'missing', 'parts'],
    [() => experiment('linear-9'), 'unknown_name', 'preset'],
    [() => experiment('linear-1', { seed: 7 }), 'mismatch', 'seed'],
    [() => experiment('linear-1', { speed: '7' }), 'unknown_key', 'speed'],
    [() => experiment('linear-1', { batch_size: 'many' }), 'not_whole', 'batch_size'],
  ];
  for (const [call, code, field] of cases) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof Error, `${call}`);
      assert.deepEqual([error.code, error.field], [code, field], `${call}: ${error.message}`);
      assert.ok(error.message.startsWith(`${field}: `));
      assert.equal(typeof error.parameters, 'object');
      return true;
    });
  }
  assert.deepEqual(it.trainingState(), state);
});

test('a model that is too large names the settings to lower', () => {
  const large = { width: '512', heads: '16', key_size: '256', layers: '12', mlp_size: '2048' };
  assert.throws(
    () => new engine.Experiment('transformer-7', '', large),
    ({ code, parameters }) => {
      assert.equal(code, 'too_large');
      assert.ok(parameters.megabytes > parameters.limit);
      for (const key of ['width', 'heads', 'key_size', 'layers'])
        assert.ok(parameters.remedies.includes(key), key);
      return true;
    },
  );
});

test('a model says which analyses do not fit it, and why', () => {
  const misfits = (preset, more) =>
    Object.fromEntries(
      experiment(preset, more)
        .misfits()
        .map(({ kind, code, field }) => [kind, [code, field]]),
    );
  assert.deepEqual(misfits('hybrid-mesa', { sequence_length: '10' }), {
    compress: ['needs', 'attention'],
    fit: ['out_of_range', 'layers'],
    prompt: ['out_of_range', 'sequence_length'],
  });
  const [{ parameters }] = experiment('linear-2', { normalise_query_key: 'on' }).misfits();
  assert.deepEqual(parameters, { expected: ['off'], got: 'on' });
});

test('the facts agree with the engine', () => {
  const derived = new Set(['width']); // follows from the tokens, unless they are raw
  for (const { name, variants } of presets) {
    for (const variant of variants) {
      const config = new engine.Experiment(name, variant.name, {}).config();
      assert.deepEqual([config.preset, config.variant], [name, variant.name]);
      assert.deepEqual(
        Object.keys(config).slice(2),
        fields.map(({ key }) => key),
      );
      for (const field of fields.filter(({ key }) => !derived.has(key))) {
        const text = variant.settings[field.key] ?? field.default;
        const value = ['integer', 'real'].includes(field.kind) ? Number(text) : text;
        assert.equal(config[field.key], value, `${name} ${variant.name} ${field.key}`);
      }
    }
  }
  for (const { meaning } of [...fields, ...analysisKinds]) assert.ok(meaning);
});
