import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForState, withPage, withPausedPage } from './harness.mjs';

const tab = (page, name) => page.getByRole('tab', { name });
const chosen = (page) => page.getByRole('tab', { selected: true }).textContent();
const search = (page) => new URL(page.url()).search;

test('tabs are walked through with the arrow keys, and the address follows', async () => {
  await withPausedPage({ query: '?seed=3' }, async ({ page }) => {
    assert.equal(await chosen(page), 'Weights');
    await tab(page, 'Weights').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await chosen(page), 'Compression');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Compression');
    assert.equal(search(page), '?view=compress&seed=3');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await chosen(page), 'Weights', 'from the first one left leads to the last one');
    await page.keyboard.press('Home');
    assert.equal(await chosen(page), 'Weights');
    assert.equal(search(page), '?seed=3', 'the first view does not stand in the address');
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
    assert.equal(await chosen(page), 'Compression');
    await waitForState(page, ({ running, step }) => !running && step === 20);
    await page.getByText('As of step 20').waitFor();
    await page.getByRole('combobox').selectOption('softmax-1/quick');
    await waitForState(page, ({ preset, step }) => preset === 'softmax-1' && step > 0);
    assert.equal(search(page), '?preset=softmax-1&view=compress');
    await page.getByRole('tab', { name: 'Compression (not for this model)' }).waitFor();
    await page.getByText('Only a model of linear layers can be compressed').waitFor();
  });
});

test('a view that does not exist is the first one', async () => {
  await withPage({ query: '?view=nothing&steps=2' }, async ({ page }) => {
    await waitForState(page, ({ running, step, problem }) => !running && step === 2 && problem === undefined);
    assert.equal(await chosen(page), 'Weights');
  });
});

test('what is looked at follows the training', async () => {
  await withPage({ query: '?view=compress' }, async ({ page, state }) => {
    const standing = page.locator('.standing', { hasText: 'As of step' });
    const first = await standing.textContent();
    await standing.and(page.locator('.standing', { hasNotText: first })).waitFor();
    await page.evaluate(() => window.mesaLab.pause());
    const { step, loss } = await state();
    await page.getByText(`As of step ${step}`).waitFor();
    const trained = page.locator('.findings .figures div', { hasText: 'trained' }).last();
    assert.ok((await trained.textContent()).endsWith(loss.toFixed(3)), 'the trained loss is that of the run');
  });
});

test('the slider leads from the compressed model to the trained one', async () => {
  await withPausedPage({ query: '?view=compress' }, async ({ page }) => {
    await page.evaluate(() => window.mesaLab.step(100));
    await page.getByText('As of step 100').waitFor();
    const { result } = await page.evaluate(() => window.mesaLab.analyze('compress'));
    const slider = page.getByRole('slider', { name: /share a/ }).first();
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.locator('.figures', { hasText: `at a = 0.25${result.loss[1].toFixed(3)}` }).waitFor();
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
      .locator('.map-row')
      .first()
      .locator('.map-summary')
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
        expected[head].shares.map((share) => `${Math.round(100 * share)}\u00a0%`),
      );
    }
  });
});

test('what takes long is started by a button, shows how far it is, and can be cancelled', async () => {
  const query = '?preset=hybrid-mesa&steps=2&view=prompt&evaluation_sequences=64';
  await withPage({ query }, async ({ page }) => {
    await waitForState(page, ({ running, step }) => !running && step === 2);
    await page.getByRole('button', { name: 'Tune a prompt' }).click();
    const progress = page.getByRole('progressbar', { name: 'Progress of the analysis' });
    const advanced = async () => (await progress.getAttribute('value')) > 0;
    while (!(await advanced())) await page.waitForTimeout(50);
    await tab(page, 'Kernel').click();
    await page.getByText('The same at every step').waitFor(); // quick ones need not wait
    await tab(page, 'Prompt tuning').click();
    assert.ok(await advanced(), 'it goes on meanwhile');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Tune a prompt' }).waitFor();
    assert.equal(await page.getByRole('status').textContent(), 'cancelled');
    await page.waitForTimeout(300);
    assert.equal(await progress.count(), 0, 'and does not go on');
    await page.getByRole('button', { name: 'Tune a prompt' }).click();
    while (!(await advanced())) await page.waitForTimeout(50);
  });
});

test('who looks elsewhere does not wait for an analysis of long sequences', async () => {
  const query = '?preset=few-shot-hybrid-mesa&steps=1&warmup_steps=0&decay_steps=0&view=binding';
  await withPage({ query }, async ({ page }) => {
    const worker = await page.waitForEvent('worker', (one) => one.url().includes('analysis-worker'));
    const closed = worker.waitForEvent('close');
    await tab(page, 'Kernel').click();
    await closed;
    await page.getByText('The same at every step').waitFor();
  });
});
