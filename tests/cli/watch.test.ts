/** `--watch`: one run at the start, one for each save, failures told, Ctrl-C ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { watchAndRun } from '../../src/cli/watch.js';
import { MmsError } from '../../src/contract/problem.js';
import { freshDir } from '../support/service.js';

describe('watchAndRun', () => {
  it('runs at the start and on every save, tells a failure and goes on, and ends on an interrupt', async () => {
    const file = join(freshDir(), 'own.ts');
    writeFileSync(file, '1');
    const said: string[] = [];
    let interrupt = (): void => undefined;
    const io: Io = {
      out: () => undefined,
      talk: (text) => {
        said.push(text);
        // Each wait for a save is answered by one, the third by Ctrl-C.
        if (!text.startsWith('Watching')) return;
        if (runs.length < 3) writeFileSync(file, `${runs.length}`);
        else queueMicrotask(interrupt);
      },
      outIsTerminal: false,
      talkIsTerminal: false,
      env: {},
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => undefined;
      },
    };
    const runs: (readonly string[])[] = [];
    const code = await watchAndRun([file, '--seed', '3'], io, (args) => {
      runs.push(args);
      if (runs.length === 2) return Promise.reject(new MmsError('E_DATA', 'own.ts:3: no'));
      return Promise.resolve(0);
    });
    expect(code).toBe(130);
    expect(runs).toEqual(Array.from({ length: 3 }, () => [file, '--seed', '3', '--no-report']));
    expect(said).toContain('error: own.ts:3: no\n');
    expect(said.filter((text) => text.startsWith('Watching'))).toHaveLength(3);
  });

  it('needs a strategy file', async () => {
    await expect(watchAndRun(['market-making'], {} as Io, () => Promise.resolve(0))).rejects.toThrow(
      '--watch: Expected a strategy file',
    );
  });
});
