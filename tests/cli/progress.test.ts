/** Progress where nobody looks at a terminal: a line every ten seconds, none when quiet. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgress, percent } from '../../src/cli/progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function linesOf(quiet: boolean): Promise<string[]> {
  const lines: string[] = [];
  const io = {
    out: () => undefined,
    talk: (text: string) => void lines.push(text),
    outIsTerminal: false,
    talkIsTerminal: false,
    env: {},
    onInterrupt: () => () => undefined,
  };
  const progress = await createProgress('paths', io, quiet);
  progress.update(0.0029);
  vi.advanceTimersByTime(19_999);
  progress.update(0.42);
  vi.advanceTimersByTime(1);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  return lines;
}

it('is told every ten seconds until the end, and not at all when quiet', async () => {
  expect(await linesOf(false)).toEqual(['paths 0.2% after 10 s\n', 'paths 42% after 20 s\n']);
  expect(await linesOf(true)).toEqual([]);
});

it('never tells more than is done, with a decimal below 1 %', () => {
  expect([0, 0.0004, 0.0055, 0.0099, 0.01, 0.999, 1].map(percent)).toEqual([
    '0%',
    '0.0%',
    '0.5%',
    '0.9%',
    '1%',
    '99%',
    '100%',
  ]);
});
