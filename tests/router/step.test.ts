/** Single rules of the router step that a schedule would show only by chance. */
import { describe, expect, it } from 'vitest';
import type { RouterEffect, RouterState } from '../../src/router/state.js';
import { accept, acceptedHash, createState, nodeViews } from '../../src/router/state.js';
import { step } from '../../src/router/step.js';
import type { NodeMessage, RouterMessage, WorkItem } from '../../src/wire/messages.js';
import { backoffMs, LONGEST_REST_MS } from '../../src/wire/backoff.js';
import { PROTOCOL } from '../../src/wire/messages.js';
import { readSpec, shareSpec } from '../../src/wire/shared-spec.js';
import { chunksOf } from '../support/fixture-chunks.js';

const BASE = 1_000;

function world() {
  const state = createState('1.0.0', BASE, 0);
  const say = (peer: string, message: NodeMessage, nowMs = 0) =>
    step(state, { type: 'message', peer, message, nowMs });
  /** HELLO, and the beat with which a node answers READY. */
  const join = (peer: string, threads = 1, over: object = {}, nowMs = 0) => {
    const who = { version: '1.0.0', node: peer, session: 1, host: 'h', threads, kinds: ['echo'], kept: [] };
    const effects = say(peer, { type: 'hello', protocol: PROTOCOL, ...who, ...over }, nowMs);
    const [ready] = sent(effects, peer);
    if (ready?.type !== 'ready') return effects;
    const { epoch } = ready;
    return effects.concat(
      say(peer, { type: 'beat', epoch, seen: 0, held: [], kept: 0, draining: false }, nowMs),
    );
  };
  return { state, say, join };
}

const sent = (effects: RouterEffect[], peer: string): RouterMessage[] =>
  effects.flatMap((effect) => (effect.type === 'send' && effect.peer === peer ? [effect.message] : []));
const work = (effects: RouterEffect[], peer: string): WorkItem[] =>
  sent(effects, peer).flatMap((message) => (message.type === 'work' ? message.items : []));
const offer = (state: RouterState, count: number, jobId = 'job', rest = {}) =>
  step(state, { type: 'offer', chunks: chunksOf(jobId, 'echo', count, rest), nowMs: 0 });
const done = (item: WorkItem, epoch: number, hash = 'a'.repeat(64)) =>
  ({
    type: 'done',
    epoch,
    jobId: item.jobId,
    chunk: item.chunk,
    attempt: item.attempt,
    computeNs: 1,
    hash,
    tables: [],
  }) as const;

describe('the router step', () => {
  it('gives two chunks per thread and the next one only for an answer', () => {
    const { state, say, join } = world();
    join('n', 2);
    const items = work(offer(state, 10), 'n');
    expect(items.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3]);
    const effects = say('n', done(items[1]!, BASE));
    expect(effects.filter(({ type }) => type === 'done')).toHaveLength(1);
    expect(work(effects, 'n').map(({ chunk }) => chunk)).toEqual([4]);
    expect(nodeViews(state)).toMatchObject([{ busy: 2, chunksDone: 1 }]);
  });

  it('prefers the node with most free credit and never one that does not know the kind', () => {
    const { state, join } = world();
    join('small', 1);
    join('large', 3);
    join('other', 9, { kinds: ['paths'] });
    const effects = offer(state, 6);
    expect(work(effects, 'large')).toHaveLength(5);
    expect(work(effects, 'small')).toHaveLength(1);
    expect(work(effects, 'other')).toHaveLength(0);
  });

  it('answers a repeated HELLO with the same epoch, a new session with a new one', () => {
    const { state, join } = world();
    const epoch = (effects: RouterEffect[]) => (sent(effects, 'n')[0] as { epoch: number }).epoch;
    expect(epoch(join('n'))).toBe(BASE);
    const first = work(offer(state, 1), 'n')[0]!;
    const repeated = join('n');
    expect(epoch(repeated)).toBe(BASE);
    expect(work(repeated, 'n')).toEqual([]);
    const fresh = join('n', 1, { session: 2 });
    expect(epoch(fresh)).toBe(BASE + 1);
    expect(work(fresh, 'n')).toEqual([{ ...first, attempt: 2 }]);
  });

  it('takes a late success of an old attempt while the chunk is open, and stops the newer one', () => {
    const { state, say, join } = world();
    join('old');
    const item = work(offer(state, 1), 'old')[0]!;
    join('new');
    const lost = step(state, { type: 'unreachable', peer: 'old', nowMs: 1 });
    expect(work(lost, 'new')).toMatchObject([{ chunk: 0, attempt: 2 }]);
    const late = say('old', done(item, BASE), 2);
    expect(late.find(({ type }) => type === 'done')).toMatchObject({ attempts: 2 });
    expect(sent(late, 'new')).toMatchObject([{ type: 'cancel', items: [{ chunk: 0, attempt: 2 }] }]);
    expect(sent(late, 'old')).toEqual([{ type: 'again' }]);
    const twice = say('new', { ...done(item, BASE + 1), attempt: 2 }, 3);
    expect(twice).toEqual([{ type: 'dropped', reason: 'duplicate' }]);
  });

  it('compares a second answer with the accepted one by hash and never replaces it', () => {
    const { state, say, join } = world();
    join('old');
    const item = work(offer(state, 1), 'old')[0]!;
    join('new');
    step(state, { type: 'unreachable', peer: 'old', nowMs: 1 });
    const newer = { ...item, attempt: 2 };
    expect(say('new', done(newer, BASE + 1, 'b'.repeat(64))).some(({ type }) => type === 'done')).toBe(true);
    const late = (hash: string) => say('old', done(item, BASE, hash)).filter(({ type }) => type !== 'send');
    expect(late('b'.repeat(64))).toEqual([{ type: 'dropped', reason: 'duplicate' }]);
    for (let i = 0; i < 2; i++) {
      expect(late('c'.repeat(64))).toEqual([{ type: 'mismatch', jobId: 'job', chunk: 0 }]);
    }
    expect(late('b'.repeat(64))).toEqual([{ type: 'dropped', reason: 'duplicate' }]);
  });

  it('remembers a bounded number of accepted answers, the latest', () => {
    const { state } = world();
    for (let i = 0; i < 70_000; i++) accept(state, `job/${i}`, 'a');
    expect(state.accepted.size + state.acceptedBefore.size).toBeLessThanOrEqual(65_536);
    expect(acceptedHash(state, 'job/0')).toBeUndefined();
    for (const i of [40_000, 69_999]) expect(acceptedHash(state, `job/${i}`)).toBe('a');
  });

  it('ignores a late failure of an old attempt and every answer of another router', () => {
    const { state, say, join } = world();
    join('old');
    const item = work(offer(state, 1), 'old')[0]!;
    join('new');
    step(state, { type: 'unreachable', peer: 'old', nowMs: 1 });
    const { jobId, chunk, attempt } = item;
    const fail = { type: 'fail', epoch: BASE, jobId, chunk, attempt, why: 'error', problem: null } as const;
    expect(say('old', fail).some(({ type }) => type === 'failed')).toBe(false);
    expect(say('old', done(item, BASE - 1)).some(({ type }) => type === 'done')).toBe(false);
    expect(state.open.size).toBe(1);
  });

  it('declares a node lost after three missed beats, but not because it slept itself', () => {
    const { state, join } = world();
    join('n');
    const tick = (nowMs: number) => step(state, { type: 'tick', nowMs });
    tick(500);
    tick(10_000);
    expect(state.nodes.size).toBe(1);
    for (let nowMs = 10_100; nowMs <= 11_600; nowMs += 100) tick(nowMs);
    expect(state.nodes.size).toBe(0);
  });

  it('says nothing of a cancelled job any more and frees the credit when the node answers', () => {
    const { state, say, join } = world();
    join('n');
    const items = work(offer(state, 5), 'n');
    const effects = step(state, { type: 'cancel', jobId: 'job', nowMs: 1 });
    expect(sent(effects, 'n')).toMatchObject([{ type: 'cancel', items: [{ chunk: 0 }, { chunk: 1 }] }]);
    expect(work(offer(state, 1, 'next'), 'n')).toEqual([]);
    const late = say('n', done(items[0]!, BASE), 2);
    expect(late.some(({ type }) => type === 'done')).toBe(false);
    expect(work(late, 'n')).toMatchObject([{ jobId: 'next' }]);
  });

  it('gives up a result that can never arrive after twenty losses, and does not call it poison', () => {
    const { state, say, join } = world();
    join('n');
    offer(state, 1);
    const ends: RouterEffect[] = [];
    for (let seq = 1; seq <= 25; seq++) {
      const beat = { type: 'beat', epoch: BASE, seen: seq, held: [], kept: 0, draining: false } as const;
      const nowMs = seq * (LONGEST_REST_MS + 100);
      const effects = [...step(state, { type: 'tick', nowMs }), ...say('n', beat, nowMs)];
      ends.push(...effects.filter(({ type }) => type === 'failed'));
    }
    expect(ends).toMatchObject([{ problem: { code: 'E_INTERNAL' }, attempts: 20 }]);
  });

  it('sends a chunk again at once after its first loss, later after a rest, and at once when it came back unrun', () => {
    const { state, say, join } = world();
    join('n');
    const fail = (item: WorkItem, why: 'crash' | 'stopped', nowMs: number) =>
      say('n', { type: 'fail', epoch: BASE, ...item, why, problem: null }, nowMs);
    const second = work(fail(work(offer(state, 1), 'n')[0]!, 'crash', 1), 'n');
    expect(second).toMatchObject([{ attempt: 2 }]);
    expect(work(fail(second[0]!, 'crash', 2), 'n')).toEqual([]);
    const restMs = backoffMs('job/0', 2);
    expect(work(step(state, { type: 'tick', nowMs: 1 + restMs }), 'n')).toEqual([]);
    const third = work(step(state, { type: 'tick', nowMs: 2 + restMs }), 'n');
    expect(third).toMatchObject([{ attempt: 3 }]);
    expect(work(fail(third[0]!, 'stopped', 500), 'n')).toMatchObject([{ attempt: 4 }]);
  });

  it('calls a chunk poison only for three crashes while it was alone on its node', () => {
    const { state, join } = world();
    const ends: RouterEffect[] = [];
    const given: number[][] = [];
    offer(state, 2);
    for (let n = 0; n < 7; n++) {
      const nowMs = 1_000 * n;
      step(state, { type: 'tick', nowMs });
      const chunks = work(join(`n${n}`, 1, {}, nowMs), `n${n}`).map(({ chunk }) => chunk);
      given.push(chunks);
      ends.push(...step(state, { type: 'unreachable', peer: `n${n}`, nowMs }));
    }
    // Twice together, which proves nothing; then each by itself, and the second waits until the first is out.
    expect(given.map((chunks) => chunks.length)).toEqual([2, 2, 1, 1, 1, 1, 1]);
    const failed = ends.filter(({ type }) => type === 'failed');
    expect(failed).toMatchObject([{ problem: { code: 'E_POISON' }, attempts: 5 }]);
    expect(state.open.size).toBe(1);
  });

  it('gives no work to a node that has not answered READY: its HELLO may be older than its death', () => {
    const { state, say, join } = world();
    join('n');
    offer(state, 1);
    step(state, { type: 'unreachable', peer: 'n', nowMs: 1 });
    const who = { version: '1.0.0', node: 'n', session: 1, host: 'h', threads: 1, kinds: ['echo'], kept: [] };
    const late = say('n', { type: 'hello', protocol: PROTOCOL, ...who }, 2);
    expect(work(late, 'n')).toEqual([]);
    step(state, { type: 'unreachable', peer: 'n', nowMs: 3 });
    expect([...state.open.values()]).toMatchObject([{ crashes: 1, losses: 1 }]);
  });

  it('counts from the first attempt when a chunk has a node for itself', () => {
    const { state, join } = world();
    offer(state, 1);
    for (let n = 0; n < 3; n++) {
      step(state, { type: 'tick', nowMs: 1_000 * n });
      expect(work(join(`n${n}`, 1, {}, 1_000 * n), `n${n}`)).toMatchObject([{ attempt: n + 1 }]);
      step(state, { type: 'unreachable', peer: `n${n}`, nowMs: 1_000 * n });
    }
    expect(state.open.size).toBe(0);
  });

  it('never calls a chunk poison because its nodes fell silent', () => {
    const { state, join } = world();
    offer(state, 1);
    const ends: RouterEffect[] = [];
    for (let nowMs = 0; state.open.size > 0 && nowMs < 60_000; nowMs += 100) {
      if (state.nodes.size === 0) join(`n${nowMs}`, 1, {}, nowMs);
      ends.push(...step(state, { type: 'tick', nowMs }));
    }
    expect(ends.filter(({ type }) => type === 'failed')).toMatchObject([
      { problem: { code: 'E_INTERNAL' }, attempts: 20 },
    ]);
  });

  it('does not blame the last answer of a thread that died with two chunks', () => {
    const { state, say, join } = world();
    join('n');
    offer(state, 2);
    for (let round = 0; round < 2; round++) {
      const flights = [...state.nodes.get('n')!.inFlight.values()];
      for (const { jobId, chunk, attempt } of flights) {
        say('n', { type: 'fail', epoch: BASE, jobId, chunk, attempt, why: 'crash', problem: null });
      }
    }
    expect([...state.open.values()].map(({ falls, crashes }) => [falls, crashes])).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  it('refuses another protocol, another engine and a node without threads', () => {
    const { join } = world();
    const reason = (effects: RouterEffect[]) => (sent(effects, 'n')[0] as { reason: string }).reason;
    expect(reason(join('n', 1, { protocol: 99 }))).toMatch(
      new RegExp(`protocol ${PROTOCOL}; the node speaks 99`),
    );
    expect(reason(join('n', 1, { version: '9' }))).toMatch(/version 1.0.0; the node runs 9/);
    expect(reason(join('n', 0))).toMatch(/at least 1 thread/);
  });

  it('does not heed a node under an epoch that is over', () => {
    const { state, say, join } = world();
    join('n');
    join('n', 1, { session: 2 });
    offer(state, 1);
    const beat = { type: 'beat', epoch: BASE, seen: 9, held: [], kept: 0, draining: true } as const;
    expect(say('n', beat)).toEqual([{ type: 'dropped', reason: 'stale' }]);
    expect(nodeViews(state)).toMatchObject([{ state: 'ready', busy: 1 }]);
  });

  it('repeats a cancel that did not arrive, and only that', () => {
    const { state, say, join } = world();
    join('n', 2);
    const items = work(offer(state, 1), 'n').concat(work(offer(state, 1, 'other'), 'n'));
    step(state, { type: 'cancel', jobId: 'job', nowMs: 1 });
    const held = items.map(({ jobId, chunk, attempt }) => ({ jobId, chunk, attempt }));
    const effects = say('n', { type: 'beat', epoch: BASE, seen: 2, held, kept: 0, draining: false }, 2);
    expect(sent(effects, 'n')).toEqual([{ type: 'cancel', epoch: BASE, items: [held[0]] }]);
  });

  it('fills the credit of a failed attempt at once', () => {
    const { state, say, join } = world();
    join('n');
    const [{ jobId, chunk, attempt }] = work(offer(state, 3), 'n') as [WorkItem];
    const fail = { type: 'fail', epoch: BASE, jobId, chunk, attempt, why: 'error', problem: null } as const;
    expect(work(say('n', fail), 'n').map((item) => item.chunk)).toEqual([2]);
  });

  it('does not mistake a cancelled attempt for one of a job that is offered again', () => {
    const { state, join } = world();
    join('n');
    offer(state, 1);
    step(state, { type: 'cancel', jobId: 'job', nowMs: 1 });
    join('m', 2);
    expect(work(offer(state, 1), 'm')).toHaveLength(1);
    expect(step(state, { type: 'unreachable', peer: 'n', nowMs: 2 })).toEqual([]);
  });

  it('sends an input to a node whose work needs it, not twice in a row, and to nobody else', () => {
    const { state, say, join } = world();
    join('n');
    join('idle', 1, { kinds: [] });
    offer(state, 1, 'job', { inputs: { x: 'abc' } });
    const need = (digest: string, epoch: number) => ({ type: 'need', epoch, digest }) as const;
    expect(say('n', need('abc', BASE), 0)).toEqual([{ type: 'sendInput', peer: 'n', digest: 'abc' }]);
    expect(say('n', need('abc', BASE), 1_000)).toEqual([]);
    expect(say('n', need('abc', BASE), 6_000)).toHaveLength(1);
    expect(say('n', need('other', BASE), 6_000)).toEqual([{ type: 'dropped', reason: 'stale' }]);
    expect(say('idle', need('abc', BASE + 1), 6_000)).toEqual([{ type: 'dropped', reason: 'stale' }]);
    const ends = step(state, { type: 'inputMissing', digest: 'abc', nowMs: 6_000 });
    expect(ends).toMatchObject([{ type: 'failed', problem: { code: 'E_INTERNAL' }, attempts: 1 }]);
  });

  it('sends a large spec of several chunks once to each node that asks, a small or single one with its work', () => {
    const { state, say, join } = world();
    join('n', 2);
    const data = new Array<number>(5_000).fill(0.5);
    const items = work(offer(state, 3, 'large', { spec: { data } }), 'n');
    const { digest } = shareSpec({ data })!;
    expect(items.map(({ spec, specDigest }) => [spec, specDigest])).toEqual([
      [null, digest],
      [null, digest],
      [null, digest],
    ]);
    const answer = sent(say('n', { type: 'need', epoch: BASE, digest }, 1), 'n');
    expect(answer).toMatchObject([{ type: 'input', digest }]);
    expect(readSpec((answer[0] as Extract<RouterMessage, { type: 'input' }>).tables!)).toEqual({ data });
    expect(say('n', { type: 'need', epoch: BASE, digest }, 2)).toEqual([]);
    for (const item of items) say('n', done(item, BASE), 3);
    expect(say('n', { type: 'need', epoch: BASE, digest }, 9_000)).toEqual([
      { type: 'dropped', reason: 'stale' },
    ]);
    expect(work(offer(state, 1, 'single', { spec: { data } }), 'n')).toMatchObject([{ spec: { data } }]);
    expect(work(offer(state, 2, 'small', { spec: { a: 1 } }), 'n')).toMatchObject([
      { spec: { a: 1 } },
      { spec: { a: 1 } },
    ]);
  });
});
