/**
 * The same bits on every engine: the built program under the Node of the tests and under those of ENGINES,
 * which are fetched from the npm registry once per machine. A failed download fails the test.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { createRegistry } from '../../src/kinds/registry.js';

/** The oldest and the newest line that we promise; 24 is the Node of the tests. */
const ENGINES = ['22.23.3', '26.9.0'];
const CACHE = resolve('node_modules/.cache/engines');
const CHILD = resolve('tests/engines/child.ts');
const GOLDEN = resolve('tests/engines/golden.json');

interface Answer {
  readonly node: string;
  readonly found: {
    readonly kernels: Record<string, string>;
    readonly oracle: Record<string, string>;
    readonly functions: string;
    readonly streams: string;
    readonly paths: Record<string, string>;
    readonly 'market-making': Record<string, string>;
  };
}

/** The program of a version of Node, installed if it is not there yet. */
function engine(version: string): string {
  const folder = `${CACHE}/${version}`;
  const program = `${folder}/node_modules/node/bin/node`;
  if (existsSync(program)) return program;
  const made = `${folder}.${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  writeFileSync(`${made}/package.json`, JSON.stringify({ private: true, allowScripts: { node: true } }));
  const args = ['install', '--no-audit', '--no-fund', '--silent', '--save-exact', `node@${version}`];
  execFileSync('npm', args, { cwd: made, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
  return program;
}

function answerOf(program: string): Answer {
  const text = execFileSync(program, ['--no-warnings', CHILD], { encoding: 'utf8', timeout: 120_000 });
  return JSON.parse(text) as Answer;
}

it('gives the committed hashes on every Node, and those of the oracle', { timeout: 300_000 }, async () => {
  const registry = createRegistry();
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Pick<
    Answer['found'],
    'kernels' | 'functions' | 'streams'
  >;
  const examples = async (name: string): Promise<Record<string, string>> =>
    Object.fromEntries((await registry.get(name)).examples.map(({ title, digest }) => [title, digest]));
  const expected = {
    ...golden,
    oracle: golden.kernels,
    paths: await examples('paths'),
    'market-making': await examples('market-making'),
  };
  const programs = [process.execPath, ...ENGINES.map(engine)];
  const answers = programs.map(answerOf);
  expect(answers.map(({ node }) => node).slice(1)).toEqual(ENGINES.map((version) => `v${version}`));
  for (const { node, found } of answers) expect({ node, ...found }).toEqual({ node, ...expected });
});
