// Failure is a state: for each, what the visitor sees, what programs are told, and how it goes on.

import assert from 'node:assert/strict';
import { alertOf, assertSensible, chooseRun, isWorkerScript, playOf } from './cases.mjs';
import { stopEngine, test, waitForState, waitUntil, watchEngines, withPage } from './harness.mjs';
import { answer, drop, prepend } from './server.mjs';

const failures = {
  404: answer(404),
  503: answer(503),
  'a broken connection': drop,
  'a page in the place': answer(200, '<p>Welcome', 'text/html'),
};

/** For `prepare`: the page keeps what it tells programs of its problems. */
const keepProblems = (tab) =>
  tab.runEarly(() => {
    window.problems = [];
    window.addEventListener('mesa-problem', ({ detail }) => window.problems.push(detail));
  });

const toldProblems = (page) => page.evaluate(() => window.problems);

const parts = {
  'worker script': isWorkerScript,
  module: (path) => /mesa-(relaxed|simd128).*wasm/.test(path),
};

for (const [name, failure] of Object.entries(failures)) {
  for (const [part, isPart] of Object.entries(parts)) {
    test(
      `${name} of the ${part} is said and told, and can be tried again`,
      { needs: ['early-scripts'] },
      async () => {
        let broken = true;
        const faults = [(path) => broken && isPart(path) && failure];
        await withPage({ faults, prepare: keepProblems, complaining: true }, async ({ page, state }) => {
          const alert = alertOf(page);
          assert.match(await alert.textContent(), /did not arrive/);
          assert.match((await state()).problem, /could not be loaded/);
          const [{ run, about, problem }] = await toldProblems(page);
          assert.deepEqual([run, about, problem.kind], ['main', 'run', 'unavailable']);
          assert.equal(await playOf(page).textContent(), 'Play');
          const refusal = await page.evaluate(() => window.mesaLab.step().catch((error) => error.message));
          assert.match(refusal, /could not be loaded/);
          broken = false;
          await alert.getByRole('button', { name: 'Try again' }).click();
          await waitForState(page, ({ step }) => step > 20);
          assert.equal(await alert.count(), 0);
          await assertSensible(page);
        });
      },
    );
  }
}

for (const [name, how] of [
  ['throws', 'with an error'],
  ['is killed', 'silent'],
]) {
  test(
    `when the worker that trains ${name}, the run can be started again, and any other`,
    { needs: ['early-scripts'], timeout: 120_000 },
    async () => {
      const query = '?steps=1000000&workers=2';
      await withPage({ query, prepare: watchEngines }, async ({ page, state }) => {
        const alert = alertOf(page);
        await waitForState(page, ({ workers }) => workers === 2);
        await stopEngine(page, 'train', how);
        await alert.waitFor({ timeout: 30_000 });
        const stopped = await state();
        assert.equal(stopped.running, false);
        assert.equal(await playOf(page).textContent(), 'Play');

        await alert.getByRole('button', { name: 'Start the run again' }).click();
        await waitForState(page, ({ step, workers }) => step > 20 && workers === 2);
        assert.equal(await alert.count(), 0);

        await stopEngine(page, 'train', how);
        await alert.waitFor({ timeout: 30_000 });
        await chooseRun(page, 'linear-2/quick');
        const other = await waitForState(page, ({ step, preset }) => preset === 'linear-2' && step > 5);
        assert.equal(other.problem, undefined);
        assert.equal(await alert.count(), 0);
        assert.match(page.url(), /preset=linear-2/);
        await page.getByRole('button', { name: 'Pause' }).click();
        const paused = await waitForState(page, ({ running }) => !running);
        await page.getByRole('button', { name: 'One step' }).click();
        await waitForState(page, ({ step }) => step === paused.step + 1);
      });
    },
  );

  test(
    `when a helper ${name}, training goes on, and another one takes its place`,
    { needs: ['early-scripts'], timeout: 120_000 },
    async () => {
      const query = '?steps=1000000&workers=2';
      await withPage({ query, prepare: watchEngines }, async ({ page }) => {
        await waitForState(page, ({ workers, means }) => workers === 2 && means.zero !== undefined);
        await stopEngine(page, 'assist', how);
        const { step } = await waitForState(page, ({ workers }) => workers === 1);
        await waitForState(page, (now) => now.step > step + 20);
        await waitForState(page, ({ workers }) => workers === 2, 30_000);
        assert.equal(await alertOf(page).count(), 0);
      });
    },
  );
}

test('Play, Step and Reset after a crash lead somewhere', { needs: ['early-scripts'] }, async (t) => {
  for (const [button, arrives] of [
    ['Play', ({ step }) => step > 5],
    ['One step', ({ step, running }) => step >= 1 && !running],
    ['Reset', ({ step, running, problem }) => step === 0 && !running && problem === undefined],
  ]) {
    await t.test(button, async () => {
      await withPage({ query: '?steps=1000000', prepare: watchEngines }, async ({ page }) => {
        await waitForState(page, ({ step }) => step > 0);
        await stopEngine(page, 'train', 'with an error');
        await alertOf(page).waitFor();
        await page.getByRole('button', { name: button, exact: true }).click();
        const now = await waitForState(page, (state) => state.problem === undefined && arrives(state));
        assert.equal(now.problem, undefined);
        assert.equal(await alertOf(page).count(), 0);
      });
    });
  }
});

test(
  'references that did not arrive are said to be missing, and measured when asked for again',
  { needs: ['early-scripts'] },
  async () => {
    let broken = true;
    const faults = [(path) => broken && path.includes('mesa-analyses') && answer(404)];
    const query = '?steps=1000000';
    await withPage({ query, faults, prepare: keepProblems, complaining: true }, async ({ page, state }) => {
      const again = page.getByRole('button', { name: 'Measure them again' });
      await again.waitFor();
      const { about, problem } = (await toldProblems(page)).at(-1);
      assert.deepEqual([about, problem.kind], ['references', 'unavailable']);
      assert.equal((await state()).problem, undefined);
      const refusal = await page.evaluate(() =>
        window.mesaLab.reference('chebyshev').catch((error) => error.message),
      );
      assert.match(refusal, /could not be loaded/);

      await again.click();
      // It is still missing: the notice comes back.
      await waitUntil(
        () => toldProblems(page),
        (told) => told.length === 2,
      );
      broken = false;
      await again.click();
      await waitForState(page, ({ means }) => means.zero !== undefined);
      assert.equal(await again.count(), 0);
      const { mean } = await page.evaluate(() => window.mesaLab.reference('chebyshev'));
      assert.ok(mean > 0);
    });
  },
);

test('an analysis whose script or module fails once is there the second time', async (t) => {
  for (const [part, isPart] of [
    ['script', (path) => /definition-.*js/.test(path)],
    ['module', (path) => /mesa-analyses.*wasm/.test(path)],
    ['script of the module', (path) => /mesa-analyses.*js/.test(path)],
  ]) {
    for (const status of [404, 503]) {
      await t.test(`${status} for the ${part}`, async () => {
        let broken = true;
        const faults = [(path) => broken && isPart(path) && answer(status)];
        const query = '?steps=100&view=probe';
        await withPage({ query, faults, complaining: true }, async ({ page }) => {
          const panel = page.getByRole('tabpanel');
          const alert = panel.getByRole('alert');
          await alert.waitFor();
          broken = false;
          await alert.getByRole('button').click();
          await panel.locator('[data-part="chart"], [data-part="heat-map"]').first().waitFor();
          assert.equal(await alert.count(), 0);
          await waitForState(page, ({ problem }) => problem === undefined);
        });
      });
    }
  }
});

test('a model that is too large is refused by the names of its settings, and other runs stay available', async () => {
  const query = '?preset=transformer-7&width=512&heads=16&key_size=256&layers=12&mlp_size=2048';
  await withPage({ query, complaining: true }, async ({ page, state }) => {
    const alert = alertOf(page);
    const text = await alert.textContent();
    assert.match(text, /memory/);
    assert.match(text, /A smaller width, layers, heads, or key_size would help/);
    assert.doesNotMatch(text, /bad_alloc/);
    await assertSensible(page);
    await alert.getByRole('button', { name: 'Train transformer-7 without changed settings' }).waitFor();
    await chooseRun(page, 'linear-2/quick');
    await waitForState(page, ({ step, preset }) => preset === 'linear-2' && step > 5);
    assert.equal(await alert.count(), 0);
    assert.equal((await state()).problem, undefined);
  });
});

test('a browser that gives no memory is said to, and the run can be tried again', async () => {
  let broken = true;
  const refuseMemory = `{
    const { Memory } = WebAssembly;
    const refuse = () => { throw new RangeError('WebAssembly.Memory(): could not allocate memory'); };
    WebAssembly.Memory = new Proxy(Memory, { construct: refuse });
    WebAssembly.instantiate = refuse;
    WebAssembly.instantiateStreaming = undefined;
  }\n`;
  const faults = [(path) => broken && isWorkerScript(path) && prepend(refuseMemory)];
  await withPage({ faults, complaining: true }, async ({ page }) => {
    const alert = alertOf(page);
    assert.match(await alert.textContent(), /memory/);
    broken = false;
    await chooseRun(page, 'linear-2/quick');
    await waitForState(page, ({ step, preset }) => preset === 'linear-2' && step > 5);
    assert.equal(await alert.count(), 0);
  });
});

const removed = {
  WebAssembly: ['WebAssembly', () => delete globalThis.WebAssembly],
  workers: ['web workers', () => delete globalThis.Worker],
  'workers made of modules': [
    'workers made of modules',
    () => {
      // An older browser looks at the address alone.
      const Original = window.Worker;
      window.Worker = class extends Original {
        constructor(address) {
          super(address);
        }
      };
    },
  ],
};

for (const [what, [words, remove]] of Object.entries(removed)) {
  test(
    `a browser without ${what} is told so, and can read what is written`,
    { needs: ['early-scripts'] },
    async () => {
      await withPage({ prepare: (tab) => tab.runEarly(remove) }, async ({ page }) => {
        assert.match(await alertOf(page).textContent(), new RegExp(words));
        assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
      });
    },
  );
}

for (const [what, code, words] of [
  ['WebAssembly', 'delete globalThis.WebAssembly;', /WebAssembly/],
  ['SIMD', 'WebAssembly.validate = () => false;', /SIMD/],
]) {
  test(`a worker without ${what} says so`, async () => {
    const faults = [(path) => isWorkerScript(path) && prepend(code)];
    await withPage({ faults }, async ({ page }) => {
      assert.match(await alertOf(page).textContent(), words);
      await assertSensible(page);
    });
  });
}

test('an entry script that does not arrive is said to be missing', async () => {
  const faults = [(path) => /index-.*js/.test(path) && answer(404)];
  await withPage({ faults, complaining: true }, async ({ page }) => {
    assert.match(await alertOf(page).textContent(), /did not arrive/);
    const size = await page
      .getByRole('heading', { level: 1 })
      .evaluate((heading) => parseFloat(getComputedStyle(heading).fontSize));
    assert.ok(size > 0);
  });
});

test('a frame of no origin is styled and says why it does not run', async () => {
  const frame = '<!doctype html><iframe sandbox="allow-scripts" src="/" width="800" height="600"></iframe>';
  const faults = [(path) => path === '/framed' && answer(200, frame, 'text/html')];
  await withPage({ path: '/framed', faults, complaining: true }, async ({ page }) => {
    const inside = page.frameLocator('iframe');
    assert.match(await inside.getByRole('alert').filter({ visible: true }).textContent(), /shut off/);
    const family = await inside.locator('body').evaluate((body) => getComputedStyle(body).fontFamily);
    assert.doesNotMatch(family, /^"?Times/);
  });
});
