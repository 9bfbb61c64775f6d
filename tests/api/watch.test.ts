/** The page that shows a book, in a real browser under the strict policy, to the end of a run. */
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApi } from '../support/api.js';

it('/jobs/:id/watch shows ladder, line and account as the run goes, without errors', async () => {
  const api = await startApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  const ask = async (payload: object): Promise<string> =>
    (await api.app.inject({ method: 'POST', url: '/v1/jobs', payload })).json<{ id: string }>().id;
  const paths = await ask({ kind: 'paths', spec: { paths: 1000 }, seed: 1 });
  expect((await api.app.inject(`/jobs/${paths}/watch`)).statusCode).toBe(409);
  const market = { type: 'cont-stoikov-talreja', durationS: 120 };
  const id = await ask({ kind: 'market-making', spec: { market, runs: 1 }, seed: 3 });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${base}/jobs/${id}/watch`);
    await page.getByText('The run has ended.').waitFor();
    expect(await page.locator('#time').textContent()).toBe('120 s');
    expect(await page.locator('#bids tbody tr').count()).toBeGreaterThan(2);
    expect(await page.locator('#asks tbody tr').count()).toBeGreaterThan(2);
    const { tables } = await api.parts.hall.result(id);
    expect(await page.locator('#fills').textContent()).toBe(String(tables[2]!.rows));
    const painted = await page.locator('canvas').evaluate((canvas: any) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value: number, i: number) => i % 4 === 3 && value > 0).length;
    });
    expect(painted).toBeGreaterThan(500);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await api.close();
  }
});
