import assert from 'node:assert/strict';
import {
  engineDuties,
  test,
  waitForState,
  waitUntil,
  watchEngines,
  withPage,
  withPausedPage,
} from './harness.mjs';

const tab = (page, name) => page.getByRole('tab', { name });
const chosen = (page) => page.getByRole('tab', { selected: true }).textContent();
const waitForSearch = (page, expected, why = 'the address') =>
  waitUntil(
    () => new URL(page.url()).search,
    (search) => search === expected,
    { name: `${why}: ${expected}` },
  );
const standing = (page, text) => page.locator('[data-part="standing"]', { hasText: text });

test('tabs are walked through with the arrow keys, and the address follows', async () => {
  await withPausedPage({ query: '?seed=3' }, async ({ page }) => {
    assert.equal(await chosen(page), 'Weights');
    await tab(page, 'Weights').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await chosen(page), 'Compression');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Compression');
    await waitForSearch(page, '?view=compress&seed=3');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await chosen(page), 'Weights', 'from the first one left leads to the last one');
    await page.keyboard.press('Home');
    assert.equal(await chosen(page), 'Weights');
    await waitForSearch(page, '?seed=3', 'the first view does not stand in the address');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    assert.equal(await chosen(page), 'Weights');

    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement.getAttribute('role'));
    assert.equal(focused, 'tabpanel', 'the other tabs are not in the order of focus');
  });
});

test('the address leads to a view, and keeps it from run to run', async () => {
  await withPage({ query: '?view=compress&steps=20' }, async ({ page }) => {
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 20);
    assert.equal(await chosen(page), 'Compression');
    await standing(page, 'As of step 20').waitFor();
    await page.getByRole('combobox', { name: 'Run' }).selectOption('softmax-1/quick');
    await waitForState(page, ({ preset, step }) => preset === 'softmax-1' && step > 0);
    await waitForSearch(page, '?preset=softmax-1&view=compress');
    await tab(page, 'Compression (not for this model)').waitFor();
    await page.getByText('Only a model of linear layers can be compressed').waitFor();
  });
});

test('a view that does not exist is the first one, and a note says so', async () => {
  await withPage({ query: '?view=nothing&steps=2' }, async ({ page }) => {
    await waitForState(page, ({ phase, step, problem }) => {
      return phase === 'finished' && step === 2 && problem === undefined;
    });
    assert.equal(await chosen(page), 'Weights');
    await page.getByText('view can be weights,').waitFor();
  });
});

test('what is looked at follows the training', async () => {
  await withPage({ query: '?view=compress' }, async ({ page, state }) => {
    const newest = standing(page, 'As of step');
    const first = await newest.textContent();
    await newest.and(page.locator('[data-part="standing"]', { hasNotText: first })).waitFor();
    await page.evaluate(() => window.mesaLab.pause());
    const { step, loss } = await state();
    await standing(page, `As of step ${step.toLocaleString('en')},`).waitFor();
    const trained = page.locator('[data-part="readings"] div', { hasText: 'trained' }).last();
    assert.ok((await trained.textContent()).endsWith(loss.toFixed(3)), 'the trained loss is that of the run');
  });
});

test('the slider leads from the compressed model to the trained one', async () => {
  await withPausedPage({ query: '?view=compress' }, async ({ page }) => {
    await page.evaluate(() => window.mesaLab.step(100));
    await standing(page, 'As of step 100').waitFor();
    const { result } = await page.evaluate(() => window.mesaLab.analyze('compress'));
    const slider = page.getByRole('slider', { name: /share a/ }).first();
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const text = `at a = 0.25${result.loss[1].toFixed(3)}`;
    await page.locator('[data-part="readings"]', { hasText: text }).waitFor();
  });
});

test('the summary under a map is the engine’s', async () => {
  await withPausedPage({}, async ({ page }) => {
    await page.evaluate(() => window.mesaLab.step(100));
    const expected = await page.evaluate(async () => {
      const { result } = await window.mesaLab.analyze('weights');
      return result.heads.map(({ query_key: product }) => ({
        means: Array.from(product.block_diagonal_means.entries),
        shares: [product.share_above_10_percent, product.share_above_1_percent],
      }));
    });
    const shown = await page
      .locator('[data-part="map-row"]')
      .first()
      .locator('[data-part="map-summary"]')
      .evaluateAll((summaries) =>
        summaries.map((summary) => ({
          means: [...summary.querySelectorAll('td')].map(({ textContent }) => textContent),
          shares: [...summary.querySelectorAll('dd')].map(({ textContent }) => textContent),
        })),
      );
    assert.equal(shown.length, 2);
    const number = (text) => Number(text.replace('−', '-'));
    for (const [head, { means, shares }] of shown.entries()) {
      assert.equal(means.length, 16);
      assert.ok(Math.max(...means.map(number)) > 0.02, 'not all are nothing');
      for (const [index, mean] of means.entries()) {
        assert.ok(Math.abs(number(mean) - expected[head].means[index]) <= 0.005, `${mean} at ${index}`);
      }
      assert.deepEqual(
        shares,
        expected[head].shares.map((share) => `${Math.round(100 * share)}%`),
      );
    }
  });
});

test('what takes long is started by a button, shows how far it is, and can be cancelled', async () => {
  const query = '?preset=hybrid-mesa&steps=2&view=prompt&evaluation_sequences=64';
  await withPage({ query }, async ({ page }) => {
    await waitForState(page, ({ phase, step }) => phase === 'finished' && step === 2);
    const order = page.getByRole('button', { name: 'Tune a prompt' });
    const progress = page.getByRole('progressbar', { name: 'Progress of the analysis' });
    const waitForProgress = () =>
      waitUntil(
        () => progress.getAttribute('value'),
        (value) => Number(value) > 0,
      );
    await order.click();
    await waitForProgress();
    await tab(page, 'Kernel').click();
    await standing(page, 'The same at every step').waitFor(); // quick ones need not wait
    await tab(page, 'Prompt tuning').click();
    await waitForProgress();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await order.waitFor();
    await page.getByRole('status').filter({ hasText: 'The analysis is cancelled.' }).waitFor();
    assert.equal(await progress.count(), 0);
    await order.click();
    await waitForProgress();
  });
});

test(
  'who looks elsewhere does not wait for an analysis of long sequences',
  { needs: ['early-scripts'] },
  async () => {
    const query = '?preset=few-shot-hybrid-mesa&steps=1&warmup_steps=0&decay_steps=0&view=binding';
    await withPage({ query, prepare: watchEngines }, async ({ page }) => {
      const isAnalysing = (duties) => duties.includes('analyse');
      await waitUntil(() => engineDuties(page), isAnalysing, { name: 'an analysis' });
      await page.evaluate(() => {
        window.busy = window.engines.find(({ duty }) => duty === 'analyse');
      });
      await tab(page, 'Kernel').click();
      assert.equal(
        await page.evaluate(() => window.engines.includes(window.busy)),
        false,
        'its worker is gone',
      );
      await standing(page, 'The same at every step').waitFor();
    });
  },
);
