/** The documentation page in a real browser: it works under the strict policy and asks no other server. */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApi } from '../support/api.js';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const QUIET = ['--disable-background-networking', '--disable-component-update'];

it('/docs shows the operations, without errors and without foreign requests', async () => {
  if (!existsSync(CHROMIUM)) throw new Error('chromium is missing: apt-get install chromium');
  const api = await startApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...ARGS, ...QUIET] });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${base}/`) && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
    await page.goto(`${base}/docs`);
    await page.getByText('/v1/batches', { exact: true }).waitFor();
    await page.getByText('Submit a job', { exact: true }).first().click();
    await page.getByText('Idempotency-Key').first().waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(10);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  } finally {
    await browser.close();
    await api.close();
  }
});
