import assert from 'node:assert/strict';
import {
  engineDuties,
  stopEngine,
  test,
  waitForState,
  waitUntil,
  watchEngines,
  withPage,
} from './harness.mjs';
import { answer } from './server.mjs';

const query = (workers) =>
  `?preset=linear-2&batch_size=16&evaluation_interval=10&steps=300&workers=${workers}`;

/** A run that is watched from its start: how many workers have shared a step of it at most. */
const watchTeam = async (tab) => {
  await watchEngines(tab);
  await tab.runEarly(() => {
    window.mostWorkers = 0;
    window.addEventListener('mesa-progress', ({ detail }) => {
      window.mostWorkers = Math.max(window.mostWorkers, detail.workers);
    });
  });
};

/** What a run of 300 steps comes to. `interfere` may do something to it once `workers` workers share its steps. */
async function trainTogether(workers, interfere = async () => {}) {
  let outcome;
  await withPage({ query: query(workers), prepare: watchTeam }, async ({ page }) => {
    const { step } = await waitForState(page, ({ step, workers: now }) => step > 20 && now === workers);
    await interfere(page);
    assert.ok(step < 300, 'there is something left to share');
    const { history, curves } = await waitForState(
      page,
      ({ phase, evaluatedStep }) => phase === 'finished' && evaluatedStep === 300,
      60_000,
    );
    assert.equal(await page.evaluate(() => window.mostWorkers), workers);
    const parameters = await page.evaluate(async () => Array.from(await window.mesaLab.parameters()));
    outcome = { history, curve: curves.model, parameters };
  });
  return outcome;
}

test(
  'however many workers share the steps, and whoever of them is lost, a run ends with the same bits',
  { needs: ['early-scripts'], timeout: 300_000 },
  async (t) => {
    const alone = await trainTogether(1);
    for (const workers of [2, 3, 4, 5, 6]) {
      await t.test(`${workers} workers`, async () => {
        assert.deepEqual(await trainTogether(workers), alone);
      });
    }
    for (const [name, how] of [
      ['a helper that throws', 'with an error'],
      ['a helper that falls silent', 'silent'],
    ]) {
      await t.test(name, async () => {
        const stop = (page) => stopEngine(page, 'assist', how);
        assert.deepEqual(await trainTogether(2, stop), alone);
      });
    }
  },
);

const endless = query(2).replace('steps=300', 'steps=1000000');

test('a helper that is gone is replaced', { needs: ['early-scripts'] }, async () => {
  await withPage({ query: endless, prepare: watchEngines }, async ({ page }) => {
    await waitForState(page, ({ workers }) => workers === 2);
    await stopEngine(page, 'assist', 'with an error');
    await waitUntil(
      () => engineDuties(page),
      (duties) => duties.filter((duty) => duty === 'assist').length === 1,
    );
    const { step } = await waitForState(page, ({ workers }) => workers === 2);
    await waitForState(page, (later) => later.workers === 2 && later.step > step + 20);
  });
});

test(
  'a run that is reset while workers share a step begins with the same bits each time',
  { timeout: 120_000 },
  async () => {
    await withPage({ query: endless }, async ({ page }) => {
      await waitForState(page, ({ workers }) => workers === 2);
      const outcomes = await page.evaluate(async () => {
        const found = [];
        const shared = () =>
          new Promise((resolve) => {
            const follow = ({ detail }) => {
              if (!detail.running || detail.workers !== 2) return;
              window.removeEventListener('mesa-progress', follow);
              resolve();
            };
            window.addEventListener('mesa-progress', follow);
          });
        for (let time = 0; time < 8; time += 1) {
          await window.mesaLab.play();
          await shared();
          await window.mesaLab.reset();
          await window.mesaLab.step(3);
          found.push(Array.from(await window.mesaLab.parameters()));
        }
        return found;
      });
      for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0]);
    });
  },
);

test('of orders that come one upon the other, the newest one holds', async () => {
  await withPage({ query: endless }, async ({ page, state }) => {
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
    assert.ok(restarted.step <= 10, `step ${restarted.step} after the reset`);
    assert.equal(stepped.step, 10, 'steps asked for one by one add up');
    assert.equal((await state()).running, false);
  });
});

test('a page whose helpers do not arrive trains alone, and does not ask for them all the time', async () => {
  let asked = 0;
  const isSecond = (path) => {
    if (!path.includes('engine-worker')) return false;
    asked += 1;
    return asked > 1;
  };
  const faults = [(path) => isSecond(path) && answer(404)];
  await withPage({ query: endless, faults, complaining: true }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 20);
    const { workers, problem } = await page.evaluate(() => window.mesaLab.state());
    assert.equal(workers, 1);
    assert.equal(problem, undefined);
    // One for the references, and at most one in each of the growing waits for a helper.
    assert.ok(asked < 12, `asked ${asked} times`);
  });
});
