/**
 * Single rules of the node's step: epochs, silence of the router, inputs, drain, and what it tells in its
 * beats.
 */
import { describe, expect, it } from 'vitest';
import type { AgentEffect } from '../../src/node/agent.js';
import { createAgent, stepAgent } from '../../src/node/agent.js';
import { createInputCache } from '../../src/node/inputs.js';
import type { NodeMessage, RouterMessage, WorkItem } from '../../src/wire/messages.js';
import { readSpec, shareSpec } from '../../src/wire/shared-spec.js';

const item = (chunk: number, rest: Partial<WorkItem> = {}): WorkItem => ({
  jobId: 'job',
  chunk,
  attempt: 1,
  kind: 'echo',
  spec: {},
  seed: 1,
  from: 0,
  to: 1,
  limitMs: 1_000,
  inputs: {},
  ...rest,
});
const workOf = (epoch: number, seq: number, ...items: WorkItem[]): RouterMessage => ({
  type: 'work',
  epoch,
  seq,
  items,
});
const sent = (effects: AgentEffect[]): NodeMessage[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
const types = (effects: AgentEffect[]): string[] => effects.map(({ type }) => type);
const DONE = { how: 'done', tables: [], hash: 'a'.repeat(64), computeNs: 1 } as const;

function agent() {
  const options = { version: '1', node: 'n', host: 'h', threads: 1, kinds: ['echo'] };
  const state = createAgent({ ...options, inputs: createInputCache() }, 0);
  const hear = (message: RouterMessage, nowMs = 0) => stepAgent(state, { type: 'message', message, nowMs });
  const tick = (nowMs: number) => stepAgent(state, { type: 'tick', progress: [], nowMs });
  const answer = (id: string, nowMs = 0) => stepAgent(state, { type: 'answer', id, answer: DONE, nowMs });
  const drain = () => stepAgent(state, { type: 'drain', nowMs: 0 });
  return { state, hear, tick, answer, drain };
}

function joined(epoch = 5) {
  const it = agent();
  it.hear({ type: 'ready', session: 1, epoch });
  return it;
}

describe('the node step', () => {
  it('says HELLO until READY of its own session comes', () => {
    const { state, hear, tick } = agent();
    expect(sent(tick(0))).toMatchObject([{ type: 'hello', session: 1 }]);
    expect(sent(tick(100))).toEqual([]);
    expect(sent(tick(500))).toMatchObject([{ type: 'hello', session: 1 }]);
    hear({ type: 'ready', session: 7, epoch: 9 });
    expect(state.phase).toBe('joining');
    expect(types(hear({ type: 'ready', session: 1, epoch: 9 }))).toEqual(['joined', 'send']);
  });

  it('takes no work of another epoch', () => {
    const { hear } = joined();
    expect(hear(workOf(4, 1, item(0)))).toEqual([]);
    expect(types(hear(workOf(5, 1, item(0))))).toEqual(['run']);
    expect(hear(workOf(5, 1, item(0)))).toEqual([]);
  });

  it('takes no WORK that it had before, or that a later one overtook: a beat shows what is missing', () => {
    const { hear, tick, answer } = joined();
    hear(workOf(5, 1, item(0)));
    answer('5:job/0#1');
    expect(hear(workOf(5, 1, item(0)))).toEqual([]);
    expect(types(hear(workOf(5, 3, item(2))))).toEqual(['run']);
    expect(hear(workOf(5, 2, item(1)))).toEqual([]);
    expect(sent(tick(500))).toMatchObject([{ type: 'beat', seen: 3, held: [{ chunk: 2 }] }]);
  });

  it('tells with each beat the last work it saw and all that it holds', () => {
    const { hear, tick, answer } = joined();
    hear(workOf(5, 3, item(0), item(1)));
    answer('5:job/0#1');
    const ref = { jobId: 'job', chunk: 1, attempt: 1 };
    expect(sent(tick(500))).toEqual([
      { type: 'beat', epoch: 5, seen: 3, held: [ref], kept: 0, draining: false },
    ]);
  });

  it('lays packs down and joins anew, with empty hands, when the router is silent for three beats', () => {
    const { state, hear, tick, answer } = joined();
    hear(workOf(5, 1, item(0, { spec: null, pack: { specs: [{}], specOf: [0], seeds: [1] } })));
    for (let nowMs = 100; nowMs <= 1_500; nowMs += 100) expect(types(tick(nowMs))).not.toContain('lost');
    expect(types(tick(1_600))).toEqual(['cancel', 'lost']);
    expect(state.held.size).toBe(0);
    expect(tick(2_200)).toEqual([]);
    expect(sent(answer('5:job/0#1', 2_300))).toMatchObject([{ type: 'hello', session: 2 }]);
    hear({ type: 'ready', session: 2, epoch: 6 }, 1_600);
    expect(types(hear(workOf(6, 1, item(0)), 1_600))).toEqual(['run']);
  });

  it('goes on with what runs, tells so, and hands it over to who asks for the same range', () => {
    const { state, hear, tick, answer } = joined();
    hear(workOf(5, 1, item(0), item(1, { from: 1, to: 2 })));
    const kept = [
      { jobId: 'job', chunk: 0, from: 0, to: 1 },
      { jobId: 'job', chunk: 1, from: 1, to: 2 },
    ];
    expect(hear({ type: 'again' }, 1)).toMatchObject([
      { type: 'lost' },
      { message: { type: 'hello', kept } },
    ]);
    expect(sent(hear({ type: 'ready', session: 2, epoch: 9 }, 2))).toMatchObject([{ held: [], kept: 2 }]);
    expect(hear(workOf(9, 1, item(0)), 3)).toEqual([]);
    expect(answer('5:job/1#1', 4)).toEqual([]);
    expect(sent(hear(workOf(9, 2, item(1, { from: 1, to: 2, attempt: 3 })), 5))).toMatchObject([
      { type: 'done', epoch: 9, chunk: 1, attempt: 3 },
    ]);
    expect(sent(answer('5:job/0#1', 6))).toMatchObject([{ type: 'done', epoch: 9, chunk: 0, attempt: 1 }]);
    expect(sent(tick(502))).toMatchObject([{ type: 'beat', held: [], kept: 0 }]);
    expect(state.held.size).toBe(0);
  });

  it('computes another range of the same chunk anew, and stops what nobody asked for in two seconds', () => {
    const { hear, tick, answer } = joined();
    hear(workOf(5, 1, item(0)));
    hear({ type: 'again' }, 1);
    hear({ type: 'ready', session: 2, epoch: 9 }, 2);
    expect(hear(workOf(9, 1, item(0, { to: 2 })), 3)).toMatchObject([{ type: 'run', task: { to: 2 } }]);
    const stops = (nowMs: number) => {
      hear({ type: 'beat', epoch: 9 }, nowMs);
      return tick(nowMs).filter(({ type }) => type === 'cancel');
    };
    for (let nowMs = 100; nowMs <= 2_000; nowMs += 100) expect(stops(nowMs)).toEqual([]);
    expect(stops(2_100)).toEqual([{ type: 'cancel', id: '5:job/0#1' }]);
    expect(sent(tick(2_600))).toMatchObject([{ type: 'beat', kept: 1 }]);
    expect(answer('5:job/0#1', 2_700)).toEqual([]);
    expect(sent(tick(3_100))).toMatchObject([{ type: 'beat', kept: 0 }]);
  });

  it('keeps an answer until the router was heard again, which may have died before it read it', () => {
    const { hear, answer } = joined();
    hear(workOf(5, 1, item(0), item(1, { from: 1, to: 2 })));
    answer('5:job/0#1', 1);
    hear({ type: 'beat', epoch: 5 }, 2);
    answer('5:job/1#1', 3);
    const kept = [{ jobId: 'job', chunk: 1, from: 1, to: 2 }];
    expect(sent(hear({ type: 'again' }, 4))).toMatchObject([{ type: 'hello', kept }]);
    hear({ type: 'ready', session: 2, epoch: 9 }, 5);
    const effects = hear(workOf(9, 1, item(0), item(1, { from: 1, to: 2 })), 6);
    expect(effects).toMatchObject([
      { type: 'run', task: { from: 0 } },
      { message: { type: 'done', chunk: 1 } },
    ]);
  });

  it('stops what it kept when it is drained', () => {
    const { hear, drain } = joined();
    hear(workOf(5, 1, item(0)));
    hear({ type: 'again' }, 1);
    expect(types(drain())).toEqual(['cancel', 'closed']);
  });

  it('does not take its own sleep for silence of the router', () => {
    const { tick } = joined();
    tick(100);
    expect(types(tick(60_000))).not.toContain('lost');
  });

  it('joins anew at once when the router does not know it', () => {
    const { hear } = joined();
    expect(sent(hear({ type: 'again' }, 1))).toMatchObject([{ type: 'hello', session: 2 }]);
    expect(hear({ type: 'again' }, 2)).toEqual([]);
  });

  it('says once that no router answers, only before the first answer, and goes on saying HELLO', () => {
    const { hear, tick } = agent();
    expect(types(tick(2_900))).toEqual(['send']);
    expect(types(tick(3_000))).toEqual(['unanswered']);
    expect(types(tick(3_400))).toEqual(['send']);
    hear({ type: 'ready', session: 1, epoch: 5 }, 3_500);
    expect(types(hear({ type: 'bye' }, 3_600))).toContain('lost');
    for (let nowMs = 4_000; nowMs < 9_000; nowMs += 100)
      expect(types(tick(nowMs))).not.toContain('unanswered');
    const answered = joined();
    answered.hear({ type: 'bye' }, 100);
    expect(types(answered.tick(3_000))).not.toContain('unanswered');
  });

  it('asks once for an input, asks again when no answer comes, and runs all that waited', () => {
    const { hear, tick } = joined();
    const inputs = { x: 'abc' };
    expect(sent(hear(workOf(5, 1, item(0, { inputs }), item(1, { inputs }))))).toEqual([
      { type: 'need', epoch: 5, digest: 'abc' },
    ]);
    expect(sent(tick(900)).map(({ type }) => type)).not.toContain('need');
    hear({ type: 'beat', epoch: 5 }, 950);
    expect(sent(tick(1_000)).map(({ type }) => type)).toContain('need');
    const tables = [{ name: 'x', rows: 1, columns: [Float64Array.of(3)] }];
    const effects = hear({ type: 'input', digest: 'abc', tables }, 1_100);
    expect(effects).toMatchObject([
      { type: 'run', task: { inputs: { x: tables } } },
      { type: 'run', task: { inputs: { x: tables } } },
    ]);
    expect(types(hear(workOf(5, 2, item(2, { inputs })), 1_200))).toEqual(['run']);
  });

  it('asks once for a large spec, and runs with it all that waits and comes', () => {
    const { hear } = joined();
    const spec = { data: new Array<number>(5_000).fill(0.5) };
    const { digest, tables } = shareSpec(spec)!;
    const large = { spec: null, specDigest: digest };
    expect(sent(hear(workOf(5, 1, item(0, large), item(1, large))))).toEqual([
      { type: 'need', epoch: 5, digest },
    ]);
    const ran = hear({ type: 'input', digest, tables });
    expect(ran).toMatchObject([
      { type: 'run', task: { id: '5:job/0#1', sharedSpec: { digest } } },
      { type: 'run', task: { id: '5:job/1#1', sharedSpec: { digest } } },
    ]);
    const [again] = hear(workOf(5, 2, item(2, large))) as Extract<AgentEffect, { type: 'run' }>[];
    expect(readSpec(again!.task.sharedSpec!.tables)).toEqual(spec);
  });

  it('fails what needs an input that is gone, and stops what waits for one when it is cancelled', () => {
    const { hear } = joined();
    hear(workOf(5, 1, item(0, { inputs: { x: 'abc' } }), item(1, { inputs: { x: 'def' } })));
    expect(sent(hear({ type: 'input', digest: 'abc', tables: null }))).toMatchObject([
      { type: 'fail', chunk: 0, why: 'error', problem: { code: 'E_INTERNAL' } },
    ]);
    const items = [{ jobId: 'job', chunk: 1, attempt: 1 }];
    expect(sent(hear({ type: 'cancel', epoch: 5, items }))).toMatchObject([
      { type: 'fail', chunk: 1, why: 'stopped' },
    ]);
  });

  it('drains: withdraws, refuses new work, says BYE after the last answer, leaves at the BYE of the router', () => {
    const { hear, tick, drain, answer } = joined();
    hear(workOf(5, 1, item(0)));
    const effects = drain();
    expect(types(effects)).toEqual(['withdraw', 'send']);
    expect(sent(effects)).toMatchObject([{ type: 'beat', draining: true }]);
    expect(sent(hear(workOf(5, 2, item(1))))).toMatchObject([{ type: 'fail', chunk: 1, why: 'stopped' }]);
    expect(answer('5:job/0#1')).toMatchObject([
      { message: { type: 'done' } },
      { message: { type: 'bye', epoch: 5 } },
    ]);
    expect(hear(workOf(5, 3, item(2)))).toEqual([]);
    expect(sent(tick(500))).toEqual([{ type: 'bye', epoch: 5 }]);
    expect(hear({ type: 'bye' }, 600)).toEqual([{ type: 'closed', reason: null }]);
    expect(hear({ type: 'bye' }, 700)).toEqual([]);
  });

  it('leaves a router that answers no BYE after three beats of silence, and waits for one that still beats', () => {
    const { hear, tick, drain } = joined();
    expect(types(drain())).toEqual(['send', 'send']);
    for (let nowMs = 100; nowMs <= 2_500; nowMs += 100) {
      if (nowMs === 1_000) hear({ type: 'beat', epoch: 5 }, nowMs);
      expect(types(tick(nowMs))).not.toContain('closed');
    }
    expect(tick(2_600)).toEqual([{ type: 'closed', reason: null }]);
  });

  it('ends with the reason when the router refuses it', () => {
    const { hear } = agent();
    expect(hear({ type: 'reject', reason: 'too old' })).toEqual([{ type: 'closed', reason: 'too old' }]);
  });
});
