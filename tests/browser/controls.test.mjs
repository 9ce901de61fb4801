import assert from 'node:assert/strict';
import { test, waitForStable, waitForState, waitUntil, withPage, withPausedPage } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });

test('pause stops training, and play goes on from there', async () => {
  await withPage({}, async ({ page, state }) => {
    await waitForState(page, ({ step }) => step > 5);
    await button(page, 'Pause').click();
    const paused = await waitForState(
      page,
      ({ running, step, evaluatedStep }) => !running && evaluatedStep === step,
    );
    assert.equal(paused.phase, 'paused');
    assert.equal(await waitForStable(async () => (await state()).step), paused.step);
    await button(page, 'Play').click();
    await waitForState(page, ({ step }) => step > paused.step);
  });
});

test('the promise of pause keeps until the losses are those of the step', async () => {
  await withPage({}, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 5);
    const { running, step, evaluatedStep } = await page.evaluate(() => window.mesaLab.pause());
    assert.equal(running, false);
    assert.equal(evaluatedStep, step);
  });
});

test('a run that is paused at a step which is measured already says so at once', async () => {
  const query = '?steps=1000000&evaluation_interval=1&evaluation_sequences=8&batch_size=8';
  await withPage({ query }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 5);
    for (let time = 0; time < 10; time += 1) {
      const paused = await page.evaluate(() => window.mesaLab.pause());
      assert.deepEqual([paused.running, paused.phase], [false, 'paused']);
      await page.evaluate(() => window.mesaLab.play());
      await waitForState(page, ({ step }) => step > paused.step);
    }
  });
});

test('one step is one step, however fast the button is pressed', async () => {
  await withPausedPage({}, async ({ page, state }) => {
    const stableStep = () => waitForStable(async () => (await state()).step);
    await button(page, 'One step').click();
    await waitForState(page, ({ step }) => step > 0);
    assert.equal(await stableStep(), 1);
    await button(page, 'One step').evaluate((element) => {
      for (let click = 0; click < 7; click += 1) element.click();
    });
    await waitForState(page, ({ step }) => step >= 8);
    assert.equal(await stableStep(), 8);
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
    await waitForState(page, ({ step, running, loss }) => running && step > 0 && loss !== undefined);
    const { history, seed } = await state();
    assert.equal(history.step[0], 0);
    assert.equal(seed, 1);
  });
});

/** Without what differs from visit to visit: how many workers came to help. */
const lasting = ({ workers, ...state }) => {
  assert.ok(workers >= 1);
  return state;
};

test('a new seed makes another run, which its address repeats', async () => {
  await withPage({ query: '?steps=20' }, async ({ page }) => {
    const isMeasured = ({ phase, step, evaluatedStep, means }) =>
      phase === 'finished' && step === 20 && evaluatedStep === 20 && means.zero !== undefined;
    const before = await waitForState(page, isMeasured);
    await button(page, 'New seed').click();
    const after = await waitForState(page, (state) => state.seed !== before.seed && isMeasured(state));
    assert.notEqual(after.loss, before.loss);
    assert.notEqual(after.means.zero, before.means.zero, 'the held-out set follows the seed');
    const seed = String(after.seed);
    await waitUntil(
      () => new URL(page.url()).searchParams.get('seed'),
      (written) => written === seed,
      { name: 'the seed in the address' },
    );

    await page.reload();
    assert.deepEqual(lasting(await waitForState(page, isMeasured)), lasting(after));
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
    await page.getByRole('combobox', { name: 'Run' }).focus();
    // Finds the first run with this letter, as in any list, and does not step.
    await page.keyboard.press('s');
    await waitForState(page, ({ preset, step }) => preset === 'softmax-1' && step > 1);
    const { step } = await page.evaluate(() => window.mesaLab.pause());
    await page.getByText('Keyboard', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'letters act as shortcuts' }).uncheck();
    await page.getByText('Keyboard', { exact: true }).click();
    await page.keyboard.press('s');
    assert.equal(await waitForStable(async () => (await state()).step), step);
  });
});

test('bad arguments to window.mesaLab are refused with a reason', async () => {
  await withPausedPage({}, async ({ page, state }) => {
    const refusal = (call) =>
      page.evaluate((name) => {
        const calls = {
          step: () => window.mesaLab.step(0),
          half: () => window.mesaLab.step(1.5),
          seed: () => window.mesaLab.reset(-1),
        };
        return calls[name]().then(
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
