/** `mms across` as a person types it: every market in one table, the same digests as `mms run`, refusals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsFor } from '../../src/cli/across.js';
import type { Flag } from '../../src/cli/flags.js';
import { freshDir, mms } from '../support/service.js';
import { withShared } from '../support/shared.js';

const QUICK = ['--durationS', '30', '--warmupS', '5', '--runs', '2', '--seed', '3', '--strategy', 'fixed'];
const MARKETS = [
  'cont-stoikov-talreja',
  'zero-intelligence',
  'hawkes',
  'queue-reactive',
  'agents',
  'avellaneda-stoikov',
];

describe('mms across', () => {
  it('runs one strategy on every market, with one table and one page, as mms run would', async () => {
    const cwd = freshDir();
    const { code, stdout } = await mms(['across', ...QUICK], { cwd });
    expect(code).toBe(0);
    for (const market of MARKETS) expect(stdout).toMatch(new RegExp(`^${market} +\\S+ ± `, 'm'));
    const page = readFileSync(/Report {2}(\S+)/.exec(stdout)![1]!, 'utf8');
    for (const market of MARKETS) expect(page).toContain(`<td>${market}</td>`);
    const document = JSON.parse((await mms(['across', ...QUICK, '--json', '--no-report'], { cwd })).stdout);
    expect(document.markets.map(({ market }: { market: string }) => market)).toEqual(MARKETS);
    const hawkes = ['run', '--market', 'hawkes', ...QUICK, '--json', '--no-report'];
    const alone = JSON.parse((await mms(hawkes, { cwd })).stdout);
    expect(document.markets[2].digest).toBe(alone.digest);
  });

  it('refuses a market of one own and what no market has', async () => {
    const outcomes = [
      [['across', '--market', 'hawkes'], 'Expected neither --market nor --ticker'],
      [['across', '--durationSS', '3'], 'durationSS'],
      [['across', '--durationS', 'long'], '--durationS: Expected a number; got "long"'],
    ] as const;
    for (const [args, message] of outcomes) {
      const { code, stderr } = await mms([...args], { cwd: freshDir() });
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('gives a market the flags that it has', () => {
    const flag = (name: string, ...types: string[]) =>
      ({ name, branches: types.map((type) => ({ union: 'market', type })) }) as unknown as Flag;
    const flags = [flag('a', 'x'), flag('b', 'x', 'replay'), flag('c', 'replay'), flag('runs')];
    const args = ['--a', '-1', '--b=2', '--c', 'f', '--runs', '3', '--d'];
    expect(flagsFor('x', args, flags)).toEqual(['--a', '-1', '--b=2', '--runs', '3', '--d']);
    expect(flagsFor('replay', args, flags)).toEqual(['--b=2', '--c', 'f', '--d']);
  });
});

withShared('mms across with a replay', (dir) => {
  it('has all seven markets in one table', async () => {
    const files = ['message', 'orderbook'].map((what) =>
      join(dir, `data/lobster/AAPL_2012-06-21_first999_${what}_10.csv.gz`),
    );
    const args = ['across', ...QUICK, '--messages', files[0]!, '--orderbook', files[1]!];
    const { code, stdout, stderr } = await mms([...args, '--no-report'], { cwd: freshDir() });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    for (const market of [...MARKETS, 'replay']) expect(stdout).toMatch(new RegExp(`^${market} +\\S+`, 'm'));
  });
});
