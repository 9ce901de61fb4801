// Many figures on one page share its cores, and leave each other alone.

import assert from 'node:assert/strict';
import { buildTestPage } from './fixtures/build.mjs';
import { engineDuties, test, waitForStable, waitUntil, watchEngines, withPage } from './harness.mjs';
import { answer } from './server.mjs';

const { path, faults } = await buildTestPage('many-figures');

const presets = [
  'linear-1',
  'linear-2',
  'softmax-1',
  'mesa-1',
  'linear-4',
  'softmax-2',
  'contracting-linear-1',
  'fixed-linear-1',
];
const idOf = (index) => `figure-${index}`;
const small = { steps: '10000000', batch_size: '8', evaluation_sequences: '64', evaluation_interval: '50' };

const stateOf = (page, id) => page.evaluate((wanted) => window.mesaLab.figure(wanted).state(), id);
const allStates = (page) =>
  page.evaluate(() => window.mesaLab.figures().map((id) => window.mesaLab.figure(id).state()));
const workersOf = (tab) => tab.workers().filter(({ url }) => url.includes('engine-worker')).length;

/** A page with eight figures. All of them are in sight of a window that is tall enough. */
async function withFigures(options, use) {
  const { settings = small, ...look } = options;
  await withPage({ path, faults, height: 8000, prepare: watchEngines, ...look }, async (tools) => {
    const { page } = tools;
    await page.locator('#figures').waitFor({ state: 'attached' });
    await page.waitForFunction(() => window.manyFigures);
    await page.evaluate(
      ([all, given]) =>
        all.forEach((preset, index) =>
          window.manyFigures.add(`figure-${index}`, { preset, settings: given }),
        ),
      [presets, settings],
    );
    await use(tools);
  });
}

const needs = ['early-scripts', 'workers'];

test(
  'eight figures never have more than two workers, and all of them get on',
  { needs, timeout: 180_000 },
  async () => {
    await withFigures({}, async ({ tab, page }) => {
      // The one in use has all cores while it plays.
      const most = { workers: 0, training: 0 };
      await waitUntil(
        () => stateOf(page, idOf(0)),
        ({ step }) => step > 0,
      );
      await page.evaluate(() => window.mesaLab.figure('figure-0').pause());
      await waitUntil(
        async () => {
          const duties = await engineDuties(page);
          most.workers = Math.max(most.workers, duties.length, workersOf(tab));
          most.training = Math.max(
            most.training,
            duties.filter((duty) => ['train', 'assist'].includes(duty)).length,
          );
          return allStates(page);
        },
        (states) => states.every(({ step }) => step > 0),
        { timeout: 120_000, name: 'all of them having trained' },
      );
      assert.equal(most.workers, 2);
      assert.equal(most.training, 2);
    });
  },
);

test('an error in one figure leaves the others alone, and it can be drawn again', { needs }, async () => {
  await withFigures({ complaining: true }, async ({ page }) => {
    await page.evaluate(() => window.manyFigures.use('figure-1'));
    await waitUntil(
      () => stateOf(page, idOf(1)),
      ({ step }) => step > 0,
    );
    await page.evaluate(() => window.manyFigures.breakFigure('figure-1'));
    const host = page.locator('[data-host="figure-1"]');
    await host.getByRole('alert').getByText('This figure cannot be shown').waitFor();
    assert.equal(await page.getByRole('alert').count(), 1);
    assert.equal(await page.locator('[data-figure]').count(), presets.length - 1);
    await page.evaluate(() => window.manyFigures.use('figure-2'));
    const { step } = await stateOf(page, idOf(2));
    await waitUntil(
      () => stateOf(page, idOf(2)),
      (now) => now.step > step,
    );
    await page.evaluate(() => window.manyFigures.mend('figure-1'));
    await host.getByRole('button').click();
    await page.locator('[data-figure="figure-1"]').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
  });
});

test('a run that goes wrong is the problem of its figure alone', { needs }, async () => {
  await withFigures({}, async ({ page }) => {
    await page.evaluate(() =>
      window.manyFigures.add('wrong', { settings: { width: '1', layers: '99' }, start: 'auto' }),
    );
    await page.evaluate(() => window.manyFigures.use('wrong'));
    await page.locator('[data-host="wrong"]').getByRole('alert').waitFor();
    assert.equal(await page.getByRole('alert').count(), 1);
    await page.evaluate(() => window.manyFigures.use('figure-3'));
    await waitUntil(
      () => stateOf(page, idOf(3)),
      ({ step }) => step > 0,
    );
  });
});

test(
  'letters act on the figure with the focus only, and what is said and told names it',
  { needs },
  async () => {
    await withFigures({}, async ({ page }) => {
      await waitUntil(
        () => stateOf(page, idOf(0)),
        ({ step }) => step > 0,
      );
      await page.evaluate(() => {
        window.told = [];
        window.addEventListener('mesa-progress', ({ detail }) =>
          window.told.push([detail.figure, detail.run]),
        );
      });
      const playing = () => page.getByRole('button', { name: /^(Play|Pause)$/ }).allTextContents();
      assert.ok((await playing()).every((text) => text === 'Pause'));

      await page.locator('body').press('p');
      assert.ok((await playing()).every((text) => text === 'Pause'));

      await page.locator('[data-figure="figure-3"]').focus();
      await page.keyboard.press('p');
      await waitUntil(playing, (texts) =>
        texts.every((text, index) => text === (index === 3 ? 'Play' : 'Pause')),
      );
      const said = page.locator('[role="status"][data-of="figure-3"]');
      await waitUntil(
        () => said.textContent(),
        (text) => text === 'paused',
      );
      const others = await page.locator('[role="status"]:not([data-of="figure-3"])').allTextContents();
      assert.ok(
        others.every((text) => text === ''),
        `${others}`,
      );
      const told = await page.evaluate(() => window.told);
      assert.ok(
        told.length > 0 && told.every(([figure, run]) => figure === run && /^figure-\d$/.test(figure)),
      );
    });
  },
);

test(
  'figures that are out of sight park, and go on with the same run when they are seen again',
  { needs },
  async () => {
    await withFigures({ height: 700 }, async ({ page }) => {
      const first = () => stateOf(page, idOf(0));
      const last = () => stateOf(page, idOf(7));
      await waitUntil(first, ({ step }) => step > 100);
      assert.equal((await last()).phase, 'idle');
      await page.locator('[data-host="figure-7"]').evaluate((host) => host.scrollIntoView());
      await waitUntil(first, ({ phase }) => phase === 'parked');
      const { step } = await first();
      await waitUntil(last, (now) => now.running && now.step > 0);
      assert.equal((await first()).step, step);
      await page.locator('[data-host="figure-0"]').evaluate((host) => host.scrollIntoView());
      await waitUntil(last, ({ phase }) => phase === 'parked');
      const resumed = await waitUntil(first, (now) => now.running && now.step > step);
      assert.equal(resumed.problem, undefined);
      const { history } = resumed;
      assert.ok(history.step.every((one, index) => index === 0 || one > history.step[index - 1]));
    });
  },
);

/** A page with our page in a frame, below what can be seen at first. */
const framing = (style) =>
  answer(
    200,
    `<!doctype html><body style="height: 6000px; margin: 0"><div style="height: 3000px"></div>
    <iframe src="/?steps=10000000" style="width: 800px; height: 600px; ${style}"></iframe>`,
    'text/html',
  );

test('a frame that is out of sight, or hidden, does not train until it is seen', async (t) => {
  for (const [style, show] of [
    ['', () => window.scrollTo(0, 3000)],
    [
      'display: none',
      () => {
        document.querySelector('iframe').style.display = '';
        window.scrollTo(0, 3000);
      },
    ],
  ]) {
    await t.test(style || 'out of sight', async () => {
      const frames = [(address) => address === '/framing' && framing(style)];
      await withPage({ path: '/framing', faults: frames }, async ({ page }) => {
        const state = () => page.frames()[1]?.evaluate(() => window.mesaLab?.state());
        await waitUntil(state, (now) => now !== undefined);
        const { step } = await waitForStable(state);
        assert.ok(step < 200, `${step}`);
        await page.evaluate(show);
        await waitUntil(state, (now) => now.running && now.step > step + 20);
        await page.evaluate(() => window.scrollTo(0, 0));
        await waitUntil(state, (now) => now.phase === 'parked');
        const parked = await waitForStable(state);
        assert.equal(parked.phase, 'parked');
      });
    });
  }
});

/** MESA_DISPOSALS=100 takes longer. */
const disposals = Number(process.env.MESA_DISPOSALS ?? 20);

test(
  `after eight figures are disposed, ${disposals} times over, no worker is left and memory is what it was`,
  { needs: [...needs, 'heap'], timeout: 270_000 + 3_000 * disposals },
  async (t) => {
    await withPage({ path, faults, height: 8000, prepare: watchEngines }, async ({ tab, page }) => {
      await page.waitForFunction(() => window.manyFigures);
      /** Figures come, the first one of them trains, and all go. */
      const repeat = (times) =>
        page.evaluate(
          async ([all, rounds]) => {
            for (let round = 0; round < rounds; round += 1) {
              all.forEach((preset, index) =>
                window.manyFigures.add(`figure-${index}`, {
                  preset,
                  views: ['weights'],
                  settings: { batch_size: '8', evaluation_sequences: '64' },
                }),
              );
              await new Promise((resolve) => {
                const listen = ({ detail }) => {
                  if (detail.step === 0) return;
                  window.removeEventListener('mesa-progress', listen);
                  resolve();
                };
                window.addEventListener('mesa-progress', listen);
              });
              await window.manyFigures.disposeAll();
            }
          },
          [presets, times],
        );
      const settledHeap = async () => {
        await waitUntil(
          () => workersOf(tab),
          (count) => count === 0,
        );
        return Math.min(await tab.heapBytes(), await tab.heapBytes(), await tab.heapBytes());
      };
      // The longer code runs, the better it is compiled, which takes memory too: most of it by then.
      await repeat(80);
      const before = await settledHeap();
      await repeat(disposals);
      const after = await settledHeap();
      t.diagnostic(`heap ${(before / 1e6).toFixed(2)} MB before, ${(after / 1e6).toFixed(2)} MB after`);
      assert.deepEqual(await engineDuties(page), []);
      assert.ok(after < 1.05 * before, `${before} became ${after} bytes`);
      assert.equal(await page.locator('[data-host]').count(), 0);
    });
  },
);
