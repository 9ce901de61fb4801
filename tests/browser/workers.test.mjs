import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForState, withPage } from './harness.mjs';

/** Trains `steps` steps of a run, from its start, once `workers` workers share them. */
async function trainTogether({ page, state }, workers, steps) {
  await waitForState(page, (now) => now.step > 0 && now.workers === workers);
  await page.evaluate(() => window.mesaLab.reset());
  return train({ page, state }, steps);
}

async function train({ page, state }, steps) {
  await page.evaluate((count) => window.mesaLab.step(count), steps);
  const parameters = await page.evaluate(async () => Array.from(await window.mesaLab.parameters()));
  return { ...(await state()), parameters };
}

const outcome = ({ step, history, curves, parameters }) => ({
  step,
  history,
  model: curves.model,
  parameters,
});

const query = (workers) =>
  `?preset=linear-2&batch_size=16&evaluation_interval=10&steps=100000&workers=${workers}`;

test('workers that share the steps, and one that loses its helper, train to the same bits', async (t) => {
  let alone;
  await withPage({ query: query(1) }, async (tools) => {
    alone = await trainTogether(tools, 1, 55);
    assert.equal(alone.workers, 1);
  });
  for (const workers of [2, 4]) {
    await t.test(`${workers} workers`, async () => {
      await withPage({ query: query(workers) }, async (tools) => {
        const shared = await trainTogether(tools, workers, 55);
        assert.equal(shared.workers, workers);
        assert.deepEqual(outcome(shared), outcome(alone));
      });
    });
  }
  await t.test('a helper that throws', async () => {
    await withPage({ query: query(2) }, async (tools) => {
      await trainTogether(tools, 2, 20);
      await stopHelper(tools.page, () => {
        setTimeout(() => {
          throw new Error('lost');
        });
      });
      const left = await train(tools, 35);
      assert.equal(left.workers, 1);
      assert.deepEqual(outcome(left), outcome(alone));
    });
  });
  await t.test('a helper that falls silent', async () => {
    await withPage({ query: query(2) }, async (tools) => {
      await trainTogether(tools, 2, 20);
      await stopHelper(tools.page, () => self.close());
      const left = await train(tools, 35);
      assert.equal(left.workers, 1);
      assert.deepEqual(outcome(left), outcome(alone));
    });
  });
});

async function stopHelper(page, stop) {
  const helper = page.workers().find((worker) => worker.url().includes('helper-worker'));
  await helper.evaluate(stop);
}

test('orders that arrive while a step is shared are obeyed in their order', async () => {
  await withPage({ query: query(2) }, async ({ page, state }) => {
    await waitForState(page, (now) => now.workers === 2);
    const [restarted, stepped] = await page.evaluate(async () => {
      const orders = [
        window.mesaLab.play(),
        window.mesaLab.pause(),
        window.mesaLab.play(),
        window.mesaLab.reset(),
        window.mesaLab.step(7),
        window.mesaLab.step(3),
      ];
      const results = await Promise.all(orders);
      return [results[3], results[5]];
    });
    assert.equal(restarted.step, 0);
    assert.equal(stepped.step, 10);
    assert.equal((await state()).running, false);
  });
});

test('a page without helpers trains alone', async () => {
  const prepare = (page) => page.context().route('**/helper-worker*', (route) => route.abort());
  await withPage({ query: query(2), prepare, complaining: true }, async ({ page }) => {
    await waitForState(page, ({ step, means }) => step > 20 && means.zero !== undefined);
    const { workers, problem } = await page.evaluate(() => window.mesaLab.state());
    assert.equal(workers, 1);
    assert.equal(problem, undefined);
  });
});

test('a number of workers that cannot be is refused by name', async () => {
  await withPage({ query: '?workers=3' }, async ({ page }) => {
    const alert = await page.getByRole('alert').textContent();
    assert.match(alert, /workers: expected auto, 1, 2, 4 or 8, got "3"/);
  });
});
