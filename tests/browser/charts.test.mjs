import assert from 'node:assert/strict';
import { test, waitForState, withPage, withPausedPage } from './harness.mjs';

const chart = (page, title) =>
  page.locator('[data-part="chart"]', { has: page.getByRole('heading', { name: title, exact: true }) });

const lineOf = (figure, series) => figure.locator(`[data-part="line"][data-series="${series}"]`);

/** The chart's values as its legend shows them, by label. */
const legend = (figure) =>
  figure.locator('[data-part="legend"]').evaluate((element) => ({
    place: element.querySelector('[data-part="legend-place"]').textContent,
    values: Object.fromEntries(
      [...element.querySelectorAll('[data-part="legend-entry"]')].map((entry) => [
        entry.querySelector('dt').textContent,
        entry.querySelector('dd').textContent,
      ]),
    ),
  }));

/** Three decimals, or as many as a small loss needs to say something. */
const shown = (loss) => (loss < 0.1 ? loss.toPrecision(3) : loss.toFixed(3));

const expectedValues = ({ curves }, index) => ({
  Transformer: shown(curves.model[index]),
  'one gradient step': shown(curves.gradient_descent[index]),
  'least squares': shown(curves.least_squares[index]),
  'predicting zero': shown(curves.zero[index]),
});

test('the in-context curve is read with the arrow keys', async () => {
  await withPausedPage({}, async ({ page }) => {
    const state = await page.evaluate(() => window.mesaLab.step(20));
    const figure = chart(page, 'Learning in context');
    assert.deepEqual(await legend(figure), { place: 'at t = 50', values: expectedValues(state, 49) });

    const slider = figure.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await legend(figure), { place: 'at t = 2', values: expectedValues(state, 1) });
    assert.equal(await slider.getAttribute('aria-valuenow'), '2');
    const spoken = await slider.getAttribute('aria-valuetext');
    assert.match(spoken, /^at t = 2: /);
    for (const [label, value] of Object.entries(expectedValues(state, 1))) {
      assert.ok(spoken.includes(`${label} ${value}`), spoken);
    }
    await page.keyboard.press('Escape');
    assert.equal((await legend(figure)).place, 'at t = 50');
  });
});

test('the loss over training is read with the pointer', async () => {
  await withPausedPage({ query: '?steps=100' }, async ({ page }) => {
    const { history, means } = await page.evaluate(() => window.mesaLab.step(40));
    const figure = chart(page, 'Learning to learn in context');
    const box = await lineOf(figure, 'gradient_descent').boundingBox();
    await page.mouse.move(box.x + 0.2 * box.width, box.y - 20);
    const { place, values } = await legend(figure);
    assert.equal(place, 'at step 20');
    assert.equal(values.Transformer, shown(history.loss[history.step.indexOf(20)]));
    assert.equal(values['least squares'], shown(means.least_squares));
    await page.mouse.move(5, 5);
    assert.equal((await legend(figure)).place, 'at step 40');
  });
});

test('lines are drawn where the axes say that their values are', async () => {
  await withPausedPage({}, async ({ page }) => {
    const { curves } = await page.evaluate(() => window.mesaLab.step(10));
    const drawn = await chart(page, 'Learning in context').evaluate((figure) => {
      const ticks = [...figure.querySelectorAll('[data-part="tick-y"]')];
      const lines = [...figure.querySelectorAll('[data-part="line"]')];
      return {
        ticks: ticks.map((tick) => {
          // The grid line that the tick names.
          const y = Number(tick.parentElement.querySelector('line').getAttribute('y1'));
          return { value: Number(tick.textContent), y };
        }),
        lines: Object.fromEntries(
          lines.map((line) => [line.dataset.series, line.getAttribute('d').match(/[-.\d]+,[-.\d]+/g)]),
        ),
      };
    });
    const [zero, one] = [0, 1].map((value) => drawn.ticks.find((tick) => tick.value === value).y);
    for (const name of ['model', 'gradient_descent', 'least_squares', 'zero']) {
      const points = drawn.lines[name];
      assert.equal(points.length, 50, name);
      for (const [index, point] of points.entries()) {
        const value = (Number(point.split(',')[1]) - zero) / (one - zero);
        assert.ok(Math.abs(value - curves[name][index]) < 1e-4, `${name} at ${index + 1}: drawn at ${value}`);
      }
    }
  });
});

test('a long run draws no more points than the eye can tell apart', async () => {
  const query = '?steps=900&evaluation_interval=1&evaluation_sequences=8&batch_size=1';
  await withPage({ query }, async ({ page }) => {
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 900);
    const path = await lineOf(chart(page, 'Learning to learn in context'), 'model').getAttribute('d');
    const points = path.match(/[-.\d]+,[-.\d]+/g).length;
    assert.ok(points > 400 && points <= 802, `${points} points`);
  });
});
