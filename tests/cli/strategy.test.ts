/** `mms strategy new`, `mms strategy check` and `mms run FILE` as a person types them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshDir, mms } from '../support/service.js';

const QUICK = ['--durationS', '20', '--warmupS', '5', '--runs', '2', '--no-report'];

describe('mms strategy', () => {
  it('writes a file that passes its own check, and never over another one', async () => {
    const cwd = freshDir();
    const made = await mms(['strategy', 'new', 'my-maker'], { cwd });
    expect([made.code, made.stdout]).toEqual([0, 'my-maker.ts\n']);
    expect(existsSync(join(cwd, 'mms-strategy.d.ts'))).toBe(true);
    const checked = await mms(['strategy', 'check', 'my-maker.ts'], { cwd });
    expect(checked.stdout).toMatch(/^ok {4}my-maker: 3 parameters\nok {4}types\nok {4}the same result twice/);
    expect(checked.code).toBe(0);
    const again = await mms(['strategy', 'new', 'my-maker'], { cwd });
    expect([again.code, again.stderr]).toEqual([
      2,
      'error: Expected a new name; my-maker.ts exists already. Choose another one.\n',
    ]);
  });

  it('tells types that are wrong, and what keeps memory between runs', async () => {
    const cwd = freshDir();
    await mms(['strategy', 'new', 'odd'], { cwd });
    const text = readFileSync(join(cwd, 'odd.ts'), 'utf8');
    writeFileSync(join(cwd, 'odd.ts'), text.replace('market.inventoryLots) /', 'market.inventory) /'));
    const { code, stdout } = await mms(['strategy', 'check', 'odd.ts'], { cwd });
    expect(stdout).toMatch(/wrong odd\.ts:\d+:\d+: Property 'inventory' does not exist on type 'Market'/);
    expect(code).toBe(1);
  });
});

describe('mms run FILE', () => {
  it('has the parameters of the file as flags, judges them, and tells how to do it again', async () => {
    const cwd = freshDir();
    await mms(['strategy', 'new', 'own'], { cwd });
    const run = (...words: string[]) => mms(['run', './own.ts', ...QUICK, ...words], { cwd });
    const first = await run('--half-spread-ticks', '2', '--json');
    const { digest, reproduce, spec } = JSON.parse(first.stdout);
    expect(spec.strategy.parameters).toEqual([{ name: 'halfSpreadTicks', value: 2 }]);
    const words = /^mms (.*) --parameters '(.*)'(.*)$/.exec(reproduce)!;
    const again = [...words[1]!.split(' '), '--parameters', words[2]!, ...words[3]!.trim().split(' ')];
    const second = await mms([...again, '--no-report', '--json'], { cwd });
    expect(JSON.parse(second.stdout).digest).toBe(digest);
    const bad = await run('--skewTicks', '-1');
    expect([bad.code, bad.stderr]).toEqual([
      2,
      'error: --skewTicks: Expected number from 0 to 100; got -1.\n',
    ]);
    const unknown = await run('--gamma', '1');
    expect([unknown.code, unknown.stderr.split('\n')[0]]).toEqual([2, "error: unknown option '--gamma'"]);
    const help = await run('--help');
    expect(help.stdout).toContain('Distance of each quote from the centre [ticks]');
  });

  it('ends with the line of an error, and exit code 1', async () => {
    const cwd = freshDir();
    await mms(['strategy', 'new', 'own'], { cwd });
    const text = readFileSync(join(cwd, 'own.ts'), 'utf8');
    const broken = text.replace(
      '    const centre',
      '    if (market.tNs > 1e9) throw new Error("no"); const centre',
    );
    writeFileSync(join(cwd, 'own.ts'), broken);
    const line = broken.slice(0, broken.indexOf('throw new')).split('\n').length;
    const { code, stderr } = await mms(['run', './own.ts', ...QUICK], { cwd });
    expect(stderr).toContain(`failed: own.ts:${line}: no\n`);
    expect(code).toBe(1);
  });
});
