/** The checker behind `make chaos` is worth what it finds: each broken promise is planted and named. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, faultOfCounts, faultsOf, type Entry, type History, type Seen } from './history.js';
import { markdown } from './list.js';
import { ROWS } from './rows/index.js';
import { PieceReader } from './zmtp.js';

const entry = (seed: number, id: string | null, ends?: string): Entry => ({
  wish: { spec: { units: 3 }, seed, ...(ends !== undefined && { ends }) },
  key: `key-${seed}`,
  tries: 1,
  id,
});
const done = (entryOf: Entry, rest: Partial<Seen> = {}): Seen => ({
  id: entryOf.id!,
  seed: entryOf.wish.seed,
  state: 'done',
  digest: digestOf(entryOf.wish),
  attempts: 1,
  problem: null,
  createdMs: 10,
  startedMs: 11,
  finishedMs: 12,
  ...rest,
});
const entries = [entry(1, 'A'), entry(2, 'B')];
const whole: History = { entries, listed: entries.map((one) => done(one)), sampled: [] };
const faults = (broken: Partial<History>): string => faultsOf({ ...whole, ...broken }).join('; ');

describe('the history checker', () => {
  it('is content with a history in which every promise was kept', () => {
    const log = ['start 1 0 3 77 1', 'end 1 0 3 77 2', 'start 2 0 3 77 3'];
    expect(faults({ sampled: whole.listed, log, maxStarts: 1 })).toBe('');
    const failed = entry(3, 'C', 'E_POISON');
    const end = done(failed, { state: 'failed', digest: null, problem: { code: 'E_POISON', detail: '' } });
    expect(faults({ entries: [failed], listed: [end] })).toBe('');
  });

  it('allows a wish without a key one more job for each try that had no answer, with the right end', () => {
    const once = { ...entry(4, 'D'), key: '' };
    const listed = [done(once), done(once, { id: 'E' })];
    expect(faults({ entries: [once], listed })).toBe('I8 E was accepted twice for one wish');
    const entries = [{ ...once, tries: 2 }];
    expect(faults({ entries, listed })).toBe('');
    expect(faults({ entries, listed: [...listed, done(once, { id: 'F' })] })).toMatch(/^I8 F was accepted/);
    expect(faults({ entries, listed: [listed[0]!, done(once, { id: 'E', digest: 'f00' })] })).toMatch(
      /^I3 E/,
    );
  });

  it('names each promise that was broken', () => {
    const [a, b] = whole.listed as [Seen, Seen];
    expect(faults({ listed: [a] })).toBe('I1 B was acknowledged and is lost');
    expect(faults({ listed: [a, b, b] })).toBe('I2 B is listed twice');
    expect(faults({ listed: [a, b, { ...b, id: 'C' }] })).toBe('I8 C was accepted twice for one wish');
    expect(faults({ entries: [entries[0]!, entry(1, 'A')], listed: [a] })).toMatch(
      /^I2 A answers two wishes/,
    );
    expect(faults({ sampled: [{ ...b, state: 'failed' }] })).toBe('I2 B was failed and became done');
    expect(faults({ sampled: [{ ...b, digest: 'f00' }] })).toBe('I2 B was done and became done');
    expect(faults({ listed: [a, { ...b, startedMs: 13 }] })).toMatch(/^I2 B has times out of order/);
    expect(faults({ listed: [a, { ...b, digest: a.digest }] })).toMatch(/^I3 B has digest/);
    expect(faults({ log: ['start 1 0', 'start 1 0'], maxStarts: 1 })).toMatch(
      /^I4 chunk 1\/0 started 2 times/,
    );
    const early = { ...b, state: 'failed', problem: { code: 'E_INTERNAL', detail: 'why' } } as const;
    expect(faults({ listed: [a, early] })).toBe('I5 B ended as E_INTERNAL instead of done: why');
    expect(faults({ listed: [a, { ...b, state: 'running' }] })).toBe('I6 B is still running');
    expect(faults({ entries: [...entries, entry(3, null)] })).toBe('I6 key-3 was never acknowledged');
    expect(faultOfCounts(new Map([['mms_jobs_accepted_total', 2]]))).toBe(
      'I8 2 jobs were accepted, 0 are known',
    );
  });

  it('knows digests that seed and shape decide', () => {
    const of = (seed: number, units: number): string => digestOf({ spec: { units }, seed });
    expect(new Set([of(1, 1), of(1, 2), of(2, 1)]).size).toBe(3);
  });
});

describe('the proxy', () => {
  it('cuts a stream into the same messages, however it arrives', () => {
    const frame = (flags: number, body: Buffer): Buffer =>
      Buffer.concat([Buffer.of(flags, body.length), body]);
    const long = Buffer.alloc(300, 7);
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(300n);
    const parts = [
      Buffer.alloc(64, 1),
      frame(4, Buffer.from('READY')),
      Buffer.concat([frame(1, Buffer.from('head')), Buffer.of(2), size, long]),
      frame(0, Buffer.from('last')),
    ];
    const stream = Buffer.concat(parts);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.sort((x, y) => x - y), stream.length];
        const reader = new PieceReader();
        const pieces = at.slice(1).flatMap((end, i) => reader.push(stream.subarray(at[i], end)));
        expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(stream);
        const messages = pieces.filter(({ what }) => what === 'message');
        expect(messages.map(({ frames }) => frames.map(String))).toEqual([['head', String(long)], ['last']]);
      }),
    );
  });
});

describe('the rows', () => {
  it('are all of the matrix, and documented as they are', () => {
    const matrix = Array.from({ length: 24 }, (_, i) => `R${i + 1}`);
    expect(ROWS.map(({ id }) => id)).toEqual([...matrix, 'RD']);
    expect(readFileSync('docs/chaos.md', 'utf8')).toContain(markdown(ROWS));
  });
});
