/** `mms study` on the AMZN day: in time, matched moments in their bands, the page and the market whole. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshDir, mms } from '../support/service.js';
import { withShared } from '../support/shared.js';

withShared('mms study', (shared) => {
  const messages = `${shared}/data/lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv.gz`;

  it('fits, simulates and compares the AMZN day within a minute', async () => {
    const cwd = freshDir();
    const startedMs = performance.now();
    const args = [
      'study',
      messages,
      '--json',
      '--runs',
      '3',
      '--save',
      'market.json',
      '--report',
      'study.html',
    ];
    const { code, stdout, stderr } = await mms(args, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
    const document = JSON.parse(stdout);
    expect(document.fit.limitOrders).toBe(27_845);
    const scalars = new Map(document.scalars.map((row: any) => [row.name, row]));
    for (const name of ['spread', 'depth', 'tradeRate']) {
      expect([name, (scalars.get(name) as any).inBand]).toEqual([name, true]);
    }
    const isSigned = (name: string): boolean => /pnl|Ticks/i.test(name);
    expect(document.strategy.filter((row: any) => !isSigned(row.name) && row.days[0] < 0)).toEqual([]);
    const page = readFileSync(join(cwd, 'study.html'), 'utf8');
    for (const text of [
      'Real against simulated',
      'Memory of trade signs',
      'Caution: ',
      'class="simulated"',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/(?:src|href)\s*=|NaN|undefined/i);
    const run = await mms(['run', '--spec', 'market.json', '--runs', '2', '--durationS', '60', '--quiet'], {
      cwd,
    });
    expect(run.code).toBe(0);
  });
});

withShared('mms study of a market that is not matched', (shared) => {
  const day = `${shared}/data/lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv.gz`;
  const markets = resolve(import.meta.dirname, '../../config/markets');

  it.each([
    [['--market', join(markets, 'amzn-hawkes.yaml')], 'hawkes', 'It was given'],
    [['--model', 'queue-reactive'], 'queue-reactive', 'It was fitted to the day by maximum likelihood'],
  ] as const)('takes %j', async (flags, type, origin) => {
    const cwd = freshDir();
    const args = ['study', day, ...flags, '--runs', '2', '--report', 'study.html', '--save', 'market.json'];
    const { code, stdout, stderr } = await mms(args, { cwd });
    expect([code, stderr.match(/error/)]).toEqual([0, null]);
    expect(stdout).toMatch(new RegExp(`^A market of type ${type}. ${origin}`));
    // Plain rates miss the spread of this day, and the page says so.
    expect(stdout).toMatch(/Spread \[ticks\].*OUT OF BAND/);
    const page = readFileSync(join(cwd, 'study.html'), 'utf8');
    expect(page).toContain(`A market of type ${type}. ${origin}`);
    expect(page).not.toMatch(/(?:src|href)\s*=|NaN|undefined|Fitted order flow/i);
    const { market } = JSON.parse(readFileSync(join(cwd, 'market.json'), 'utf8'));
    expect(market).toMatchObject({ type, durationS: expect.closeTo(23_400, -1) });
  });
});

describe('mms study', () => {
  it('refuses what it cannot study, naming what is wanted', async () => {
    const outcomes = [
      [['study'], 'Expected a LOBSTER message file'],
      [['study', 'AMZN_message_1.csv'], 'Expected the orderbook file beside AMZN_message_1.csv'],
      [['study', 'a.csv', 'b.csv', '--market', 'replay'], 'Expected a market to simulate, or none'],
      [['study', 'a.csv', 'b.csv', '--model', 'agents'], '--model: Expected one of'],
      [['study', 'a.csv', 'b.csv', '--model', 'hawkes', '--market', 'amzn'], 'leave one of the two out'],
      [['study', 'a.csv', 'b.csv'], 'a.csv'],
    ] as const;
    for (const [args, message] of outcomes) {
      const { code, stderr } = await mms([...args], { cwd: freshDir() });
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
