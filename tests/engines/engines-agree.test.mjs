// The native engines and both WebAssembly engines with their bindings do the same arithmetic: the same run
// ends at the same held-out loss in all of them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, loadModule, wasmOf } from './load-module.mjs';

const relativeTolerance = 1e-4;

/** Runs that together have every kind of layer. */
const runs = [
  {
    preset: 'linear-1',
    overrides: { seed: '4', steps: '200', decay_steps: '200', evaluation_sequences: '256' },
  },
  {
    preset: 'nonlinear-hybrid-mesa',
    overrides: {
      seed: '4',
      steps: '60',
      decay_steps: '60',
      warmup_steps: '0',
      batch_size: '8',
      layer_norm: 'on',
      normalise_query_key: 'on',
      learn_forgetting: 'on',
      evaluation_sequences: '64',
    },
  },
];

/** Hides AVX-512 from the native program, which then uses its AVX2 kernels. */
const withoutAvx512 = { GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX512F' };

function nativeRun({ preset, overrides }, environment = {}) {
  const settings = Object.entries(overrides).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const output = execFileSync(
    fileURLToPath(new URL('native/mesa', build)),
    ['train', '--preset', preset, '--variant', 'quick', '--quiet', ...settings],
    { encoding: 'utf8', env: { ...process.env, ...environment } },
  );
  const { engine, evaluation } = JSON.parse(output);
  return { name: engine.name, means: evaluation.mean };
}

async function wasmMeans(name, { preset, overrides }) {
  const engine = await loadModule(name);
  assert.equal(engine.engineName(), name);
  const experiment = new engine.Experiment(preset, 'quick', overrides);
  assert.equal(experiment.train(Number(overrides.steps)).step, Number(overrides.steps));
  const means = { model: experiment.evaluate(experiment.parameters()).mean };
  experiment.delete();
  const comparison = new (await loadModule('analyses')).Comparison(preset, 'quick', overrides);
  for (const reference of comparison.references()) means[reference.name] = reference.mean;
  comparison.delete();
  return means;
}

function assertAgree(actual, expected) {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, mean] of Object.entries(expected)) {
    const difference = Math.abs(actual[name] / mean - 1);
    assert.ok(difference < relativeTolerance, `${name}: ${actual[name]} and ${mean} differ by ${difference}`);
  }
}

const hasRelaxedSimd = WebAssembly.validate(wasmOf('relaxed'));

for (const run of runs) {
  const { name, means: native } = nativeRun(run, withoutAvx512);
  assert.equal(name, 'native');
  const fastest = nativeRun(run);

  test(
    `${run.preset}: native-avx512 ends where native does`,
    { skip: fastest.name === 'native' && 'this processor has no AVX-512' },
    () => {
      assert.equal(fastest.name, 'native-avx512');
      assertAgree(fastest.means, native);
    },
  );

  test(`${run.preset}: simd128 ends where native does`, async () =>
    assertAgree(await wasmMeans('simd128', run), native));

  test(
    `${run.preset}: relaxed ends where native does`,
    { skip: !hasRelaxedSimd && 'this Node has no relaxed SIMD' },
    async () => assertAgree(await wasmMeans('relaxed', run), native),
  );
}
