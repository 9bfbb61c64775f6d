/** `mms data inspect`: the account as text and JSON, exit code 2 and one sentence for a bad file. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { runCli } from '../../src/cli/program.js';
import type { Services } from '../../src/cli/services.js';
import { GOOD_BOOK, GOOD_MESSAGES, folder } from '../data/files.js';

const dir = folder();
afterAll(dir.remove);

interface Said {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

/** Runs a command that needs none of the services. */
async function mms(...args: string[]): Promise<Said> {
  return mmsWith(() => undefined, ...args);
}

/** `interrupt` gets what Ctrl-C would call, as soon as somebody listens. */
async function mmsWith(interrupt: (listener: () => void) => void, ...args: string[]): Promise<Said> {
  const said = { out: '', talk: '' };
  const io: Io = {
    out: (text) => void (said.out += text),
    talk: (text) => void (said.talk += text),
    outIsTerminal: false,
    talkIsTerminal: false,
    env: {},
    onInterrupt: (listener) => {
      interrupt(listener);
      return () => undefined;
    },
  };
  const code = await runCli(args, { version: '0' } as Services, io);
  return { code, ...said };
}

describe('mms data inspect', () => {
  it('prints an account for each file', async () => {
    const messages = dir.write('messages.csv', GOOD_MESSAGES);
    const book = dir.write('book.csv', GOOD_BOOK);
    const { code, out, talk } = await mms('data', 'inspect', messages, book);
    expect([code, talk]).toEqual([0, '']);
    expect(out).toContain(messages);
    expect(out).toContain('format    LOBSTER messages');
    expect(out).toContain('time      09:30:00.017459617 to 09:30:00.200000000');
    expect(out).toContain('types     submission 1, visible execution 1, hidden execution 1, halt 1');
    expect(out).toContain('not told  gaps, crossed, locked');
    expect(out).toMatch(/format {4}LOBSTER orderbook\n {2}size {6}rows 4 in \d+ bytes/);
  });

  it('prints JSON that holds the same', async () => {
    const messages = dir.write('messages.csv', GOOD_MESSAGES);
    const { code, out } = await mms('data', 'inspect', messages, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { file: messages, format: 'LOBSTER messages', rows: 4, quality: { gaps: null, unknownIds: 0 } },
    ]);
  });

  it('ends with 2 and one sentence that names file, row and field', async () => {
    const bad = dir.write('bad.csv', GOOD_MESSAGES.replace('2238100,1', 'x,1'));
    const { code, out, talk } = await mms('data', 'inspect', bad);
    expect([code, out]).toEqual([2, '']);
    expect(talk).toBe(`error: ${bad}:2, column 5: expected an integer of at most 15 digits; got "x"\n`);
    expect((await mms('data', 'inspect')).code).toBe(2);
  });

  it('ends with 130 and no account when it is interrupted', async () => {
    const file = dir.write('messages.csv', GOOD_MESSAGES);
    const said = await mmsWith((listener) => listener(), 'data', 'inspect', file);
    expect(said).toEqual({ code: 130, out: '', talk: 'Interrupted.\n' });
  });
});
