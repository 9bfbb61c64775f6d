/** `mms run` on a real terminal (a pseudo-terminal of script(1)): colour, progress, opening, Ctrl-C. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshDir } from '../support/service.js';

const main = resolve(import.meta.dirname, '../../dist/main.js');
const QUICK = 'run market-making --durationS 20 --warmupS 5 --runs 2';
const LONG = 'run market-making --durationS 3000 --runs 800 --no-report';

/** A folder with a browser opener that only writes down what it was asked to open. */
function folderWithOpener(): { cwd: string; opened: string; bin: string } {
  const cwd = freshDir();
  const bin = join(cwd, 'bin');
  const opened = join(cwd, 'opened');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'xdg-open'),
    `#!/bin/sh\necho "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`,
  );
  chmodSync(join(bin, 'xdg-open'), 0o755);
  return { cwd, opened, bin };
}

interface Screen {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a command line under a pseudo-terminal; `onText` sees the screen so far and may type. */
async function onTerminal(
  words: string,
  env: Record<string, string>,
  cwd: string,
  onText: (text: string, type: (keys: string) => void) => void = () => undefined,
): Promise<Screen> {
  const args = ['-qefc', `${process.execPath} ${main} ${words}`, '/dev/null'];
  const child = spawn('script', args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm', ...env },
  });
  let text = '';
  const look = (part: string): void => {
    text += part;
    onText(text, (keys) => child.stdin.write(keys));
  };
  child.stdout.setEncoding('utf8').on('data', look);
  await once(child, 'close');
  return { code: child.exitCode, text };
}

const withPath = (bin: string): Record<string, string> => ({ PATH: `${bin}:${process.env.PATH ?? ''}` });

describe.runIf(process.platform === 'linux')('on a terminal', () => {
  it('colours the summary and opens the report', async () => {
    const { cwd, opened, bin } = folderWithOpener();
    const { code, text } = await onTerminal(QUICK, withPath(bin), cwd);
    expect(code).toBe(0);
    expect(text).toContain('\u001b[1m');
    await expect.poll(() => existsSync(opened)).toBe(true);
    const report = readdirSync(cwd).find((name) => name.endsWith('.html'))!;
    expect(readFileSync(opened, 'utf8')).toBe(`file://${join(cwd, report)}\n`);
  });

  it.each([
    ['--no-open', {}],
    ['', { CI: 'true' }],
    ['--json', {}],
  ])('opens nothing with %j %o', async (flag, env) => {
    const { cwd, opened, bin } = folderWithOpener();
    const { code } = await onTerminal(`${QUICK} ${flag}`, { ...withPath(bin), ...env }, cwd);
    expect([code, existsSync(opened)]).toEqual([0, false]);
  });

  it('has no colour with NO_COLOR or --no-color', async () => {
    for (const [flag, env] of [
      ['', { NO_COLOR: '1' }],
      ['--no-color', {}],
    ] as const) {
      const { text } = await onTerminal(
        `${QUICK} --no-open ${flag}`,
        env as Record<string, string>,
        freshDir(),
      );
      expect(text).toMatch(/PnL {2,}\S/);
      expect(text).not.toContain('\u001b[1m');
    }
  });

  it('shows progress, and Ctrl-C cancels the job: exit 130, nothing written', async () => {
    const cwd = freshDir();
    let typed = false;
    const { code, text } = await onTerminal(LONG, {}, cwd, (screen, type) => {
      if (typed || !/\d+% \| ETA/.test(screen)) return;
      typed = true;
      type('\u0003');
    });
    expect(text).toMatch(/market-making .*\d+% \| ETA/);
    expect(text).toContain('Interrupted; the job was cancelled.');
    expect(code).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
