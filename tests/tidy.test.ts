/** The style of the house as a test: what lint and types cannot see. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => existsSync(path));
const typescript = tracked.filter((path) => path.endsWith('.ts'));
const read = (path: string): string => readFileSync(path, 'utf8');

/** Source with comments and string contents blanked, so that only code is searched; line numbers stay. */
function codeOf(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, blank);
}

/** path:line of every match of `pattern` in the code of `paths`. */
function findings(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    codeOf(read(path))
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('tidy', () => {
  it('every TypeScript file says in its first line what it is', () => {
    const silent = typescript.filter(
      (path) => !/^(#!.*\n)?(\/\/ eslint-disable[^\n]*\n)?\/\*\*[ \n]/.test(read(path)),
    );
    expect(silent).toEqual([]);
  });

  it('the pure rooms and steps know neither wall clock nor hidden randomness', () => {
    const pure = typescript.filter((path) =>
      /^src\/core\/|^src\/cli\/retry\.ts$|^src\/(router|node|jobs)\/(.*-)?(step|agent|split|settle|lifecycle|backlog|roster|key|digest)\.ts$/.test(
        path,
      ),
    );
    expect(pure.length).toBeGreaterThan(20);
    expect(
      findings(pure, /\bDate\b|Math\.random|\bsetTimeout\b|\bsetInterval\b|performance\.now|\bprocess\./),
    ).toEqual([]);
  });

  it('kernels compute transcendental functions themselves', () => {
    const kernels = typescript.filter((path) => /^src\/(core|kinds)\//.test(path));
    const forbidden =
      /Math\.(exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot)\b|\*\*/;
    expect(findings(kernels, forbidden)).toEqual([]);
  });

  it('no kernel is asynchronous', () => {
    expect(
      findings(
        typescript.filter((path) => path.startsWith('src/core/')),
        /\basync\b|\bawait\b|\bPromise\b/,
      ),
    ).toEqual([]);
  });

  it('no code is commented out and nothing is marked unfinished', () => {
    const commented =
      /^\s*\/\/\s*(const|let|var|if|for|while|return|import|export|await|function)\b.*[;{(]\s*$/;
    const marks = new RegExp('\\b(' + ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|') + ')\\b');
    const found = typescript.flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) =>
          commented.test(line) || marks.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [],
        ),
    );
    expect(found).toEqual([]);
  });

  it('only main.ts and the command line read the environment in src', () => {
    const others = typescript.filter(
      (path) => path.startsWith('src/') && !/^src\/(cli\/io|main)\.ts$/.test(path),
    );
    expect(findings(others, /process\.env\b/)).toEqual([]);
  });

  it('no test is skipped, focused or sleeps', () => {
    const tests = typescript.filter((path) => path.startsWith('tests/') && path.endsWith('.test.ts'));
    expect(
      findings(tests, /\b(it|test|describe)\.(skip|only|todo)\b|setTimeout\([^,]+, *[0-9]{3,}\)/),
    ).toEqual([]);
  });

  it('every kind is one folder with index, schema, run and a README that names each field', () => {
    const kinds = [...new Set(tracked.flatMap((path) => /^src\/kinds\/([^/]+)\//.exec(path)?.[1] ?? []))];
    expect(kinds.length).toBeGreaterThan(0);
    const missing = kinds.flatMap((kind) =>
      ['index.ts', 'schema.ts', 'run.ts', 'README.md']
        .map((file) => `src/kinds/${kind}/${file}`)
        .filter((path) => !existsSync(path)),
    );
    expect(missing).toEqual([]);
  });
});
