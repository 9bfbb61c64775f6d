/** `mms compare` as a person types it: the verdict, the same digests as `mms run`, refusals. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshDir, mms } from '../support/service.js';

const QUICK = ['--durationS', '60', '--warmupS', '5', '--runs', '12', '--seed', '3'];
const RUN = ['run', 'market-making', ...QUICK, '--json', '--no-report'];

describe('mms compare', () => {
  it('tells by how much one spec beats another, with a page and the digests of the runs', async () => {
    const cwd = freshDir();
    writeFileSync(join(cwd, 'b.yaml'), 'fees: {makerBps: 1}\n');
    const args = ['compare', '{fees: {makerBps: 0}}', 'b.yaml', ...QUICK];
    const { code, stdout } = await mms(args, { cwd });
    expect(code).toBe(0);
    // Only the fee differs, so every run differs by the fee alone and nothing else.
    expect(stdout).toMatch(
      /^\{fees: \{makerBps: 0\}\} beats b\.yaml by [\d.]+ ± [\d.]+ currency of PnL \(95 % interval, 12 paired runs/,
    );
    expect(stdout).toMatch(/Fills +(\S+ ± \S+) +\1 +0 *\n/);
    expect(stdout.match(/^A → B .*$/gm)).toEqual(['A → B  fees.makerBps  0 → 1']);
    const [, report] = /Report {2}(\S+)/.exec(stdout)!;
    expect(readFileSync(report!, 'utf8')).toContain('Paired comparison');
    expect(readFileSync(report!, 'utf8')).toContain('<li>fees.makerBps  0 → 1</li>');
    const document = JSON.parse((await mms([...args, '--json', '--no-report'], { cwd })).stdout);
    const [fees, pnl] = ['feesPaid', 'pnl'].map((name) =>
      document.rows.find((row: any) => row.name === name),
    );
    expect(pnl.difference.value).toBeCloseTo(-fees.difference.value, 9);
    const alone = JSON.parse((await mms([...RUN, '--makerBps', '0'])).stdout);
    expect(document.sides[0].digest).toBe(alone.digest);
  });

  it('takes a result.json and says when it cannot be had again', async () => {
    const cwd = freshDir();
    await mms(['run', ...QUICK, '--out', 'a', '--quiet'], { cwd });
    const good = await mms(['compare', 'a/result.json', 'a/result.json', '--no-report'], { cwd });
    expect(good.stdout).toMatch(/^No difference shown/);
    const path = join(cwd, 'a', 'result.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"digest": "..../, '"digest": "0000'));
    const bad = await mms(['compare', 'a/result.json', 'a/result.json'], { cwd });
    expect([bad.code, bad.stderr.includes('Expected digest 0000')]).toEqual([2, true]);
  });

  it('compares antithetic pairs where both sides have them', async () => {
    const args = ['compare', '{fees: {makerBps: 0}}', '{fees: {makerBps: 1}}', ...QUICK, '--no-report'];
    const { code, stdout } = await mms([...args, '--antithetic']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('12 paired runs in 6 antithetic pairs')]);
    const unlike = await mms(['compare', '{antithetic: true}', '{}', ...QUICK]);
    expect([unlike.code, unlike.stderr]).toEqual([2, expect.stringContaining('on both sides or on none')]);
  });

  it('refuses one spec alone, one run, and bad fields', async () => {
    const cwd = freshDir();
    const outcomes = [
      [['compare', 'a.yaml'], 'Expected two specs before the flags'],
      [['compare', '{}', '{}', ...QUICK, '--runs', '1'], 'Expected two runs at least; got 1'],
      [['compare', '{runz: 3}', '{}'], 'Did you mean "runs"?'],
      [['compare', '{sampling: exact}', '{}', 'paths'], 'a row for each run; paths adds them up'],
    ] as const;
    for (const [args, message] of outcomes) {
      const { code, stderr } = await mms([...args], { cwd });
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(existsSync(join(cwd, 'mms-compare.html'))).toBe(false);
  });
});
