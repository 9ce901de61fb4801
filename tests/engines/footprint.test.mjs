// Tests what the page costs a visitor: bytes to download, and memory during training.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { presets } from './facts.mjs';
import { loadModule, moduleNames, mostBytes, wasmOf } from './load-module.mjs';

const mostHeap = 64e6;

for (const name of moduleNames) {
  test(`the module ${name} is small`, () => {
    const { length } = gzipSync(wasmOf(name), { level: 9 });
    assert.ok(length < mostBytes[name], `${length} bytes gzipped`);
  });
}

// A module's memory never shrinks, so every measurement uses a new module.

async function trainingHeap(preset, variant, overrides = {}) {
  const engine = await loadModule('simd128');
  const experiment = new engine.Experiment(preset, variant, overrides);
  experiment.train(1);
  return engine.heapBytes();
}

for (const { name, variants } of presets) {
  for (const { name: variant } of variants) {
    test(`${name} ${variant} trains in little memory, at its own batch size`, async () => {
      const bytes = await trainingHeap(name, variant);
      assert.ok(bytes < mostHeap, `${bytes} bytes`);
    });
  }

  test(`${name} is compared in little memory`, async () => {
    const engine = await loadModule('analyses');
    // As many sequences as the page asks for.
    const comparison = new engine.Comparison(name, '', { evaluation_sequences: '1024' });
    comparison.reference('chebyshev', 1, '');
    assert.ok(engine.heapBytes() < mostHeap, `${engine.heapBytes()} bytes`);
  });
}

test('a larger batch takes no more memory', async () => {
  assert.equal(
    await trainingHeap('linear-6', '', { batch_size: '1024' }),
    await trainingHeap('linear-6', '', { batch_size: '16' }),
  );
});
