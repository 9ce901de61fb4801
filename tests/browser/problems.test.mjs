import assert from 'node:assert/strict';
import { test, waitForState, waitUntil, withPage } from './harness.mjs';
import { drop, prepend } from './server.mjs';

test('an engine that cannot be loaded is reported, and the run can be started again', async () => {
  let broken = true;
  const faults = [(path) => broken && path.endsWith('.wasm') && drop];
  await withPage({ faults, complaining: true }, async ({ page, state }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('The engine did not arrive').waitFor();
    assert.match((await state()).problem, /could not be loaded/);
    broken = false;
    await alert.getByRole('button', { name: 'Try again' }).click();
    await waitForState(page, ({ step }) => step > 0);
    assert.equal(await alert.count(), 0);
  });
});

test('a worker that cannot be loaded is reported, to listeners too, and orders to it are refused', async () => {
  const faults = [(path) => path.includes('engine-worker') && drop];
  await withPage({ query: '?start=click', faults, complaining: true }, async ({ page }) => {
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const { refusals, problem } = await page.evaluate(async () => {
      const told = new Promise((resolve) => {
        window.addEventListener('mesa-problem', ({ detail }) => resolve(detail), { once: true });
      });
      const refusal = () => window.mesaLab.play().catch((error) => error.message);
      return { refusals: [await refusal(), await refusal()], problem: await told };
    });
    for (const refusal of refusals) assert.match(refusal, /could not be loaded/);
    assert.deepEqual([problem.figure, problem.about, problem.problem.kind], ['main', 'run', 'unavailable']);
    await page.getByRole('alert').getByText('The engine did not arrive').waitFor();
  });
});

test('a run that diverges stops, keeps its curves, and offers a lower learning rate', async () => {
  const query = '?learning_rate=100&gradient_limit=1e12&initial_scale=10&residual_limit=0';
  await withPage({ query }, async ({ page, state }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('Training went astray and was stopped').waitFor();
    const stopped = await state();
    assert.equal(stopped.running, false);
    assert.ok(stopped.curves.model.length > 0);
    await alert.getByRole('button', { name: /Train with a learning rate of/ }).click();
    await waitUntil(
      () => Number(new URL(page.url()).searchParams.get('learning_rate')),
      (rate) => rate < 100,
      { name: 'a lower rate in the address' },
    );
  });
});

test('a browser without WebAssembly SIMD is told so', async () => {
  // A worker that hears no whenever it asks WebAssembly.validate stands for an old browser.
  const faults = [(path) => path.includes('engine-worker') && prepend('WebAssembly.validate = () => false')];
  await withPage({ faults }, async ({ page }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('This browser cannot run the engine').waitFor();
    assert.match(await alert.textContent(), /needs WebAssembly with SIMD/);
  });
});
