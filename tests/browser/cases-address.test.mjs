// What an address may hold, what it keeps, and numbers that axes have room for.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { alertOf, assertSensible } from './cases.mjs';
import { origin, test, waitForState, waitUntil, withPage } from './harness.mjs';

const notesOf = (page) => page.locator('[data-part="note"]').filter({ visible: true });
const settingInAddress = (page, key) => new URL(page.url()).searchParams.get(key);

/** Each of them trains, and there is nothing to say about it. */
for (const [query, seed] of [
  ['?utm_source=n&utm_campaign=a+b', 1],
  ['?seed=7&fbclid=x', 7],
  ['?gclid=1&seed=7&msclkid=2', 7],
  ['?seed=3&seed=7', 7],
  ['?gradient_limit=1e+12&seed=7', 7],
  ['?gradient_limit=1e%2B12&seed=7', 7],
  ['?seed=7#hash', 7],
]) {
  test(`${query} trains without a word`, async () => {
    await withPage({ query }, async ({ page }) => {
      const state = await waitForState(page, ({ step }) => step > 0);
      assert.equal(state.seed, seed);
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      assert.equal(await notesOf(page).count(), 0);
      assert.equal(await alertOf(page).count(), 0);
      assert.ok((await page.getByLabel('Run', { exact: true }).locator('option').count()) > 10);
    });
  });
}

test('an address keeps its fragment and what is not the page’s when another run is chosen', async () => {
  const query = '?utm_source=n&gradient_limit=1e+11&fbclid=a%2Bb#hash';
  await withPage({ query }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 0);
    await page.getByRole('button', { name: 'New seed' }).click();
    const seed = Number(
      await waitUntil(
        () => settingInAddress(page, 'seed'),
        (text) => text !== null,
      ),
    );
    const address = new URL(page.url());
    assert.equal(address.hash, '#hash');
    assert.equal(address.searchParams.get('utm_source'), 'n');
    assert.match(address.search, /fbclid=a%2Bb/);
    // The run before it is told of until the new one is open.
    await waitForState(page, (now) => now.seed === seed && now.step > 0);
    await page.reload();
    const again = await waitForState(page, ({ step }) => step > 0);
    assert.equal(again.seed, seed);
    assert.equal(await notesOf(page).count(), 0);
  });
});

test('unknown keys and wrong values are named in a note that can be closed, and the rest trains', async () => {
  const query = '?learningrate=3&seed=7&batch_size=many&layers=99&preset=linear-2';
  await withPage({ query }, async ({ page }) => {
    const note = notesOf(page).first();
    await note.waitFor();
    const text = await note.textContent();
    for (const named of ['learningrate', 'batch_size', 'many', 'layers', '99'])
      assert.ok(text.includes(named), named);
    const { seed, preset } = await waitForState(page, ({ step }) => step > 0);
    assert.deepEqual([seed, preset], [7, 'linear-2']);
    await note.getByRole('button').click();
    await waitUntil(
      () => notesOf(page).count(),
      (count) => count === 0,
    );
    assert.equal((await waitForState(page, ({ step }) => step > 5)).problem, undefined);
  });
});

test('the page is served under other host names too', async () => {
  const status = await new Promise((resolve, reject) => {
    get(origin, { headers: { Host: 'lab.example.org' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  assert.equal(status, 200);
});

test('the address is written at most three times a second', { needs: ['early-scripts'] }, async () => {
  const prepare = (tab) =>
    tab.runEarly(() => {
      window.writings = [];
      const { replaceState } = History.prototype;
      History.prototype.replaceState = function (...given) {
        window.writings.push(performance.now());
        replaceState.apply(this, given);
      };
    });
  await withPage({ prepare }, async ({ page }) => {
    await waitForState(page, ({ step }) => step > 0);
    for (let time = 0; time < 60; time += 1) await page.keyboard.press('n');
    const { seed } = await waitForState(page, ({ step, running }) => running && step > 0);
    await waitUntil(
      () => settingInAddress(page, 'seed'),
      (shown) => shown === String(seed),
    );
    const writings = await page.evaluate(() => window.writings);
    assert.ok(writings.length > 0);
    for (let index = 3; index < writings.length; index += 1) {
      assert.ok(writings[index] - writings[index - 3] > 950, `${writings}`);
    }
  });
});

/** All but the one that every run has, and the one that no model has a part in. */
const kinds = ['compress', 'fit', 'probe', 'binding', 'attention', 'few-shot', 'prompt', 'linearise'];

for (const query of [
  '?attention=linear,linear',
  '?normalise_query_key=on',
  '?positional_encoding=on',
  '?preset=hybrid-mesa&sequence_length=10',
  '?preset=linear-2&sequence_length=4',
]) {
  test(`${query}: the page says of each analysis what the engine says`, { timeout: 120_000 }, async () => {
    await withPage({ query: `${query}&evaluation_sequences=80&steps=2` }, async ({ page }) => {
      await waitForState(page, ({ phase }) => phase === 'finished', 40_000);
      for (const kind of kinds) {
        const refusal = await page.evaluate(
          (wanted) =>
            window.mesaLab.analyze(wanted, { updates: 1 }).then(
              () => '',
              (error) => error.message,
            ),
          kind,
        );
        const tab = page.locator(`[role="tab"][id$="-${kind}"]`);
        const marked = /not for this model/.test(await tab.textContent());
        assert.equal(marked, refusal !== '', `${kind}: ${refusal}`);
        if (!marked) continue;
        await tab.click();
        const panel = page.getByRole('tabpanel');
        const reason = await waitUntil(
          () => panel.textContent(),
          (text) => text.length > 30,
        );
        const [blamed = ''] = await panel.locator('code').allTextContents();
        assert.ok(refusal.includes(blamed), `${kind}: ${refusal} / ${reason}`);
      }
    });
  });
}

/** Texts of an axis' ticks, and whether each can be seen whole. */
const ticks = (page, axis) =>
  page.locator(`[data-part="${axis}"]`).evaluateAll((texts) =>
    texts.map((text) => {
      const box = text.getBoundingClientRect();
      const frame = text.closest('svg').getBoundingClientRect();
      const whole =
        box.left >= frame.left - 0.5 &&
        box.right <= frame.right + 0.5 &&
        box.top >= frame.top - 0.5 &&
        box.bottom <= frame.bottom + 0.5;
      return {
        chart: [...document.querySelectorAll('svg')].indexOf(text.closest('svg')),
        text: text.textContent,
        whole,
      };
    }),
  );

for (const query of [
  '?noise=10&state_limit=1000',
  '?observation_size=1&noise=0.001&state_limit=0.01',
  '?steps=1000000',
  '?steps=10000000&noise=10&state_limit=1e6',
]) {
  for (const width of [1280, 320]) {
    test(`${query} at ${width} px: ticks are whole and differ`, async () => {
      await withPage({ query, width }, async ({ page }) => {
        await waitForState(
          page,
          ({ step, means }) => step > 0 && means.zero !== undefined && means.model !== undefined,
        );
        for (const axis of ['tick-x', 'tick-y']) {
          const found = await waitUntil(
            () => ticks(page, axis),
            (all) => all.length >= 4,
          );
          assert.deepEqual(
            found.filter(({ whole }) => !whole),
            [],
            axis,
          );
          const named = found.map(({ chart, text }) => `${chart} ${text}`);
          assert.deepEqual([...new Set(named)], named, axis);
        }
        await page.evaluate(() => window.mesaLab.pause());
        const legend = await page.locator('[data-part="legend-entry"]').allTextContents();
        assert.ok(
          legend.some((text) => /[1-9]/.test(text)),
          `${legend}`,
        );
        assert.ok(!legend.some((text) => /\b0\.000?$/.test(text)), `${legend}`);
        await assertSensible(page);
      });
    });
  }
}
