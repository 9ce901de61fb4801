import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForState, withPage, withPausedPage } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('pause stops training, and play goes on from there', async () => {
  await withPage({}, async ({ page, state }) => {
    await waitForState(page, ({ step }) => step > 5);
    await button(page, 'Pause').click();
    await waitForState(page, ({ running }) => !running);
    const paused = await state();
    assert.equal(paused.evaluatedStep, paused.step, 'the losses shown are those of the step shown');
    await pause(400);
    assert.equal((await state()).step, paused.step);
    await button(page, 'Play').click();
    await waitForState(page, ({ step }) => step > paused.step);
  });
});

test('one step is one step, however fast the button is pressed', async () => {
  await withPausedPage({}, async ({ page, state }) => {
    await button(page, 'One step').click();
    await waitForState(page, ({ step }) => step > 0);
    await pause(200);
    assert.equal((await state()).step, 1);
    await page.evaluate(() => {
      const stepButton = [...document.querySelectorAll('button')].find(
        (one) => one.textContent === 'One step',
      );
      for (let click = 0; click < 7; click += 1) stepButton.click();
    });
    await waitForState(page, ({ step }) => step >= 8);
    await pause(200);
    assert.equal((await state()).step, 8);
  });
});

test('reset repeats the same losses and parameters bit for bit; another seed does not', async () => {
  await withPausedPage({ query: '?evaluation_interval=5' }, async ({ page }) => {
    const train = (seed) =>
      page.evaluate(async (chosen) => {
        const { step, running } = await window.mesaLab.reset(chosen);
        const { history, curves } = await window.mesaLab.step(25);
        const parameters = Array.from(await window.mesaLab.parameters());
        return { start: { step, running }, losses: history.loss, curve: curves.model, parameters };
      }, seed);
    const first = await train();
    assert.deepEqual(first.start, { step: 0, running: false });
    assert.equal(first.losses.length, 6);
    assert.deepEqual(await train(), first);
    assert.notDeepEqual((await train(7)).losses, first.losses);
    assert.deepEqual(await train(1), first, 'back under the first seed');
  });
});

test('the reset button starts the run over and keeps it training', async () => {
  await withPage({}, async ({ page, state }) => {
    // So many steps that the state is looked at before the new run has made as many, on a busy machine too.
    await waitForState(page, ({ step }) => step > 200);
    await button(page, 'Reset').click();
    await waitForState(page, ({ step }) => step < 200);
    await waitForState(page, ({ step, running }) => running && step > 0);
    const { history, seed } = await state();
    assert.equal(history.step[0], 0);
    assert.equal(seed, 1);
  });
});

test('a new seed makes another run, which its address repeats', async () => {
  await withPage({ query: '?steps=20' }, async ({ page }) => {
    const before = await waitForState(page, ({ step, means }) => step === 20 && means.zero !== undefined);
    await button(page, 'New seed').click();
    const after = await waitForState(
      page,
      ({ seed, step, means }) => seed !== before.seed && step === 20 && means.zero !== undefined,
    );
    assert.notEqual(after.loss, before.loss);
    assert.notEqual(after.means.zero, before.means.zero, 'the held-out set follows the seed');
    assert.equal(new URL(page.url()).searchParams.get('seed'), String(after.seed));

    await page.reload();
    assert.deepEqual(
      await waitForState(page, ({ step, means }) => step === 20 && means.zero !== undefined),
      after,
    );
  });
});

test('everything works from the keyboard', async () => {
  await withPausedPage({}, async ({ page }) => {
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Skip to the laboratory');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Play');
    assert.notEqual(
      await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle),
      'none',
      'the focus shows',
    );
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'One step');
    await page.keyboard.press('Space');
    await waitForState(page, ({ step }) => step === 1);

    await page.keyboard.press('s');
    await waitForState(page, ({ step }) => step === 2);
    await page.keyboard.press('p');
    await waitForState(page, ({ running }) => running);
    await page.keyboard.press('p');
    await waitForState(page, ({ running }) => !running);
    await page.keyboard.press('r');
    await waitForState(page, ({ step }) => step === 0);
    await page.keyboard.press('n');
    await waitForState(page, ({ seed }) => seed !== 1);
  });
});

test('letters stop acting once they are switched off, and never act where one types', async () => {
  await withPausedPage({}, async ({ page, state }) => {
    await page.locator('.run-choice select').focus();
    // Finds the first run with this letter, as in any list, and does not step.
    await page.keyboard.press('s');
    await waitForState(page, ({ preset, step }) => preset === 'softmax-1' && step > 1);
    const { step } = await page.evaluate(() => window.mesaLab.pause());
    await page.getByText('Keyboard', { exact: true }).click();
    await page.getByLabel('letters act as shortcuts').uncheck();
    await page.getByText('Keyboard', { exact: true }).click();
    await page.keyboard.press('s');
    await pause(300);
    assert.equal((await state()).step, step);
  });
});

test('bad arguments to window.mesaLab are refused with a reason', async () => {
  await withPausedPage({}, async ({ page, state }) => {
    const refusal = (call) =>
      page.evaluate((source) => {
        const calls = {
          step: () => window.mesaLab.step(0),
          half: () => window.mesaLab.step(1.5),
          seed: () => window.mesaLab.reset(-1),
        };
        return calls[source]().then(
          () => 'accepted',
          (error) => error.message,
        );
      }, call);
    assert.match(await refusal('step'), /count: expected a whole number from 1, got 0/);
    assert.match(await refusal('half'), /count: .* got 1.5/);
    assert.match(await refusal('seed'), /seed: expected a whole number from 0, got -1/);
    assert.equal((await state()).step, 0);
  });
});
