/**
 * The node's whole behaviour towards the router as one function: (state, event) -> effects, with the clock
 * in the events and no socket, timer or thread, so that the same code runs in production and under seeded
 * schedules. The state is changed in place. A node says HELLO until it hears READY, answers every chunk it
 * was given exactly once per epoch, and tells with each beat what it holds. When the router falls silent it
 * goes on with what runs (src/node/kept.ts), lays the rest down, and joins anew only when that has stopped:
 * what kills it later is then what the router sees in its hands, or was told that runs beside it.
 */
import type { Table } from '../contract/columns.js';
import type { Problem } from '../contract/problem.js';
import { MmsError } from '../contract/problem.js';
import type { ChunkRef, FailWhy, RouterMessage, WorkItem } from '../wire/messages.js';
import { BEAT_MS, MAX_FRAME_BYTES, MISSED_BEATS, PROTOCOL } from '../wire/messages.js';
import type { AgentEffect, AgentEvent, AgentState, Held } from './agent-state.js';
import type { PoolAnswer } from './pool.js';

export { createAgent } from './agent-state.js';
export type { AgentEffect, AgentEvent, AgentState } from './agent-state.js';

/** A NEED whose answer did not come is repeated after this time. */
const NEED_RETRY_MS = 1_000;

export function stepAgent(state: AgentState, event: AgentEvent): AgentEffect[] {
  const effects: AgentEffect[] = [];
  if (state.phase === 'closed') return effects;
  switch (event.type) {
    case 'message':
      heed(state, event.message, event.nowMs, effects);
      break;
    case 'answer':
      answer(state, event.id, event.answer, event.nowMs, effects);
      break;
    case 'tick':
      tick(state, event.progress, event.nowMs, effects);
      break;
    case 'drain':
      state.draining = true;
      for (const { id, taskId, running, ref } of [...state.held.values()]) {
        if (running) effects.push({ type: 'withdraw', id: taskId });
        else giveBack(state, id, ref, effects);
      }
      stop(state, state.kept.drop(), effects);
      if (state.phase === 'ready') beat(state, event.nowMs, effects);
      break;
  }
  if (state.draining && state.held.size === 0) leave(state, event.nowMs, effects);
  return effects;
}

/**
 * Says BYE and waits for the router's: a connection that closed while something was on its way would look
 * like a crash, which counts against the work that this node had.
 */
function leave(state: AgentState, nowMs: number, effects: AgentEffect[]): void {
  if (state.phase === 'joining') return close(state, null, effects);
  if (state.phase !== 'ready') return;
  state.phase = 'leaving';
  sayBye(state, nowMs, effects);
}

function sayBye(state: AgentState, nowMs: number, effects: AgentEffect[]): void {
  state.lastSaidMs = nowMs;
  effects.push({ type: 'send', message: { type: 'bye', epoch: state.epoch } });
}

function heed(state: AgentState, message: RouterMessage, nowMs: number, effects: AgentEffect[]): void {
  state.complainMs = Infinity;
  if (message.type === 'reject') return close(state, message.reason, effects);
  if (message.type === 'ready') {
    if (state.phase !== 'joining' || message.session !== state.session) return;
    state.phase = 'ready';
    state.epoch = message.epoch;
    state.seen = 0;
    state.lastHeardMs = nowMs;
    state.kept.joined(nowMs);
    effects.push({ type: 'joined' });
    return beat(state, nowMs, effects);
  }
  if (state.phase === 'leaving') return heedLeaving(state, message, nowMs, effects);
  if (state.phase !== 'ready') return;
  if (message.type === 'again' || message.type === 'bye') return rejoin(state, nowMs, effects);
  if (message.type === 'input') {
    state.lastHeardMs = nowMs;
    return arrive(state, message.digest, message.tables, effects);
  }
  if (message.epoch !== state.epoch) return;
  state.lastHeardMs = nowMs;
  state.kept.heard();
  if (message.type === 'cancel') {
    for (const ref of message.items) drop(state, ref, effects);
  } else if (message.type === 'work') {
    // A copy, or overtaken: it was taken and may be answered, or the next beat shows that it is missing.
    if (message.seq <= state.seen) return;
    state.seen = message.seq;
    for (const item of message.items) take(state, item, nowMs, effects);
  }
}

/** Work that crossed the BYE needs no answer: the router gives it to others when it reads the BYE. */
function heedLeaving(state: AgentState, message: RouterMessage, nowMs: number, effects: AgentEffect[]): void {
  if (message.type === 'again' || message.type === 'bye') return close(state, null, effects);
  state.lastHeardMs = nowMs;
}

function take(state: AgentState, item: WorkItem, nowMs: number, effects: AgentEffect[]): void {
  const { jobId, chunk, attempt } = item;
  const ref = { jobId, chunk, attempt };
  const id = idOf(state, ref);
  if (state.held.has(id)) return;
  if (state.draining) return fail(state, ref, 'stopped', null, effects);
  const kept = state.kept.take(item);
  const taskId = kept?.taskId ?? id;
  const held: Held = { id, taskId, ref, item, tables: new Map(), running: kept !== null, told: 0 };
  state.held.set(id, held);
  if (kept?.answer) return answer(state, taskId, kept.answer, nowMs, effects);
  if (kept) return;
  for (const digest of digestsOf(item)) {
    const tables = state.inputs.get(digest);
    if (tables) held.tables.set(digest, tables);
    else if (!state.askedMs.has(digest)) ask(state, digest, nowMs, effects);
  }
  runWhenComplete(held, effects);
}

/** What its work names instead of bringing it along. */
function digestsOf({ inputs, specDigest }: WorkItem): readonly string[] {
  const digests = Object.values(inputs);
  return specDigest === undefined ? digests : [...digests, specDigest];
}

function runWhenComplete(held: Held, effects: AgentEffect[]): void {
  const { taskId: id, item, tables } = held;
  if (held.running || digestsOf(item).some((digest) => !tables.has(digest))) return;
  held.running = true;
  const { kind, spec, specDigest, seed, from, to, limitMs, pack } = item;
  const named = Object.entries(item.inputs).map(([name, digest]) => [name, tables.get(digest)!]);
  const inputs = Object.fromEntries(named) as Record<string, readonly Table[]>;
  const shared = specDigest !== undefined && { digest: specDigest, tables: tables.get(specDigest)! };
  const task = { id, kind, spec, seed, from, to, limitMs, inputs };
  effects.push({
    type: 'run',
    task: { ...task, ...(shared && { sharedSpec: shared }), ...(pack && { pack }) },
  });
}

function ask(state: AgentState, digest: string, nowMs: number, effects: AgentEffect[]): void {
  state.askedMs.set(digest, nowMs);
  effects.push({ type: 'send', message: { type: 'need', epoch: state.epoch, digest } });
}

function isNeeded(state: AgentState, digest: string): boolean {
  for (const { item } of state.held.values()) if (digestsOf(item).includes(digest)) return true;
  return false;
}

/** An input or a large spec came, or the word that it no longer exists. */
function arrive(
  state: AgentState,
  digest: string,
  tables: readonly Table[] | null,
  effects: AgentEffect[],
): void {
  if (!state.askedMs.delete(digest)) return;
  const shared = tables && state.inputs.put(digest, tables);
  for (const held of [...state.held.values()]) {
    if (held.running || !digestsOf(held.item).includes(digest)) continue;
    if (shared) {
      held.tables.set(digest, shared);
      runWhenComplete(held, effects);
    } else {
      state.held.delete(held.id);
      const detail = `Input ${digest.slice(0, 12)} is no longer in the store; submit the job again.`;
      fail(state, held.ref, 'error', new MmsError('E_INTERNAL', detail).problem, effects);
    }
  }
}

/** What the pool says of a task. Nobody waits for the answers of tasks that were laid down. */
function answer(
  state: AgentState,
  id: string,
  said: PoolAnswer,
  nowMs: number,
  effects: AgentEffect[],
): void {
  if (state.stopping.delete(id)) {
    if (state.phase === 'joining') sayHello(state, nowMs, effects);
    return;
  }
  if (state.kept.answered(id, said)) return;
  const held = heldOf(state, id);
  if (!held) return;
  state.held.delete(held.id);
  const { ref } = held;
  if (said.how === 'done') {
    const { tables, hash, computeNs } = said;
    const huge = tables.find(({ columns }) => columns.some(({ byteLength }) => byteLength > MAX_FRAME_BYTES));
    if (huge) return fail(state, ref, 'error', tooLarge(held.item, huge), effects);
    const message = { type: 'done', epoch: state.epoch, ...ref, computeNs, hash, tables } as const;
    effects.push({ type: 'send', message });
    state.kept.sent(held.taskId, held.item, said);
  } else if (said.how === 'error') fail(state, ref, 'error', said.problem, effects);
  else fail(state, ref, said.how, null, effects);
}

function tooLarge({ kind }: WorkItem, { name }: Table): Problem {
  const detail = `Kind ${kind}: expected at most ${MAX_FRAME_BYTES} bytes in a column of table ${name}; ask for less output.`;
  return new MmsError('E_JOB', detail).problem;
}

function drop(state: AgentState, ref: ChunkRef, effects: AgentEffect[]): void {
  const held = state.held.get(idOf(state, ref));
  if (!held) return;
  if (held.running) effects.push({ type: 'cancel', id: held.taskId });
  else giveBack(state, held.id, ref, effects);
}

function giveBack(state: AgentState, id: string, ref: ChunkRef, effects: AgentEffect[]): void {
  state.held.delete(id);
  fail(state, ref, 'stopped', null, effects);
}

function fail(
  state: AgentState,
  ref: ChunkRef,
  why: FailWhy,
  problem: Problem | null,
  effects: AgentEffect[],
): void {
  effects.push({ type: 'send', message: { type: 'fail', epoch: state.epoch, ...ref, why, problem } });
}

/** Keeps what runs, lays the rest down, and says HELLO as a new session once that has stopped. */
function rejoin(state: AgentState, nowMs: number, effects: AgentEffect[]): void {
  state.kept.keepSent();
  const running = [...state.held.values()].filter((held) => held.running);
  const laidDown = running.filter(({ taskId, item }) => !state.kept.keep(taskId, item));
  stop(
    state,
    laidDown.map(({ taskId }) => taskId),
    effects,
  );
  state.held.clear();
  state.askedMs.clear();
  state.phase = 'joining';
  state.session++;
  effects.push({ type: 'lost' });
  sayHello(state, nowMs, effects);
}

function tick(
  state: AgentState,
  progress: readonly { id: string; done: number }[],
  nowMs: number,
  effects: AgentEffect[],
): void {
  // A late tick means that this process slept: what the router said meanwhile is still unread.
  const sleptMs = Math.max(0, nowMs - state.lastTickMs - BEAT_MS);
  state.lastTickMs = nowMs;
  state.lastHeardMs = Math.min(nowMs, state.lastHeardMs + sleptMs);
  if (state.phase === 'joining') {
    if (nowMs - state.lastSaidMs >= BEAT_MS) sayHello(state, nowMs, effects);
    if (nowMs < state.complainMs) return;
    state.complainMs = Infinity;
    effects.push({ type: 'unanswered' });
    return;
  }
  const isSilent = nowMs - state.lastHeardMs > MISSED_BEATS * BEAT_MS;
  if (state.phase === 'leaving') {
    if (isSilent) close(state, null, effects);
    else if (nowMs - state.lastSaidMs >= BEAT_MS) sayBye(state, nowMs, effects);
    return;
  }
  if (isSilent) return rejoin(state, nowMs, effects);
  stop(state, state.kept.expired(nowMs), effects);
  for (const [digest, askedMs] of state.askedMs) {
    // The work that needed it may have been cancelled or failed meanwhile.
    if (!isNeeded(state, digest)) state.askedMs.delete(digest);
    else if (nowMs - askedMs >= NEED_RETRY_MS) ask(state, digest, nowMs, effects);
  }
  tellProgress(state, progress, effects);
  if (nowMs - state.lastSaidMs >= BEAT_MS) beat(state, nowMs, effects);
}

function tellProgress(
  state: AgentState,
  progress: readonly { id: string; done: number }[],
  effects: AgentEffect[],
): void {
  const items: (ChunkRef & { done: number })[] = [];
  for (const { id, done } of progress) {
    const held = heldOf(state, id);
    if (!held || done <= held.told) continue;
    held.told = done;
    items.push({ ...held.ref, done });
  }
  if (items.length > 0)
    effects.push({ type: 'send', message: { type: 'progress', epoch: state.epoch, items } });
}

function beat(state: AgentState, nowMs: number, effects: AgentEffect[]): void {
  const { epoch, seen, draining } = state;
  state.lastSaidMs = nowMs;
  const held = [...state.held.values()].map(({ ref }) => ref);
  const kept = state.kept.size + state.stopping.size;
  effects.push({ type: 'send', message: { type: 'beat', epoch, seen, held, kept, draining } });
}

function sayHello(state: AgentState, nowMs: number, effects: AgentEffect[]): void {
  if (state.stopping.size > 0) return;
  const { hello, session, threads, kinds } = state;
  state.lastSaidMs = nowMs;
  const kept = state.kept.ranges();
  const message = { type: 'hello', protocol: PROTOCOL, ...hello, session, threads, kinds, kept } as const;
  effects.push({ type: 'send', message });
}

function close(state: AgentState, reason: string | null, effects: AgentEffect[]): void {
  const running = [...state.held.values()].filter((held) => held.running);
  const tasks = [...running.map(({ taskId }) => taskId), ...state.kept.drop()];
  for (const id of tasks) effects.push({ type: 'cancel', id });
  state.held.clear();
  state.phase = 'closed';
  effects.push({ type: 'closed', reason });
}

/** Tasks whose answers nobody waits for. */
function stop(state: AgentState, tasks: readonly string[], effects: AgentEffect[]): void {
  for (const id of tasks) {
    state.stopping.add(id);
    effects.push({ type: 'cancel', id });
  }
}

/** What this task is computed for. */
function heldOf(state: AgentState, taskId: string): Held | undefined {
  const held = state.held.get(taskId);
  if (held) return held;
  for (const other of state.held.values()) if (other.taskId === taskId) return other;
  return undefined;
}

/** Unique among the tasks of all epochs, because a laid-down task may still be stopping in the pool. */
function idOf(state: AgentState, { jobId, chunk, attempt }: ChunkRef): string {
  return `${state.epoch}:${jobId}/${chunk}#${attempt}`;
}
