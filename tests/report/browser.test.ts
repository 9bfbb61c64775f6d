/** The report in a real browser: draws in both themes, loads nothing, reads well, answers the pointer. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/report.js';
import { job, makeResult, makeTable } from './fixture.js';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
  '--disable-background-networking',
  '--disable-component-update',
]);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CHARTS = ['chart-price', 'chart-depth', 'chart-inventory'];

const dir = mkdtempSync(join(tmpdir(), 'mms-report-'));
const url = pathToFileURL(join(dir, 'report.html')).href;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error('chromium is not installed; run: apt-get install chromium');
  writeFileSync(join(dir, 'report.html'), renderReport({ job, result: makeResult() }));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
});
afterAll(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console errors, thrown errors and requests besides the file itself. */
  readonly complaints: string[];
}

async function open(colorScheme: 'light' | 'dark', width: number): Promise<Opened> {
  // The content security policy would also refuse the test's own scripts (axe).
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => request.url() !== url && complaints.push(`requests ${request.url()}`));
  await page.goto(url);
  await page.waitForSelector('#chart-inventory canvas');
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  return { page, complaints };
}

/** Distinct colours on a chart's canvas, and the contrast of its most different pixel to the panel. */
function inspect(page: Page, id: string): Promise<{ colours: number; contrast: number }> {
  return page.evaluate((chart) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`#${chart} canvas`)!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const panel = getComputedStyle(document.querySelector('.card')!)
      .backgroundColor.match(/\d+/g)!
      .map(Number);
    const light = (rgb: number[]): number => {
      const [r, g, b] = rgb.map((c) => (c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const colours = new Set<number>();
    let contrast = 1;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3]! < 255) continue;
      const colour = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
      if (colours.has(colour)) continue;
      colours.add(colour);
      const [a, b] = [light([data[i]!, data[i + 1]!, data[i + 2]!]) + 0.05, light(panel) + 0.05];
      contrast = Math.max(contrast, a / b, b / a);
    }
    return { colours: colours.size, contrast };
  }, id);
}

/** In the page: drawn pixels in the middle column of the depth map, which the book fills when zoomed in. */
function longestColumn(): number {
  const canvas = document.querySelector<HTMLCanvasElement>('#chart-depth canvas')!;
  const { data } = canvas.getContext('2d')!.getImageData(Math.round(canvas.width / 2), 0, 1, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] === 255) drawn++;
  return drawn;
}

describe.each(['light', 'dark'] as const)('the report, %s', (scheme) => {
  it('draws every chart, loads nothing, fits narrow screens and passes axe', async () => {
    for (const width of [1280, 360]) {
      const { page, complaints } = await open(scheme, width);
      for (const chart of CHARTS) {
        const { colours, contrast } = await inspect(page, chart);
        expect(colours, `colours of ${chart} at ${width} px`).toBeGreaterThan(
          chart === 'chart-depth' ? 40 : 8,
        );
        expect(contrast, `contrast of ${chart} at ${width} px`).toBeGreaterThan(4.5);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBe(0);
      await page.addScriptTag({ content: AXE });
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as any).axe.run();
        return violations.map((v: any) => `${v.id}: ${v.nodes[0].html}`) as string[];
      });
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });
});

describe('the report under the pointer', () => {
  it('reads prices, lots and time at the cursor on all charts at once', async () => {
    const { page } = await open('dark', 1280);
    const over = page.locator('#chart-depth .u-over');
    await over.scrollIntoViewIfNeeded();
    const box = (await over.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => page.textContent('#depth-readout'))
      .toMatch(/^[\d.]+ s · price \d+\.\d\d · \d+ lots$/);
    for (const chart of CHARTS) {
      const legend = await page.textContent(`#${chart} .u-legend`);
      expect(legend, chart).toMatch(/Time *(29|30)/);
    }
    await page.close();
  });

  it('zooms all charts together, in price too, and goes back by the button', async () => {
    const { page, complaints } = await open('light', 1280);
    const box = (await page.locator('#chart-price .u-over').boundingBox())!;
    const picture = (id: string): Promise<string> =>
      page.evaluate(
        (chart) => document.querySelector<HTMLCanvasElement>(`#${chart} canvas`)!.toDataURL(),
        id,
      );
    const whole = await Promise.all(CHARTS.map(picture));
    const cellsHigh = (): Promise<number> => page.evaluate(longestColumn);
    const before = await cellsHigh();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.45, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.isVisible('#reset-zoom')).toBe(true);
    await expect.poll(async () => (await picture('chart-inventory')) === whole[2]).toBe(false);
    await expect.poll(cellsHigh).toBeGreaterThan(before * 1.5);
    await page.click('#reset-zoom');
    await expect.poll(() => Promise.all(CHARTS.map(picture))).toEqual(whole);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws call auctions and halts as bands where they were', async () => {
    const result = makeResult();
    const phases = makeTable('phases', [
      ['fromNs', 'f64', 'ns', [0, 40e9]],
      ['toNs', 'f64', 'ns', [15e9, 45e9]],
      ['what', 'u8', '1', [1, 2]],
      ['priceTicks', 'i32', 'ticks', [10_000, -1]],
    ]);
    const file = join(dir, 'phases.html');
    writeFileSync(file, renderReport({ job, result: { ...result, tables: [...result.tables, phases] } }));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('#chart-inventory canvas');
    // Of the columns of the plot, how many are tinted at its upper end: 15 s + 5 s of 60 s are.
    const tinted = (): Promise<number> =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('#chart-price canvas')!;
        const over = document.querySelector<HTMLElement>('#chart-price .u-over')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 12 * devicePixelRatio, canvas.width, 1);
        let columns = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i]! > 0 && data[i]! < 255) columns++;
        return columns / (over.clientWidth * devicePixelRatio);
      });
    await expect.poll(tinted).toBeGreaterThan(0.3);
    expect(await tinted()).toBeLessThan(0.37);
    expect(await page.textContent('main')).toContain('call auction');
    await page.close();
  });

  it('changes its theme on a page without charts', async () => {
    const { tables, ...rest } = makeResult();
    const plain = renderReport({
      job,
      result: { ...rest, tables: tables.filter(({ name }) => name === 'fills') },
    });
    const file = join(dir, 'plain.html');
    writeFileSync(file, plain);
    const page = await browser.newPage({ colorScheme: 'dark' });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(pathToFileURL(file).href);
    await page.click('#theme');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('changes its theme by the button, charts included', async () => {
    const { page } = await open('light', 1280);
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.click('#theme');
    expect(await background()).not.toBe(light);
    expect((await inspect(page, 'chart-price')).contrast).toBeGreaterThan(4.5);
    await page.close();
  });
});
