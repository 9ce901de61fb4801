import assert from 'node:assert/strict';
import { test, waitForState, waitUntil, withPage } from './harness.mjs';

test('settings in the address reach the engine', async () => {
  const query = '?seed=5&steps=12&sequence_length=20&learning_rate=0.001&engine=simd128';
  await withPage({ query }, async ({ page, state }) => {
    await waitForState(page, ({ step, phase }) => step === 12 && phase === 'finished');
    const { seed, learningRate, curves, engine } = await state();
    assert.equal(seed, 5);
    assert.ok(learningRate <= 0.001);
    assert.equal(curves.model.length, 20);
    assert.equal(engine, 'simd128');
    await page.locator('[data-part="run-numbers"]').getByText('simd128').waitFor();
    assert.equal(new URL(page.url()).search, query);
  });
});

test('this browser runs the relaxed engine unless told otherwise', async () => {
  await withPage({}, async ({ page, state }) => {
    await waitForState(page, ({ engine }) => engine !== undefined);
    assert.equal((await state()).engine, 'relaxed');
  });
});

for (const [query, message] of [
  ['?learning_rate=fast', /learning_rate has to be a number, and fast is none/],
  ['?layers=99', /layers has to be from 1 to 12, and 99 is not/],
  ['?colour=red', /colour is no setting/],
  ['?preset=nothing', /preset can be .*linear-1.*, and not nothing/],
  ['?variant=huge', /variant can be .*quick.*, and not huge/],
  ['?engine=gpu', /engine can be .*simd128.*, and not gpu/],
  ['?workers=none', /workers has to be a number, and none is none/],
]) {
  test(`${query} is named in a note that can be closed, and the rest trains`, async () => {
    await withPage({ query: `${query}&seed=3` }, async ({ page }) => {
      const note = page.locator('[data-part="note"]', { hasText: 'Not everything in the address' });
      assert.match(await note.textContent(), message);
      const { problem, preset, seed } = await waitForState(page, ({ step }) => step > 0);
      assert.deepEqual([problem, preset, seed], [undefined, 'linear-1', 3]);
      await note.getByRole('button', { name: 'Close this note' }).click();
      assert.equal(await note.count(), 0);
    });
  });
}

test('settings that do not go together are refused by name, with a way on', async () => {
  await withPage({ query: '?warmup_steps=100&decay_steps=50&seed=3' }, async ({ page, state }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('This run cannot be set up').waitFor();
    await alert.getByText('decay_steps has to be 0').waitFor();
    const { problem, running } = await state();
    assert.match(problem, /decay_steps/);
    assert.equal(running, false);
    await alert.getByRole('button', { name: 'Train without decay_steps' }).click();
    await waitForState(page, ({ step, seed }) => step > 0 && seed === 3);
    assert.equal(await alert.count(), 0);
  });
});

test('the address of a chosen run is short, and leads there', async () => {
  await withPage({ query: '?seed=3' }, async ({ page, state }) => {
    const search = (expected) =>
      waitUntil(
        () => new URL(page.url()).search,
        (found) => found === expected,
        { name: `the address ${expected}` },
      );
    const runs = page.getByRole('combobox', { name: 'Run' });
    await waitForState(page, ({ step }) => step > 0);
    await runs.selectOption('linear-1/paper');
    await waitForState(page, ({ variant, step }) => variant === 'paper' && step > 0);
    await search('?variant=paper');
    await runs.selectOption('linear-1/quick');
    await waitForState(page, ({ variant, step }) => variant === 'quick' && step > 0);
    await search('');
    assert.equal((await state()).seed, 1);
  });
});
