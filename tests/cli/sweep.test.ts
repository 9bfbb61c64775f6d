/** `mms sweep` as a person types it: table, files, page, the same bytes again, exit codes, refusals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SweepView } from '../../src/contract/sweep.js';
import { sweepStatus } from '../../src/cli/sweep-progress.js';
import { freshDir, mms, startService } from '../support/service.js';

const QUICK = ['--durationS', '30', '--warmupS', '5', '--runs', '2', '--seed', '7'];
const AXES = ['--grid', 'gamma=0.01..1:log3', '--grid', 'everyMs=100,1000'];

describe('mms sweep', () => {
  it('ranks cells, writes results and a page, and gives the same bytes on one thread and from its own line', async () => {
    const cwd = freshDir();
    const args = ['sweep', ...AXES, '--repeats', '3', ...QUICK];
    const two = await mms([...args, '--threads', '2', '--out', 'two'], { cwd });
    expect([two.code, two.stderr.includes('error')]).toEqual([0, false]);
    expect(two.stdout).toContain('6 cells × 3 repeats: 6 of 6 cells done');
    expect(two.stdout).toMatch(/\n1 +\d +\S+ +1?000? +\S+ ± \S+ +\S+ to \S+\n2 .*±.*±/);
    const csv = readFileSync(join(cwd, 'two', 'results.csv'), 'utf8');
    expect(csv.split('\n')[0]).toMatch(
      /^cell,strategy\.gamma,requote\.everyMs,state,repeats,seeds,pnl,pnl_se,/,
    );
    expect(csv.split('\n')[6]).toMatch(/^5,1,1000,done,3,7 \d+ \d+,/);
    expect(readFileSync(join(cwd, 'two', 'report.html'), 'utf8')).toContain('id="sweep-data"');
    const [, line] = /Reproduce +mms (.*)\n/.exec(two.stdout)!;
    expect(line).toBe(
      `sweep market-making --seed 7 --grid strategy.gamma=0.01,0.1,1 --grid requote.everyMs=100,1000 --repeats 3 --metric pnl --durationS 30 --warmupS 5 --runs 2`,
    );
    const words = [...line!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    const again = await mms([...words, '--threads', '1', '--out', 'one', '--json'], { cwd });
    expect(readFileSync(join(cwd, 'one', 'results.csv'), 'utf8')).toBe(csv);
    const told = JSON.parse(again.stdout);
    expect(told).toMatchObject({ state: 'done', cellsDone: 6, jobs: { total: 18, done: 18, failed: 0 } });
    expect(two.stdout).toContain(`Digest     ${told.digest.slice(0, 12)} of results.csv`);

    // A cell is a job as any other: the first repeat has the seed of the sweep.
    const alone = await mms(
      ['run', '--gamma', '0.1', '--everyMs', '100', ...QUICK, '--json', '--no-report'],
      { cwd },
    );
    const [pnl] = JSON.parse(alone.stdout).summary.metrics;
    const results = JSON.parse(readFileSync(join(cwd, 'one', 'results.json'), 'utf8'));
    expect(results.rows[2]).toMatchObject({ cell: 2, values: [0.1, 100], state: 'done' });
    expect(results.rows[2].repeats[0][0]).toBe(pnl.value);
  });

  it('tells of cells that failed, and ends with code 4', async () => {
    const cells = ['--grid', 'halfSpreadTicks=1,2', '--grid', 'strategy=fixed,adaptive'];
    const { code, stdout } = await mms(['sweep', ...cells, ...QUICK, '--no-report']);
    expect(code).toBe(4);
    expect(stdout).toContain('4 cells: 2 of 4 cells done, 2 failed');
    expect(stdout).toMatch(/Failed {2}2 × market-making: \/spec\/strategy\/halfSpreadTicks Expected/);
  });

  it('takes a file, whose words flags may replace', async () => {
    const cwd = freshDir();
    const file = {
      kind: 'paths',
      spec: { paths: 500 },
      axes: { sigmaPerSqrtYr: '0.1..0.4:4', 'model.driftPerYr': [0, 0.05] },
      ...{ repeats: 2, seed: 3, metric: { name: 'terminalSd', sense: 'min' }, name: 'Two by four' },
    };
    writeFileSync(join(cwd, 'sweep.yaml'), JSON.stringify(file));
    const { code, stdout } = await mms(['sweep', 'sweep.yaml', '--repeats', '3', '--out', '.'], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining('8 cells × 3 repeats: 8 of 8 cells done')]);
    expect(stdout).toMatch(/\n1 +[01] +0\.1 +0/);
    expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toContain('<h1>Two by four</h1>');
    expect(readFileSync(join(cwd, 'results.csv'), 'utf8')).toContain('0,0.1,0,done,3,3 ');
  });

  it('refuses what cannot be, naming the flag and the nearest word', async () => {
    const outcomes = [
      [['sweep'], 'Expected an axis, e.g. mms sweep --grid'],
      [['sweep', '--grid', 'gama=1,2'], 'Did you mean "strategy.gamma"?'],
      [['sweep', '--grid', 'gamma=1,2', '--grid', 'gamma=3'], 'Expected each axis once; got gamma twice'],
      [['sweep', ...AXES, ...QUICK, '--metric', 'pln', '--no-report'], '--metric: Expected one of pnl'],
    ] as const;
    for (const [args, message] of outcomes) {
      const { code, stderr } = await mms([...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('runs on a service as in this process, to the same bytes', async () => {
    const service = await startService();
    try {
      const cwd = freshDir();
      const args = ['sweep', ...AXES, ...QUICK, '--no-report'];
      const remote = await mms([...args, '--url', service.url, '--out', 'far', '--quiet'], { cwd });
      expect([remote.code, remote.stderr]).toEqual([0, '']);
      await mms([...args, '--out', 'near', '--quiet'], { cwd });
      const [far, near] = ['far', 'near'].map((dir) => readFileSync(join(cwd, dir, 'results.csv'), 'utf8'));
      expect(far).toBe(near);
      const slip = await mms([...args, '--server', service.url, '--metric', 'pln'], { cwd });
      expect([slip.code, slip.stderr]).toEqual([2, expect.stringContaining('Expected one of pnl')]);
    } finally {
      await service.stop();
    }
    const gone = await mms(['sweep', ...AXES, '--url', service.url, '--patience', '0']);
    expect(gone.code).toBe(3);
  });

  it('is cancelled by Ctrl-C and keeps what is done', async () => {
    const cwd = freshDir();
    const main = resolve(import.meta.dirname, '../../dist/main.js');
    const args = [
      'sweep',
      '--grid',
      'gamma=0.01..1:log500',
      '--runs',
      '32',
      '--out',
      'part',
      '--threads',
      '1',
    ];
    const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (text: Buffer) => (told += text.toString()));
    // Told once the signal is heard; a signal before that would end the process by itself.
    await new Promise<void>((done) => {
      const timer = setInterval(() => {
        if (!/\/500 \d+ %/.test(told)) return;
        clearInterval(timer);
        done();
      }, 50);
    });
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
    expect(told).toMatch(/Interrupted; the sweep was cancelled with \d+ of 500 cells done\./);
    const lines = readFileSync(join(cwd, 'part', 'results.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(501);
    expect(lines.at(-1)).toContain(',cancelled,');
  });
});

it('the status of a sweep has rate, time and failures', () => {
  const view = {
    plan: { cells: 2_000, repeats: 4 },
    ...{ cellsDone: 1_310, cellsFailed: 2, progress: 0.656, jobsPerS: 856, etaS: 3.2, threads: 2 },
  } as SweepView;
  expect(sweepStatus(view)).toBe('1,312/2,000 65 % · 214 cells/s · ETA 4 s · 2 failed · 2 threads');
});
