import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test, withPausedPage } from './harness.mjs';

const steps = 50;
const engineFolder = new URL('../../build/wasm/', import.meta.url);

async function trainInNode() {
  const { default: createModule } = await import(new URL('mesa-simd128.mjs', engineFolder).href);
  const wasmBinary = await readFile(new URL('mesa-simd128.wasm', engineFolder));
  const { Experiment } = await createModule({ wasmBinary });
  const experiment = new Experiment('linear-1', 'quick', {});
  experiment.train(steps);
  return experiment.parameters();
}

const bits = (numbers) => Array.from(new Uint32Array(Float32Array.from(numbers).buffer));

test(`the simd128 engine trains to the same bits in Node and in the page`, async () => {
  const expected = await trainInNode();
  await withPausedPage({ query: '?engine=simd128' }, async ({ page }) => {
    const parameters = await page.evaluate(async (count) => {
      await window.mesaLab.step(count);
      return Array.from(await window.mesaLab.parameters());
    }, steps);
    assert.equal(parameters.length, expected.length);
    assert.ok(parameters.some((parameter) => parameter !== 0));
    assert.deepEqual(bits(parameters), bits(expected));
  });
});
