/** What happens to chunks whose attempt did not succeed, and to the work of a node that went away. */
import type { Problem, ProblemCode } from '../contract/problem.js';
import { MmsError } from '../contract/problem.js';
import { unitsOf } from './roster.js';
import type { OpenChunk, RouterEffect, RouterState } from './state.js';
import { shut } from './state.js';

/** Crashes after which a chunk is poison. */
export const MAX_CRASHES = 3;
/**
 * Losses of any sort after which a chunk is given up: a result that can never arrive must not run for
 * ever.
 */
export const MAX_LOSSES = 20;

/**
 * Waits again, before the other chunks of its job; one more crash would make a suspect poison, so it will
 * run alone.
 */
export function requeue(state: RouterState, entry: OpenChunk): void {
  entry.peer = null;
  if (entry.crashes >= MAX_CRASHES - 1) state.suspects.add(entry.key);
  else state.backlog.pushFront(entry);
}

/** The attempt was lost, by a crash or on the way: once more, unless that happened too often. */
export function again(state: RouterState, entry: OpenChunk, crashed: boolean, effects: RouterEffect[]): void {
  entry.losses++;
  if (crashed) entry.crashes++;
  if (entry.crashes >= MAX_CRASHES) {
    const detail = `${unitsOf(entry.chunk)} crashed their worker ${MAX_CRASHES} times, the last time alone on a node.`;
    return fail(state, entry, problem('E_POISON', detail), effects, entry.losses);
  }
  if (entry.losses >= MAX_LOSSES) {
    const detail = `${unitsOf(entry.chunk)} were lost ${MAX_LOSSES} times on the way; check the network and the node's log.`;
    return fail(state, entry, problem('E_POISON', detail), effects, entry.losses);
  }
  requeue(state, entry);
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

/**
 * A node is gone: its chunks run elsewhere. `crashed` is false when it laid its work down in good order.
 */
export function lose(state: RouterState, peer: string, crashed: boolean, effects: RouterEffect[]): void {
  const node = state.nodes.get(peer);
  if (!node) return;
  state.nodes.delete(peer);
  for (const flight of node.inFlight.values()) {
    const entry = state.open.get(flight.key);
    if (entry?.peer !== peer || entry.attempt !== flight.attempt) continue;
    if (crashed) again(state, entry, true, effects);
    else requeue(state, entry);
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
