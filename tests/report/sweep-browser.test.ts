/**
 * The page of a sweep in a real browser: 2,000 cells drawn quickly, both themes, keys, choices, no
 * complaint.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectSweep } from '../../src/report/sweep-data.js';
import { renderSweep } from '../../src/report/sweep.js';
import { makePlan, makeSweep } from './sweep-fixture.js';

const CHROMIUM = '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const dir = mkdtempSync(join(tmpdir(), 'mms-sweep-'));
let browser: Browser;

const drawn = (path: string, from: number, to: number, scale: 'linear' | 'log') => ({
  ...{ path, values: null },
  range: { from, to, scale, integer: false },
});
const types = { path: 'strategy.type', values: ['fixed', 'adaptive', 'glft'], range: null };
const small = makePlan(6, 4);
const PAGES = {
  large: makeSweep(makePlan(50, 40), { failed: [17, 803], open: 1_990 }),
  three: makeSweep(makePlan(6, 4, { axes: [...small.axes, types] })),
  drawn: makeSweep(
    makePlan(2, 2, {
      design: 'latin-hypercube',
      cells: 400,
      axes: [drawn('strategy.gamma', 0.01, 1, 'log'), drawn('market.sigma', 0.5, 4, 'linear'), types],
    }),
  ),
} as const;
const urlOf = (name: string): string => pathToFileURL(join(dir, `${name}.html`)).href;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error('chromium is not installed; run: apt-get install chromium');
  for (const [name, { view, read }] of Object.entries(PAGES))
    writeFileSync(join(dir, `${name}.html`), renderSweep(await collectSweep(view, read)));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(
  name: keyof typeof PAGES,
  width = 1280,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; complaints: string[] }> {
  // The content security policy would also refuse the test's own scripts (axe).
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on(
    'request',
    (request) => request.url() !== urlOf(name) && complaints.push(`requests ${request.url()}`),
  );
  await page.goto(urlOf(name));
  await page.waitForSelector('.slice canvas');
  return { page, complaints };
}

const cellAt = (page: Page, row: number, col: number) =>
  page.locator(`#sweep-map td[data-row="${row}"][data-col="${col}"]`);
/** 3 digits as the page shows them. */
const shown = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

describe('the page of a sweep', () => {
  it.each([
    ['large', 1280, 'light'],
    ['large', 360, 'dark'],
    ['three', 1280, 'dark'],
    ['three', 360, 'light'],
    ['drawn', 1280, 'light'],
  ] as const)(
    '%s at %i px, %s: fits the screen, loads nothing and passes axe',
    async (name, width, scheme) => {
      const { page, complaints } = await open(name, width, scheme);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      await page.addScriptTag({ content: AXE });
      const found = await page.evaluate(async (large) => {
        // One row of many stands for all: axe takes seconds for thousands of cells.
        if (large)
          for (const row of [...document.querySelectorAll('#sweep-map tbody tr')].slice(2)) row.remove();
        const { violations } = await (globalThis as any).axe.run();
        return violations.map((v: any) => `${v.id}: ${v.nodes[0].html}`) as string[];
      }, name === 'large');
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});

describe('the map', () => {
  it('draws 2,000 cells at once, each telling its value and interval', async () => {
    const { page } = await open('large');
    expect(await page.locator('#sweep-map tbody td').count()).toBe(2_000);
    const { view, read } = PAGES.large;
    const { figures } = await collectSweep(view, read);
    // Cell 3 * 40 + 5: the fourth column, the sixth row from below.
    const title = await cellAt(page, 40 - 1 - 5, 3).getAttribute('title');
    const { mean, low, high } = figures[0]!;
    const digits = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');
    expect(title).toContain(
      `PnL ${digits(mean[125]!)} (${digits(low[125]!)} to ${digits(high[125]!)}) currency, cell 125`,
    );
    expect(await cellAt(page, 0, 49).getAttribute('title')).toContain('open');
    expect(await page.locator('#sweep-map td.chosen').count()).toBe(1);
    // A change of the metric draws the whole table again.
    const elapsedMs = await page.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>('#sweep-metric')!;
      const before = performance.now();
      select.value = '1';
      select.dispatchEvent(new Event('change'));
      document.body.getBoundingClientRect();
      return performance.now() - before;
    });
    expect(elapsedMs).toBeLessThan(1_000);
    await page.close();
  });

  it('gives equal shares of cells equal colours, or equal steps of value', async () => {
    const { page } = await open('large');
    const shareOfDarkest = () =>
      page.evaluate(() => {
        const colours = [...document.querySelectorAll<HTMLElement>('#sweep-map tbody td')].map(
          (td) => td.style.background,
        );
        const known = colours.filter((colour) => colour !== '');
        return new Set(known).size / 64;
      });
    expect(await shareOfDarkest()).toBe(1);
    const marks = () => page.locator('#sweep-legend span').allTextContents();
    const byQuantile = await marks();
    await page.selectOption('#sweep-colouring', 'linear');
    const linear = await marks();
    expect([linear[0], linear[4]]).toEqual([byQuantile[0], byQuantile[4]]);
    const [low, , middle, , high] = linear.map(Number) as [number, number, number, number, number];
    expect(Math.abs(middle - (low + high) / 2)).toBeLessThan(0.1);
    await page.close();
  });

  it('is walked by keys; Enter moves the slices', async () => {
    const { page } = await open('three');
    const { view, read } = PAGES.three;
    const { figures, best } = await collectSweep(view, read);
    expect(await page.locator('#sweep-map td[tabindex="0"]').count()).toBe(1);
    await page.locator('#sweep-map td[tabindex="0"]').focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    // Column 1, row 1 from above: the third of four values upwards, the third axis held at the best cell.
    const type = best[0]!.cell % 3;
    const cell = 1 * 12 + 2 * 3 + type;
    const words = await page.textContent('#sweep-readout');
    expect(words).toContain(`, cell ${cell}`);
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe(
      shown(figures[0]!.mean[cell]!),
    );
    await page.keyboard.press('Enter');
    expect(await page.textContent('#slices-told')).toContain(`Through cell ${cell}: gamma`);
    const rows = await page.locator('#slice-2 table.data tbody tr').allTextContents();
    expect(rows).toHaveLength(3);
    expect(rows[type]).toContain(Number(figures[0]!.mean[cell]!.toPrecision(4)).toString());
    await page.close();
  });

  it('shows any two axes, the others held or averaged', async () => {
    const { page } = await open('three');
    await page.selectOption('#sweep-across', '2');
    expect(await page.locator('#sweep-map tbody td').count()).toBe(12);
    expect(await page.isVisible('#sweep-held-0')).toBe(true);
    await page.selectOption('#sweep-held-0', '');
    expect(await cellAt(page, 0, 0).getAttribute('title')).toContain('mean of 6 cells');
    await page.click('#swap-axes');
    expect(await page.locator('#sweep-map tbody tr').count()).toBe(3);
    await page.selectOption('#sweep-upwards', '');
    expect(await page.locator('#sweep-map tbody td').count()).toBe(4);
    await page.close();
  });

  it('gathers drawn cells in bins', async () => {
    const { page } = await open('drawn');
    expect(await page.locator('#sweep-map tbody td').count()).toBe(100);
    const cells = await page.locator('#slice-0 table.data tbody td:last-child').allTextContents();
    expect(cells.map(Number)).toEqual(Array(10).fill(40));
    await page.close();
  });
});
