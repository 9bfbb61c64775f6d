/** Every message survives its bytes, and no other bytes become a message. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MmsError } from '../../src/contract/problem.js';
import { encode, WireError } from '../../src/wire/codec.js';
import type { NodeMessage, RouterMessage } from '../../src/wire/messages.js';
import { decodeNodeMessage, decodeRouterMessage, encodeMessage, PROTOCOL } from '../../src/wire/messages.js';
import { tablesArb } from '../support/wire-arbitraries.js';

const ref = { jobId: '01J', chunk: 3, attempt: 2 };
const problem = new MmsError('E_JOB', 'it failed').problem;
const tables = [{ name: 't', rows: 2, columns: [Float64Array.of(-0, NaN), Int32Array.of(-1, 7)] }];
const hello = {
  type: 'hello',
  protocol: PROTOCOL,
  version: '1.0.0',
  node: 'n',
  session: 1,
  host: 'h',
  threads: 2,
  kinds: ['paths'],
  kept: [{ jobId: 'job', chunk: 2, from: 16, to: 24 }],
} as const;
const item = {
  ...ref,
  kind: 'paths',
  spec: { a: [1, { b: null }] },
  seed: 2 ** 53 - 1,
  from: 0,
  to: 9,
  limitMs: 60_000.5,
  inputs: { m: 'ab' },
};

const pack = { specs: [{ a: 1 }, null], specOf: [1, 0, 1], seeds: [0, 2 ** 53 - 1, 7] };

const fromNode: NodeMessage[] = [
  hello,
  { type: 'done', epoch: 9, ...ref, computeNs: 1.5, hash: 'af'.repeat(32), tables },
  { type: 'fail', epoch: 9, ...ref, why: 'error', problem },
  { type: 'fail', epoch: 9, ...ref, why: 'stopped', problem: null },
  { type: 'beat', epoch: 2 ** 50, seen: 4, held: [ref], kept: 0, draining: true },
  { type: 'progress', epoch: 9, items: [{ ...ref, done: 0.25 }] },
  { type: 'need', epoch: 9, digest: 'abc' },
  { type: 'bye', epoch: 9 },
];
const fromRouter: RouterMessage[] = [
  { type: 'ready', session: 1, epoch: 9 },
  { type: 'reject', reason: 'no' },
  { type: 'again' },
  { type: 'work', epoch: 9, seq: 1, items: [item, { ...item, spec: null, pack }] },
  { type: 'cancel', epoch: 9, items: [ref] },
  { type: 'beat', epoch: 9 },
  { type: 'input', digest: 'abc', tables },
  { type: 'input', digest: 'abc', tables: null },
  { type: 'bye' },
];

describe('messages', () => {
  it('come back equal', () => {
    for (const message of fromNode) expect(decodeNodeMessage(encodeMessage(message))).toEqual(message);
    for (const message of fromRouter) expect(decodeRouterMessage(encodeMessage(message))).toEqual(message);
  });

  it('carry any tables bit for bit', () => {
    fc.assert(
      fc.property(tablesArb, (some) => {
        const message = { type: 'input', digest: 'd', tables: some } as const;
        expect(decodeRouterMessage(encodeMessage(message))).toEqual(message);
      }),
      { numRuns: 200 },
    );
  });

  it('refuse a missing, ill-typed or excessive field, whichever it is', () => {
    for (const message of fromNode) {
      const [head, ...frames] = encodeMessage(message);
      expect(head).toBeDefined();
      const fields = { ...message, ...('tables' in message && { tables: [['t', 2, ['f64', 'i32']]] }) };
      for (const name of Object.keys(fields).filter(
        (key) => !(key === 'problem' && message.type === 'fail'),
      )) {
        for (const bad of [undefined, -1, 0.5, NaN, 'x'.repeat(5_000), {}, Array(9_000).fill(0)]) {
          const changed = encode({ ...fields, [name]: bad });
          const legal = (name === 'computeNs' || name === 'jobId') && (bad === -1 || bad === 0.5);
          if (legal && name === 'computeNs') continue;
          expect(() => decodeNodeMessage([changed, ...frames]), `${message.type}.${name}`).toThrow(WireError);
        }
      }
    }
  });

  it('take the words of a problem from the catalogue, not from the peer', () => {
    const forged = { ...problem, status: 200, title: 'Fine', retryable: true };
    const back = decodeNodeMessage(
      encodeMessage({ type: 'fail', epoch: 9, ...ref, why: 'error', problem: forged }),
    );
    expect(back).toMatchObject({ problem });
  });

  it('refuse column frames that are not what the header says', () => {
    const [head, first, second] = encodeMessage(fromNode[1]!);
    for (const frames of [
      [head!],
      [head!, first!],
      [head!, second!, first!],
      [head!, first!, second!, second!],
    ]) {
      expect(() => decodeNodeMessage(frames)).toThrow(WireError);
    }
    expect(() => decodeNodeMessage([])).toThrow(WireError);
  });

  it('read of a HELLO of another protocol only its number, so that it can be answered', () => {
    const future = encode({ type: 'hello', protocol: 99, name: ['of', 'another', 'shape'] });
    expect(decodeNodeMessage([future])).toMatchObject({ type: 'hello', protocol: 99, threads: 0 });
  });

  it('bound the header that a node may send', () => {
    const large = encode({ type: 'bye', epoch: 1, more: new Uint8Array(5 * 1024 * 1024) });
    expect(() => decodeNodeMessage([large])).toThrow(/at most 4194304 bytes of header/);
  });
});
