/** What happens to chunks whose attempt did not succeed, and to the work of a node that went away. */
import type { Problem, ProblemCode } from '../contract/problem.js';
import { MmsError } from '../contract/problem.js';
import { backoffMs } from '../wire/backoff.js';
import { unitsOf } from './roster.js';
import type { OpenChunk, RouterEffect, RouterState } from './state.js';
import { shut } from './state.js';

/** Crashes while alone on a node after which a chunk is poison. */
export const MAX_CRASHES = 3;
/**
 * Falls after which a chunk runs alone. One would be dear: every chunk of a node that was switched off
 * would then need an empty node for itself.
 */
export const SUSPECT_FALLS = 2;
/**
 * Losses of any sort after which a chunk is given up: a result that can never arrive must not run for
 * ever.
 */
export const MAX_LOSSES = 20;

/**
 * 'crash': its thread or its node's process ended. 'silence': its node was not heard any more, which an
 * overloaded machine or a cut cable does too, so it proves nothing. 'way': the message was lost.
 */
export type Loss = 'crash' | 'silence' | 'way';

/** Waits again, before the other chunks of its job; a suspect waits for a node of its own. */
export function requeue(state: RouterState, entry: OpenChunk): void {
  entry.peer = null;
  if (entry.falls >= SUSPECT_FALLS) state.suspects.add(entry.key);
  else state.backlog.pushFront(entry);
}

/**
 * Notes that an attempt was lost; gives the problem when that happened too often. Only a crash of an attempt
 * that was alone counts as the chunk's own.
 */
export function charge(entry: OpenChunk, how: Loss, alone: boolean): Problem | null {
  entry.losses++;
  if (how !== 'way') entry.falls++;
  if (how === 'crash' && alone) entry.crashes++;
  return verdict(entry);
}

/** Why the chunk is not tried again; null while it is. */
export function verdict(entry: OpenChunk): Problem | null {
  if (entry.crashes >= MAX_CRASHES) {
    const detail = `${unitsOf(entry.chunk)} crashed their worker ${MAX_CRASHES} times while nothing else ran there.`;
    return problem('E_POISON', detail);
  }
  if (entry.losses < MAX_LOSSES) return null;
  const detail = `${unitsOf(entry.chunk)} were lost with ${MAX_LOSSES} nodes or on the way to them; check the network and the nodes' logs.`;
  return problem('E_INTERNAL', detail);
}

/** The attempt was lost: once more, at once or after a rest, unless that happened too often. */
export function again(
  state: RouterState,
  entry: OpenChunk,
  { how, alone, nowMs }: { readonly how: Loss; readonly alone: boolean; readonly nowMs: number },
  effects: RouterEffect[],
): void {
  const why = charge(entry, how, alone);
  if (why) return fail(state, entry, why, effects, entry.losses);
  const restMs = backoffMs(entry.key, entry.losses);
  if (restMs === 0) return requeue(state, entry);
  state.resting.set(entry.key, nowMs + restMs);
  entry.peer = null;
}

/** Lets chunks wait for a node again whose rest is over. */
export function wake(state: RouterState, nowMs: number): void {
  for (const [key, untilMs] of state.resting) {
    if (nowMs < untilMs) continue;
    state.resting.delete(key);
    requeue(state, state.open.get(key)!);
  }
}

/** The end of a chunk without a result. */
export function fail(
  state: RouterState,
  entry: OpenChunk,
  why: Problem,
  effects: RouterEffect[],
  attempts = 1 + entry.losses,
): void {
  shut(state, entry);
  const { jobId, chunk } = entry;
  effects.push({ type: 'failed', jobId, chunk: chunk.chunk, problem: why, attempts });
}

/** A node is gone: its chunks run elsewhere. `how` is null when it laid its work down in good order. */
export function lose(
  state: RouterState,
  peer: string,
  how: Loss | null,
  nowMs: number,
  effects: RouterEffect[],
): void {
  const node = state.nodes.get(peer);
  if (!node) return;
  state.nodes.delete(peer);
  for (const flight of node.inFlight.values()) {
    const entry = state.open.get(flight.key);
    if (entry?.peer !== peer || entry.attempt !== flight.attempt) continue;
    if (how === null) requeue(state, entry);
    else again(state, entry, { how, alone: flight.alone, nowMs }, effects);
  }
}

/** Fails every open chunk that needs an input which the store no longer has. */
export function failForInput(state: RouterState, digest: string, effects: RouterEffect[]): void {
  const why = problem(
    'E_INTERNAL',
    `Input ${digest.slice(0, 12)} is no longer in the store; submit the job again.`,
  );
  for (const entry of [...state.open.values()]) {
    if (Object.values(entry.chunk.inputs).includes(digest)) fail(state, entry, why, effects);
  }
}

export function unexplained(entry: OpenChunk): Problem {
  return problem('E_JOB', `${unitsOf(entry.chunk)} failed without a reason.`);
}

function problem(code: ProblemCode, detail: string): Problem {
  return new MmsError(code, detail).problem;
}
