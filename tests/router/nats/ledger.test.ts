/** Single rules of the ledger beside a JetStream queue that real processes would show only by chance. */
import { describe, expect, it } from 'vitest';
import { MmsError } from '../../../src/contract/problem.js';
import { chunkDigest } from '../../../src/router/nats/digest.js';
import { stepLedger } from '../../../src/router/nats/ledger.js';
import type { Contents, End, LedgerEffect } from '../../../src/router/nats/state.js';
import { createLedger } from '../../../src/router/nats/state.js';
import type { ChunkSubject } from '../../../src/wire/nats/names.js';
import type { NodeMessage } from '../../../src/wire/messages.js';
import { PROTOCOL } from '../../../src/wire/messages.js';
import { chunksOf } from '../../support/fixture-chunks.js';

const LEASE_MS = 2_000;
const NOTHING: Contents = { work: new Map(), ends: new Map() };

function world() {
  const state = createLedger({ version: '1.0.0', leaseMs: LEASE_MS, firstEpoch: 1 }, 0);
  const say = (peer: string, message: NodeMessage, nowMs = 0) =>
    stepLedger(state, { type: 'message', peer, message, nowMs });
  const join = (peer: string, threads = 1, nowMs = 0) => {
    const who = { version: '1.0.0', node: peer, session: 1, host: 'h', threads, kinds: ['echo'], kept: [] };
    return say(peer, { type: 'hello', protocol: PROTOCOL, ...who }, nowMs);
  };
  const holds = (
    peer: string,
    chunks: readonly [chunk: number, attempt: number][],
    nowMs = 0,
    jobId = 'job',
  ) => {
    const held = chunks.map(([chunk, attempt]) => ({ jobId, chunk, attempt }));
    return say(peer, { type: 'beat', epoch: 1, seen: 0, held, kept: 0, draining: false }, nowMs);
  };
  const offer = (count: number, jobId = 'job', rest = {}, kept = NOTHING) =>
    stepLedger(state, { type: 'offer', chunks: chunksOf(jobId, 'echo', count, rest), kept, nowMs: 0 });
  const end = (chunk: number, how: End, digest = chunkDigest(chunksOf('job', 'echo', chunk + 1)[chunk]!)) =>
    stepLedger(state, { type: 'ended', jobId: 'job', chunk, digest, end: how, nowMs: 0 });
  const tick = (nowMs: number) => stepLedger(state, { type: 'tick', nowMs });
  const ticks = (fromMs: number, toMs: number) => {
    const effects: LedgerEffect[] = [];
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += 100) effects.push(...tick(nowMs));
    return effects;
  };
  return { state, say, join, holds, offer, end, tick, ticks };
}

const done = (hash = 'a'): End => ({ how: 'done', tables: [], hash: hash.repeat(64), computeNs: 1 });
const types = (effects: readonly LedgerEffect[]): string[] => effects.map(({ type }) => type);
const puts = (effects: readonly LedgerEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'put' ? [effect.entry.key] : []));
const failures = (effects: readonly LedgerEffect[]) => effects.filter(({ type }) => type === 'failed');

describe('the ledger', () => {
  it('keeps each class of the queue a little ahead, the jobs in turn', () => {
    const { offer, join } = world();
    expect(puts(offer(70, 'a', { priority: 5 }))).toHaveLength(64);
    expect(puts(offer(2, 'b', { priority: 5 }))).toEqual([]);
    expect(puts(offer(2, 'c', { priority: 9 }))).toEqual(['c/0', 'c/1']);
    expect(puts(join('n', 5)).slice(0, 4)).toEqual(['a/64', 'b/0', 'a/65', 'b/1']);
  });

  it('takes the first end, drops its repetition, and tells when a later one differs', () => {
    const { offer, end } = world();
    offer(1);
    expect(types(end(0, done()))).toEqual(['started', 'done']);
    expect(end(0, done())).toEqual([{ type: 'dropped', reason: 'duplicate' }]);
    expect(types(end(0, done('b')))).toEqual(['mismatch']);
    expect(end(1, done())).toEqual([{ type: 'dropped', reason: 'late' }]);
  });

  it('drops the end of a chunk that computed something else', () => {
    const { offer, end } = world();
    offer(1, 'job', { seed: 8 });
    expect(end(0, done())).toEqual([{ type: 'dropped', reason: 'stale' }]);
  });

  it('makes the error of a kind final', () => {
    const { offer, end } = world();
    offer(1);
    const { problem } = new MmsError('E_JOB', 'no');
    expect(failures(end(0, { how: 'failed', problem }))).toMatchObject([{ problem, attempts: 1 }]);
  });

  it('blames a node that is gone for good, and not one that only connected anew', () => {
    const { state, offer, join, holds, end, tick, ticks } = world();
    offer(2);
    join('n');
    holds('n', [[0, 1]]);
    stepLedger(state, { type: 'unreachable', peer: 'n', nowMs: 0 });
    holds('n', [[0, 1]], 500);
    ticks(600, 1_900);
    expect(state.nodes.has('n')).toBe(true);
    stepLedger(state, { type: 'unreachable', peer: 'n', nowMs: 1_900 });
    tick(1_900 + LEASE_MS / 2);
    expect(state.nodes.has('n')).toBe(false);
    expect(end(0, done()).at(-1)).toMatchObject({ type: 'done', attempts: 2 });
  });

  it('counts a crash against a chunk that was alone, and gives it up after the third', () => {
    const { state, offer, join, holds } = world();
    offer(1);
    const effects: LedgerEffect[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      join(`n${attempt}`);
      // The queue hands it on before the verdict on the node before: the verdict is made then.
      effects.push(...holds(`n${attempt}`, [[0, attempt]]));
      expect(failures(effects)).toHaveLength(attempt === 4 ? 1 : 0);
      stepLedger(state, { type: 'unreachable', peer: `n${attempt}`, nowMs: 0 });
    }
    expect(failures(effects)).toMatchObject([{ chunk: 0, problem: { code: 'E_POISON' }, attempts: 3 }]);
    expect(effects).toContainEqual({ type: 'remove', jobId: 'job', chunk: 0 });
  });

  it('blames a crash also when the chunk was handed on before it was known', () => {
    const { state, offer, join, holds, tick } = world();
    offer(1);
    join('n');
    holds('n', [[0, 1]]);
    join('other');
    holds('other', [[0, 2]]);
    expect(state.open.get('job/0')).toMatchObject({ losses: 1, crashes: 0 });
    stepLedger(state, { type: 'unreachable', peer: 'n', nowMs: 0 });
    tick(LEASE_MS / 2);
    expect(state.open.get('job/0')).toMatchObject({ losses: 1, crashes: 1 });
  });

  it('takes a chunk for alone on a node whose earlier ends are still on their way', () => {
    const { state, offer, join, holds } = world();
    offer(2);
    join('n');
    holds('n', [[0, 1]]);
    holds('n', [[1, 1]]);
    expect([...state.nodes.get('n')!.inFlight.values()]).toMatchObject([{ key: 'job/1', alone: true }]);
  });

  it('does not count crashes in company, work handed back, or silence while it was cut off itself', () => {
    const { state, offer, join, holds, say, ticks } = world();
    offer(2);
    join('n');
    holds('n', [
      [0, 1],
      [1, 1],
    ]);
    const crash = {
      type: 'fail',
      epoch: 1,
      jobId: 'job',
      chunk: 0,
      attempt: 1,
      why: 'crash',
      problem: null,
    } as const;
    say('n', crash);
    say('n', { ...crash, chunk: 1, why: 'stopped' });
    expect(state.open.get('job/0')).toMatchObject({ losses: 1, falls: 1, crashes: 0 });
    expect(state.open.get('job/1')).toMatchObject({ losses: 0 });
    stepLedger(state, { type: 'link', up: false, nowMs: 0 });
    ticks(100, 5_000);
    stepLedger(state, { type: 'link', up: true, nowMs: 5_000 });
    ticks(5_100, 6_000);
    expect(state.nodes.has('n')).toBe(true);
    ticks(6_100, 9_000);
    expect(state.nodes.has('n')).toBe(false);
  });

  it('puts in again what two audits did not find, under another name', () => {
    const { state, offer } = world();
    offer(2);
    const work = new Map([
      ['job/1', { jobId: 'job', chunk: 1, digest: chunkDigest(chunksOf('job', 'echo', 2)[1]!) }],
    ]);
    const audit = (nowMs: number) =>
      stepLedger(state, { type: 'audit', contents: { work, ends: new Map() }, askedMs: nowMs, nowMs });
    expect(puts(audit(1_000))).toEqual([]);
    expect(puts(audit(5_000))).toEqual([]);
    expect(puts(audit(10_000))).toEqual(['job/0']);
    expect(state.open.get('job/0')).toMatchObject({ sends: 2, losses: 1 });
  });

  it('adopts what an earlier service left of the same chunks, and removes what nobody offers', () => {
    const { state, offer } = world();
    const [first, second] = chunksOf('job', 'echo', 2);
    const left = (chunk: number, digest: string) =>
      [`job/${chunk}`, { jobId: 'job', chunk, digest }] as const;
    const work = new Map<string, ChunkSubject>([left(0, chunkDigest(first!)), left(1, 'of another spec')]);
    work.set('old/0', { jobId: 'old', chunk: 0, digest: 'x' });
    const effects = offer(2, 'job', {}, { work, ends: new Map() });
    expect(puts(effects)).toEqual(['job/1']);
    expect(effects).toContainEqual({ type: 'remove', jobId: 'job', chunk: 1 });
    expect(second!.chunk).toBe(1);
    const audit = (nowMs: number) =>
      stepLedger(state, { type: 'audit', contents: { work, ends: new Map() }, askedMs: nowMs, nowMs });
    expect(types(audit(1_000))).not.toContain('remove');
    expect(audit(100_000)).toContainEqual({ type: 'remove', jobId: 'old', chunk: null });
  });

  it('forgets a cancelled job and tells whoever still holds a chunk of it', () => {
    const { state, offer, join, holds, end } = world();
    offer(100);
    join('n');
    expect(types(stepLedger(state, { type: 'cancel', jobId: 'job', nowMs: 0 }))).toEqual([
      'remove',
      'cancelled',
    ]);
    expect(state.out).toEqual({ high: 0, normal: 0, low: 0 });
    expect(types(end(0, done()))).toEqual(['dropped']);
    expect(types(holds('n', [[0, 1]], 100_000))).toEqual(['cancelled']);
  });

  it('refuses a node of another version, and asks one it does not know who it is', () => {
    const { say, holds } = world();
    const who = { version: '0.9.0', node: 'n', session: 1, host: 'h', threads: 1, kinds: [], kept: [] };
    expect(say('n', { type: 'hello', protocol: PROTOCOL, ...who })).toMatchObject([
      { type: 'say', message: { type: 'reject' } },
    ]);
    expect(holds('n', [])).toEqual([{ type: 'say', peer: 'n', message: { type: 'again' } }]);
  });
});
