/** The import table has teeth: planted violations of each kind are found by the rules that guard src. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** file -> text, and the rule that must object to it. */
const planted: readonly [rule: string, path: string, text: string][] = [
  ['core-imports-only-its-neighbours', 'src/core/a.ts', `import '../contract/c.js';`],
  ['core-loads-only-its-packages', 'src/core/b.ts', `import 'node:fs';`],
  ['core-loads-only-its-packages', 'src/core/c.ts', `import 'pino';`],
  ['contract-loads-only-its-packages', 'src/contract/c.ts', `import 'node:crypto';`],
  ['jobs-imports-only-its-neighbours', 'src/jobs/a.ts', `import '../store/s.js';`],
  ['router-imports-only-its-neighbours', 'src/router/a.ts', `import '../jobs/a.js';`],
  ['store-imports-only-its-neighbours', 'src/store/s.ts', `import '../jobs/b.js';`],
  ['api-imports-only-its-neighbours', 'src/api/a.ts', `import '../router/a.js';`],
  ['cli-imports-only-its-neighbours', 'src/cli/a.ts', `import '../store/s.js';`],
  ['a-kind-does-not-know-another-kind', 'src/kinds/x/index.ts', `import '../y/schema.js';`],
  ['a-thread-loads-no-schema', 'src/kinds/y/run.ts', `import './schema.js';`],
  ['nobody-imports-main', 'src/ops/a.ts', `import '../main.js';`],
  ['no-cycles', 'src/data/a.ts', `import { b } from './b.js'; export const a = () => b;`],
  ['no-orphans', 'src/report/alone.ts', `export const nobodyNeedsMe = 1;`],
];

const support: readonly [path: string, text: string][] = [
  ['src/main.ts', `import './api/a.js';`],
  ['src/jobs/b.ts', `export {};`],
  ['src/data/b.ts', `import { a } from './a.js'; export const b = () => a;`],
  ['src/kinds/y/schema.ts', `import { Type } from 'typebox'; export const schema = Type.Object({});`],
];

describe('layers', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'mms-layers-'));
    for (const [path, text] of [...planted.map(([, path, text]) => [path, text] as const), ...support]) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    for (const file of ['tsconfig.json', '.dependency-cruiser.js', 'package.json'])
      cpSync(join(root, file), join(dir, file));
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('finds every planted violation', () => {
    const command = join(root, 'node_modules/.bin/depcruise');
    const report = execFileSync(
      command,
      ['src', '--config', '.dependency-cruiser.js', '--output-type', 'json'],
      {
        cwd: dir,
        encoding: 'utf8',
      },
    );
    const { summary } = JSON.parse(report) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    const found = summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`);
    for (const [rule, path] of planted) expect(found).toContain(`${rule} ${path}`);
  });
});
