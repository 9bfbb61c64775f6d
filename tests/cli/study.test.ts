/** `mms study` on the AMZN day: in time, matched moments in their bands, the page and the market whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

describe('mms study', () => {
  it('refuses what it cannot study, naming what is wanted', async () => {
    const outcomes = [
      [['study'], 'Expected a LOBSTER message file'],
      [['study', 'AMZN_message_1.csv'], 'Expected the orderbook file beside AMZN_message_1.csv'],
      [['study', 'a.csv', 'b.csv', '--market', 'replay'], 'Expected a market to simulate, or none'],
      [['study', 'a.csv', 'b.csv'], 'a.csv'],
    ] as const;
    for (const [args, message] of outcomes) {
      const { code, stderr } = await mms([...args], { cwd: freshDir() });
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
