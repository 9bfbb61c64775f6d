/** Builds a C++ program for a test into a temporary folder; tests that need a compiler say so without one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** As the Makefile of native-bench, but quick to compile. */
const FLAGS = ['-std=c++17', '-O1', '-ffp-contract=off'];

function hasCompiler(): boolean {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `describe` with a function that builds native-bench/<source> and returns the program's path. */
export function withCompiler(name: string, body: (build: (source: string) => string) => void): void {
  if (!hasCompiler()) {
    console.warn(`skipped: g++ is absent (${name})`);
    describe(name, () => it.skip('skipped: g++ is absent', () => undefined));
    return;
  }
  const build = (source: string): string => {
    const program = join(mkdtempSync(join(tmpdir(), 'mms-native-')), 'program');
    const path = fileURLToPath(new URL(`../../native-bench/${source}`, import.meta.url));
    execFileSync('g++', [...FLAGS, '-o', program, path], { stdio: 'inherit' });
    return program;
  };
  describe(name, () => body(build));
}
