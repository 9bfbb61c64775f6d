/** `mms run` and its company as a person types them: real processes, exit codes, both streams, files. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshDir, mms } from '../support/service.js';

const QUICK = ['--durationS', '20', '--warmupS', '5', '--runs', '2', '--seed', '3'];

describe('mms run', () => {
  it('works from nothing but a kind: summary on stdout, talk on stderr, a report in the folder', async () => {
    const cwd = freshDir();
    const { code, stdout, stderr } = await mms(['run', 'market-making', ...QUICK], { cwd });
    expect(stderr).toMatch(/^done in [\d.]+ s\n$/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PnL .*±.* currency {2}\(small sample: 2 runs\) {2}[▁▂▃▄▅▆▇█]+\n/);
    expect(stdout).toContain('mms run market-making --seed 3 --durationS 20 --warmupS 5 --runs 2');
    const [report] = readdirSync(cwd);
    expect(report).toMatch(/^mms-report-[0-9a-f]{12}\.html$/);
    expect(stdout).toContain(join(cwd, report!));
    expect(readFileSync(join(cwd, report!), 'utf8')).toContain('id="chart-data"');
  });

  it('prints one JSON document, and the command in it gives the same digest again', async () => {
    const first = await mms([
      'run',
      'market-making',
      ...QUICK,
      '--strategy',
      'fixed',
      '--json',
      '--no-report',
    ]);
    expect(first.stderr).toBe('');
    const document = JSON.parse(first.stdout);
    expect(document).toMatchObject({ kind: 'market-making', seed: 3, report: null });
    expect(document.id).toHaveLength(26);
    const words = (document.reproduce as string).split(' ').slice(1);
    const again = await mms([...words, '--json', '--no-report', '--threads', '1']);
    expect(JSON.parse(again.stdout).digest).toBe(document.digest);
    expect(document.summary.metrics.map((metric: any) => metric.name)).toContain('sharpe');
  });

  it('trades an instrument by its name, and says the same of its values as HTTP and flags do', async () => {
    const named = await mms([
      'run',
      '--instrument',
      'xetra-share',
      ...QUICK,
      '--json',
      '--no-report',
      '--durationS',
      '1000',
    ]);
    expect(named.stderr).toBe('');
    const document = JSON.parse(named.stdout);
    expect(document.spec.instrument).toEqual({ tickSize: 0.01, lotSize: 1, multiplier: 1 });
    expect(document.spec.rules.session).toEqual({ type: 'auctions', openingS: 600, closingS: 300 });
    const session = [
      '--session',
      'auctions',
      '--openingS',
      '600',
      '--closingS',
      '300',
      '--interruption',
      'auction',
    ];
    const fees = ['--makerBps', '0', '--takerBps', '0', '--tickSize', '0.01', '--lotSize', '1'];
    const spelt = await mms([
      'run',
      ...session,
      ...fees,
      ...QUICK,
      '--json',
      '--no-report',
      '--durationS',
      '1000',
    ]);
    expect(JSON.parse(spelt.stdout).digest).toBe(document.digest);
    const unknown = await mms(['run', '--instrument', 'xetra-shares', ...QUICK]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('xetra-share');
  });

  it('reads a spec file below the flags and writes tables, result and report into --out', async () => {
    const cwd = freshDir();
    writeFileSync(
      join(cwd, 'spec.yaml'),
      'market: {type: cont-stoikov-talreja, durationS: 20, warmupS: 5}\nruns: 3\n',
    );
    const args = ['run', 'market-making', '--spec', 'spec.yaml', '--runs', '2', '--seed', '3', '--out', 'o'];
    const { code, stdout } = await mms([...args, '--quiet'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(`${join(cwd, 'o', 'report.html')}\n`);
    const files = readdirSync(join(cwd, 'o')).sort();
    expect(files).toEqual(['depth.csv', 'fills.csv', 'report.html', 'result.json', 'runs.csv', 'series.csv']);
    expect(
      readFileSync(join(cwd, 'o', 'runs.csv'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1 + 2);
    const named = ['run', '--market', 'cont-stoikov-talreja', ...QUICK];
    const plain = await mms([...named, '--json', '--no-report']);
    const result = JSON.parse(readFileSync(join(cwd, 'o', 'result.json'), 'utf8'));
    expect(result.digest).toBe(JSON.parse(plain.stdout).digest);
  });

  it('is the built-in market unless told, and knows the fitted ones by name', async () => {
    const digestOf = async (...words: string[]) => {
      const { code, stdout } = await mms(['run', ...words, ...QUICK, '--json', '--no-report']);
      expect(code).toBe(0);
      return JSON.parse(stdout) as { digest: string; reproduce: string };
    };
    const usual = await digestOf();
    expect(usual.reproduce).toBe('mms run market-making --seed 3 --durationS 20 --warmupS 5 --runs 2');
    expect((await digestOf('--market', 'amzn')).digest).toBe(usual.digest);
    const published = await digestOf('--market', 'sky-perfect');
    expect(published.digest).not.toBe(usual.digest);
    expect(await digestOf('--market', 'cont-stoikov-talreja')).toMatchObject({
      digest: published.digest,
      reproduce:
        'mms run market-making --seed 3 --market cont-stoikov-talreja --durationS 20 --warmupS 5 --runs 2',
    });
  });

  it('takes the name of a market in a spec, and knows the fields of another kind', async () => {
    const small = { durationS: 5, warmupS: 1 };
    const args = ['--durationS', '5', '--warmupS', '1', '--runs', '1', '--json', '--no-report'];
    const [spelt, named] = await Promise.all([
      mms(['run', '--ticker', 'aapl', ...args]),
      mms(['run', '--spec', '{"market":"aapl"}', ...args]),
    ]);
    expect(JSON.parse(named.stdout).spec).toMatchObject({ market: { ...small, type: expect.any(String) } });
    expect(JSON.parse(named.stdout).digest).toBe(JSON.parse(spelt.stdout).digest);
    const { code, stderr } = await mms(['run', '--spec', '{"paths":64,"horizonYr":2}']);
    expect(code).toBe(2);
    expect(stderr).toContain('Name the kind, e.g. mms run paths --spec FILE.');
  });

  it('takes a built-in fitted market by its ticker, flags over it', async () => {
    const args = ['run', '--ticker', 'aapl', '--durationS', '5', '--warmupS', '1', '--runs', '1'];
    const { code, stdout } = await mms([...args, '--json', '--no-report']);
    expect(code).toBe(0);
    const { spec, reproduce } = JSON.parse(stdout);
    expect(reproduce).toBe('mms run market-making --seed 1 --ticker AAPL --durationS 5 --warmupS 1 --runs 1');
    expect(spec.market).toMatchObject({ type: 'cont-stoikov-talreja', durationS: 5, warmupS: 1 });
    const { spec: plain } = JSON.parse((await mms(['run', ...QUICK, '--json', '--no-report'])).stdout);
    expect(spec.market.limitRatePerS).not.toEqual(plain.market.limitRatePerS);
  });

  it.each([
    [['run', 'market-makin'], /market-making/],
    [['run', 'market-making', '--gama', '1'], /unknown option '--gama'[\s\S]*--gamma/],
    [['run', 'market-making', '--gamma', 'x'], /--gamma: Expected a number; got "x"/],
    [['run', 'market-making', '--gamma', '-1'], /--gamma: .*got -1/],
    [['run', 'market-making', '--strategy', 'adaptve'], /--strategy: .*adaptive/],
    [
      ['run', 'market-making', '--strategy', 'fixed', '--gamma', '1'],
      /--gamma: Expected only with --strategy symmetric or .*adaptive/,
    ],
    [['run', 'market-making', '--seed', '-1'], /--seed: Expected an integer from 0/],
    [['run', 'market-making', '--threads', '0'], /--threads: Expected an integer from 1/],
    [['run', 'market-making', '--ticker', 'NOPE'], /--ticker: Expected one of .*got "NOPE"/],
    [
      ['run', 'market-making', '--spec', 'missing.json'],
      /--spec: Expected a readable JSON or YAML file; got "missing\.json", which does not exist; check the path/,
    ],
    [
      ['run', 'market-making', '--spec', '.'],
      /--spec: .*got "\.", which is a folder; name a file in it\.\n$/,
    ],
    [['run', 'market-making', '--spec', '{"runs": '], /^error: --spec: Expected valid JSON or YAML; .*\n$/],
    [
      ['run', 'market-making', '--spec', '{"strategy":{"type":"adaptive","gama":1}}'],
      /\/spec\/strategy\/gama.*gamma/,
    ],
    [['run', 'market-making', '--messages', 'no.csv', '--orderbook', 'no2.csv', '--runs', '1'], /no\.csv/],
    [['run', '--seed', '1', 'paths', '--paths', 'x'], /^error: --paths: Expected an integer; got "x"/],
    [['submit', '--server', 'nowhere', 'paths', '--paths', '5'], /^error: --server: Expected an address/],
    [['run', '--gamma', '-1', 'pats'], /Expected one of .*paths.*; got "pats"/],
    [['run', '--out', 'paths', '--paths', '5'], /unknown option '--paths'/],
    [['run', 'paths', 'market-making'], /Expected one kind and flags.*got "market-making" too/],
    [['rn'], /unknown command 'rn'[\s\S]*run/],
    [['status', '--server', 'nowhere'], /--server: Expected an address/],
    [['config', 'show', '--set', 'log.levl=debug'], /log\.level/],
    [['config', 'show', '--set', 'log.level=loud'], /got "loud" \(flag --set log\.level\)/],
    [
      ['run', 'market-making', '--messages', 'x', '--durationS', '10'],
      /--messages: .*got --durationS, which goes only with --market cont-stoikov-talreja/,
    ],
    [['node'], /--router/],
  ])('%j is bad input: one clear error, exit 2, nothing written', async (args, message) => {
    const cwd = freshDir();
    const { code, stdout, stderr } = await mms(args, { cwd });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/internal error|\n\s+at /);
    expect([code, stdout, readdirSync(cwd)]).toEqual([2, '', []]);
  });

  it.each([
    ['--report', 'file/x.html', 'is a file'],
    ['--report', 'folder', 'is a folder'],
    ['--out', 'file', 'is a file'],
    ['--out', 'file/deeper', 'is a file'],
  ])('refuses %s %s before it computes and writes nothing', async (flag, place, found) => {
    const cwd = freshDir();
    writeFileSync(join(cwd, 'file'), '');
    mkdirSync(join(cwd, 'folder'));
    const { code, stdout, stderr } = await mms(['run', 'market-making', ...QUICK, flag, place], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: ${flag}: Expected .*${found}.*\\n$`));
    expect(readdirSync(cwd).sort()).toEqual(['file', 'folder']);
    expect(readdirSync(join(cwd, 'folder'))).toEqual([]);
  });

  it('makes the folders of a report', async () => {
    const cwd = freshDir();
    const args = ['run', 'market-making', ...QUICK, '--report', 'a/b/c.html', '--quiet'];
    const { code, stdout } = await mms(args, { cwd });
    expect([code, stdout]).toEqual([0, `${join(cwd, 'a', 'b', 'c.html')}\n`]);
    expect(existsSync(join(cwd, 'a', 'b', 'c.html'))).toBe(true);
  });
});

describe('help and information', () => {
  it('lists the flags of a kind with units and defaults', async () => {
    const { code, stdout } = await mms(['run', 'market-making', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--durationS <n> +Simulated time[\s\S]*?\[s\]\s+\(default: 1800\)/);
    expect(stdout).toMatch(/--strategy <type> [\s\S]*?One\s+of\s+fixed,\s+symmetric,/);
    expect(stdout).toMatch(/--horizonS <n>[\s\S]*?\(default: 60\)/);
    expect((await mms(['help', 'run'])).stdout).toBe((await mms(['run', '--help'])).stdout);
  });

  it('lists the flags of the market and the strategy that are chosen, and says which', async () => {
    const usual = (await mms(['run', '--help'])).stdout;
    const { stdout } = await mms(['run', '--market', 'hawkes', '--strategy=fixed', '--help']);
    for (const [flag, ofHawkes] of Object.entries({ branching: true, halfSpreadTicks: true, gamma: false })) {
      expect([flag, stdout.includes(`--${flag} <`)]).toEqual([flag, ofHawkes]);
      expect([flag, usual.includes(`--${flag} <`)]).toEqual([flag, !ofHawkes]);
    }
    expect(stdout).toContain('with --market hawkes and --strategy fixed');
    const { code } = await mms(['run', '--market', 'hawkes', '--strategy', 'fixed', '--gamma', '1']);
    expect(code).toBe(2);
  });

  it('lists kinds, and one kind with its schema', async () => {
    expect((await mms(['kinds'])).stdout).toMatch(/^market-making +\S/m);
    const { stdout } = await mms(['kinds', 'paths', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'paths', schema: { type: 'object' } });
  });

  it('shows the settings with their origin', async () => {
    const { stdout } = await mms(['config', 'show', '--origin', '--port', '1234'], {
      env: { MMS_HTTP_HOST: '::1' },
    });
    expect(stdout).toMatch(/^http\.port: 1234 +# flag/m);
    expect(stdout).toMatch(/^http\.host: "::1" +# env MMS_HTTP_HOST$/m);
  });

  it('describes a flag by the variant that is chosen', async () => {
    const of = async (data: string): Promise<string> =>
      (await mms(['run', 'calibrate', '--data', data, '--help'])).stdout;
    expect(await of('bars')).toContain('CSV of bars');
    expect(await of('trades')).toContain('CSV of trades');
  });

  it('answers help without loading schemas, kinds, native modules or the service', async () => {
    const hook =
      'import { registerHooks } from "node:module"; registerHooks({ resolve(name, context, next) {' +
      'const found = next(name, context); process.stderr.write(found.url + "\\n"); return found; } });';
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
    const { code, stdout, stderr } = await mms(['--help'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Exit codes: 0 ok, 1 failed, 2 bad input, 3 unreachable, 4 some cells of a sweep failed, 130 interrupted',
    );
    const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'));
    const names = loaded.map((url) => url.replace(/^.*\/(dist|node_modules)\//, ''));
    expect(names).toContain('cli/program.js');
    expect(names.filter((name) => !/^(main\.js|cli\/|contract\/|commander\/)/.test(name))).toEqual([]);
  });
});
