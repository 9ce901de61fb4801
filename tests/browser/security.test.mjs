import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { origin, test, waitForState, withPage } from './harness.mjs';
import { edit } from './server.mjs';

const directives = (policy) => new Map(policy.split(';').map((part) => part.trim().split(/\s+(.*)/s)));

test('the content security policy stands in the header and in the page', async () => {
  const { headers } = await fetch(`${origin}/`);
  await withPage({}, async ({ page }) => {
    const header = directives(headers.get('content-security-policy'));
    const meta = directives(
      await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content'),
    );
    for (const policy of [header, meta]) {
      assert.equal(policy.get('default-src'), "'none'");
      assert.equal(policy.get('script-src'), "'self' 'wasm-unsafe-eval'");
      assert.equal(policy.get('connect-src'), "'self'");
      assert.equal(policy.get('base-uri'), "'none'");
    }
    assert.equal(header.get('frame-ancestors'), '*', 'anyone may embed the page');
  });
});

/** Serves the page without the header, so that only the policy in the page stands. */
const withoutHeader = (path) =>
  path === '/' &&
  edit(({ text, headers: { 'content-security-policy': policy, ...headers } }) => {
    assert.ok(policy);
    return { text, headers };
  });

for (const [name, faults] of [
  ['with its header', []],
  ['from a host that sends no header', [withoutHeader]],
]) {
  test(`the policy is enforced ${name}`, async () => {
    await withPage({ complaining: true, faults }, async ({ page }) => {
      await waitForState(page, ({ step }) => step > 0);
      const outcome = await page.evaluate(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.inlineScriptRan = true';
        document.body.append(script);
        const style = document.createElement('style');
        style.textContent = 'h1 { color: rgb(1, 2, 3) }';
        document.head.append(style);
        // Code that the debugger calls may use eval; code that a timer calls may not.
        const evalResult = await new Promise((resolve) => {
          setTimeout(() => {
            try {
              resolve(`ran: ${(0, eval)('1 + 1')}`);
            } catch (error) {
              resolve(error.name);
            }
          });
        });
        const fetchResult = await fetch('https://example.org/').then(
          () => 'fetched',
          () => 'refused',
        );
        return {
          inline: window.inlineScriptRan ?? false,
          style: getComputedStyle(document.querySelector('h1')).color,
          evalResult,
          fetchResult,
        };
      });
      assert.equal(outcome.inline, false);
      assert.notEqual(outcome.style, 'rgb(1, 2, 3)');
      assert.equal(outcome.evalResult, 'EvalError');
      assert.equal(outcome.fetchResult, 'refused');
    });
  });
}

test('the page trains inside a frame of another origin', async () => {
  const embedder = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<link rel="icon" href="data:,"><iframe src="${origin}/?steps=10"></iframe>`);
  });
  await new Promise((resolve) => embedder.listen(0, '127.0.0.1', resolve));
  try {
    await withPage({}, async ({ page }) => {
      await page.goto(`http://127.0.0.1:${embedder.address().port}/`);
      const frame = await page.locator('iframe').elementHandle();
      await waitForState(await frame.contentFrame(), ({ step }) => step === 10);
    });
  } finally {
    embedder.close();
  }
});
