/** A person with an API key at a real browser: form, session, its own pages and those of others. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import { makeKeys } from '../support/keys.js';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const QUIET = ['--disable-background-networking', '--disable-component-update'];

it('gives its key once, works in a session, and no page of another port can use that', async () => {
  if (!existsSync(CHROMIUM)) throw new Error('chromium is missing: apt-get install chromium');
  const keys = makeKeys();
  const api = await startApi({}, keys.ring);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  const foreign = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<p>foreign'),
  );
  foreign.listen(0, '127.0.0.1');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...ARGS, ...QUIET] });
  try {
    const page = await browser.newPage();
    await page.goto(`${base}/v1/kinds`);
    expect(await page.title()).toBe('MMS: API key');
    await page.getByLabel('Key').fill(keys.revoked);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('this one was revoked').waitFor();
    await page.getByLabel('Key').fill(keys.live);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL(`${base}/v1/kinds`);
    expect(await page.textContent('body')).toContain('market-making');
    expect(await page.evaluate('document.cookie')).toBe('');
    const submit = (to: string, mode: string): string => `fetch('${to}/v1/jobs', {
      method: 'POST', mode: '${mode}', credentials: 'include', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'paths', spec: { paths: 10 }, seed: 1 }),
    }).then((answer) => answer.status, () => 'refused')`;
    expect(await page.evaluate(submit('', 'cors'))).toBe(202);

    // Another port is the same site: the browser sends the cookie along, and a form asks CORS for nothing.
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`);
    expect(await page.evaluate(submit(base, 'cors'))).toBe('refused');
    await page.setContent(`<form method="post" action="${base}/logout"><button>Go</button></form>`);
    const answer = page.waitForResponse(`${base}/logout`);
    await page.getByRole('button').click();
    expect((await answer).status()).toBe(403);
    expect((await api.parts.hall.list({ limit: 9 })).length).toBe(1);

    await page.goto(`${base}/login`);
    await page.getByRole('button', { name: 'Forget it' }).click();
    await page.getByLabel('Key').waitFor();
    expect((await page.goto(`${base}/v1/kinds`))!.status()).toBe(401);
  } finally {
    await browser.close();
    foreign.close();
    await api.close();
  }
});
