/** `mms validate` as a person types it: green to the end, red never hidden, every check explained. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIds, explainAll } from '../../src/report/proof-words.js';
import { freshDir, mms } from '../support/service.js';

describe('mms validate', () => {
  it('finds every row within its tolerance, in under a minute, and writes a report', async () => {
    const cwd = freshDir();
    const { code, stdout, stderr } = await mms(['validate', '--report', 'proof.html'], { cwd });
    expect(stdout).toMatch(/\nAll \d+ rows lie within their tolerances\./);
    expect(stdout).not.toContain('MISS');
    for (const id of checkIds()) expect(stdout).toMatch(new RegExp(`\n${id}  \\w`));
    expect(code).toBe(0);
    expect(Number(/done in ([\d.]+) s/.exec(stderr)?.[1])).toBeLessThan(60);
    const report = readFileSync(join(cwd, 'proof.html'), 'utf8');
    expect(report).toContain('What is checked');
    expect(report).toContain('V12: What is always true');
  }, 90_000);

  it('runs the checks that are named, with the same rows as among all', async () => {
    const args = ['validate', '--only', 'V11,V2', '--json', '--no-report'];
    const one = JSON.parse((await mms(args)).stdout);
    const names = one.summary.metrics.map((metric: any) => metric.name);
    expect(names).toEqual(['misses', 'rows', 'V2Misses', 'V11Misses']);
    const again = JSON.parse((await mms([...args, '--threads', '1'])).stdout);
    expect(again.digest).toBe(one.digest);
  });

  it('refuses an unknown check by name', async () => {
    const { code, stderr } = await mms(['validate', '--only', 'V99', '--no-report'], { cwd: freshDir() });
    expect(stderr).toMatch(/--only .*V1.*V99/);
    expect(code).toBe(2);
  });

  it('explains one check, all of them as the page in docs, and refuses an unknown one', async () => {
    const one = await mms(['validate', '--explain', 'v2']);
    expect(one.stdout).toMatch(/^## V2: /);
    expect(one.code).toBe(0);
    const all = await mms(['validate', '--explain']);
    expect(all.stdout).toBe(explainAll());
    const none = await mms(['validate', '--explain', 'V99']);
    expect(none.stderr).toMatch(/--explain: Expected one of V1, .*; got "V99"/);
    expect(none.code).toBe(2);
  });

  it('has its page in docs', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/validation.md'), 'utf8');
    expect(page).toBe(explainAll());
  });
});
