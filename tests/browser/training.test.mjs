import assert from 'node:assert/strict';
import { test, waitForState, withPage } from './harness.mjs';

test('the page opens on linear-1, which trains by itself', async () => {
  await withPage({}, async ({ page }) => {
    const { preset, running } = await waitForState(page, ({ step }) => step > 0);
    assert.deepEqual({ preset, running }, { preset: 'linear-1', running: true });
  });
});

/** Adds up how far things move on the page from now on. */
function keepShifts() {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shift += value;
  }).observe({ type: 'layout-shift' });
}

test('the default run learns one gradient step', { timeout: 120_000 }, async (t) => {
  await withPage({}, async ({ page, state }) => {
    await waitForState(page, ({ means }) => means.zero !== undefined);
    await page.evaluate(keepShifts);
    await t.test('it starts as good as predicting zero', async () => {
      const { history, means } = await state();
      assert.equal(history.step[0], 0);
      assert.ok(
        Math.abs(history.loss[0] / means.zero - 1) < 0.01,
        `${history.loss[0]} against ${means.zero}`,
      );
    });

    await t.test('at the end its curve lies on that of one gradient step', async () => {
      await waitForState(page, ({ phase }) => phase === 'finished', 90_000);
      const { curves, means, loss } = await state();
      t.diagnostic(`loss ${loss.toFixed(4)}, one gradient step ${means.gradient_descent.toFixed(4)}`);
      assert.ok(Math.abs(loss / means.gradient_descent - 0.985) < 0.025);
      const distance = (name) =>
        curves[name].reduce((sum, value, index) => sum + Math.abs(curves.model[index] - value), 0) / 50;
      assert.ok(distance('gradient_descent') < 0.1, `${distance('gradient_descent')} away on average`);
      assert.ok(distance('least_squares') > 0.3 && distance('zero') > 0.3, 'and not on the others');
    });

    await t.test('nothing moved while the numbers ticked', async () => {
      assert.ok((await page.evaluate(() => window.shift)) < 0.005);
    });
  });
});

test('training goes on past the end of the run', async () => {
  await withPage({ query: '?steps=15' }, async ({ page, state }) => {
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 15);
    await page.getByRole('button', { name: 'Train on' }).click();
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step > 15);
    assert.equal((await state()).step, 30);
  });
});

test('mesa-progress says where the run stands and what is new, and so adds up to its history', async () => {
  const query = '?steps=60&evaluation_interval=2&evaluation_sequences=16&start=click';
  await withPage({ query }, async ({ page }) => {
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const { details, state } = await page.evaluate(async () => {
      const details = [];
      const ended = new Promise((resolve) => {
        window.addEventListener('mesa-progress', ({ detail }) => {
          details.push(detail);
          if (detail.phase === 'finished' && detail.evaluatedStep === 60) resolve();
        });
      });
      await window.mesaLab.play();
      await ended;
      return { details, state: window.mesaLab.state() };
    });
    for (const detail of details) {
      assert.equal(detail.figure, 'main');
      assert.equal(detail.run, state.run);
      assert.equal(detail.curves, undefined, 'what was measured before is not told again');
    }
    const evaluations = details.flatMap((detail) => detail.evaluations);
    assert.deepEqual(
      { step: evaluations.map(({ step }) => step), loss: evaluations.map(({ loss }) => loss) },
      state.history,
    );
    const { evaluations: newest, ...standing } = details.at(-1);
    assert.ok(Array.isArray(newest));
    for (const [key, value] of Object.entries(standing)) assert.deepEqual(value, state[key], key);
  });
});

test('window.mesaLab leads to figures by name', async () => {
  await withPage({ query: '?steps=2&figure=lesson' }, async ({ page }) => {
    await waitForState(page, ({ step }) => step === 2);
    const { names, state, refusal } = await page.evaluate(() => {
      const refuse = () => {
        try {
          return window.mesaLab.figure('other');
        } catch (error) {
          return error.message;
        }
      };
      return {
        names: window.mesaLab.figures(),
        state: window.mesaLab.figure('lesson').state(),
        refusal: refuse(),
      };
    });
    assert.deepEqual(names, ['lesson']);
    assert.deepEqual([state.figure, state.step], ['lesson', 2]);
    assert.match(refusal, /figure: expected one of lesson, got "other"/);
  });
});
