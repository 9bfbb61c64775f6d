/**
 * Hands waiting chunks to nodes: suspects to a node that was emptied for them, what a node goes on with
 * anyway to that one, the others to whoever has most room.
 */
import type { Chunk } from '../contract/ports.js';
import type { WorkItem } from '../wire/messages.js';
import { shareSpec } from '../wire/shared-spec.js';
import type { SharedSpec } from '../wire/shared-spec.js';
import type { Node } from './roster.js';
import { emptiest, freeCredits, freest, tasksOf } from './roster.js';
import type { OpenChunk, RouterEffect, RouterState } from './state.js';

/** Fills every free credit; all chunks that one call gives to a node travel in one message. */
export function dispatch(state: RouterState, nowMs: number, effects: RouterEffect[]): void {
  const batches = new Map<Node, WorkItem[]>();
  const give = (node: Node, entry: OpenChunk): void => {
    const items = batches.get(node) ?? [];
    batches.set(node, items);
    items.push(assign(state, node, entry, nowMs));
    const { attempt, jobId, chunk } = entry;
    const reason = attempt === 1 ? 'first' : 'again';
    const of = { jobId, chunk: chunk.chunk, attempt, nodeId: node.id };
    effects.push({ type: 'attempt', reason, of });
    if (attempt === 1) effects.push({ type: 'started', jobId, chunk: chunk.chunk });
  };
  giveSuspects(state, give);
  giveKept(state, give);
  let free = withCredit(state.nodes.values());
  while (state.backlog.size > 0 && free.length > 0) {
    const next = state.backlog.take((kind) => free.some(({ kinds }) => kinds.has(kind)));
    if (!next) break;
    give(freest(free, next.chunk.kind)!, state.open.get(next.key)!);
    free = withCredit(free);
  }
  for (const [node, items] of batches) {
    const message = { type: 'work', epoch: node.epoch, seq: ++node.seq, items } as const;
    effects.push({ type: 'send', peer: node.peer, message });
  }
}

/** Without one the backlog is not looked at: it may be long. */
function withCredit(nodes: Iterable<Node>): Node[] {
  return [...nodes].filter((node) => node.reservedFor === null && freeCredits(node) > 0);
}

/** Empties one node per suspect and gives it the suspect alone. */
function giveSuspects(state: RouterState, give: (node: Node, entry: OpenChunk) => void): void {
  const reserved = new Set<string>();
  for (const node of state.nodes.values()) {
    const key = node.reservedFor;
    if (key === null) continue;
    const waits = state.suspects.has(key) && !node.draining;
    if (waits || node.inFlight.has(key)) reserved.add(key);
    else node.reservedFor = null;
  }
  for (const key of state.suspects) {
    if (reserved.has(key)) continue;
    const node = emptiest(state.nodes.values(), state.open.get(key)!.kind);
    if (node) node.reservedFor = key;
  }
  for (const node of state.nodes.values()) {
    const key = node.reservedFor;
    if (key === null || tasksOf(node) > 0 || freeCredits(node) <= 0 || !state.suspects.delete(key)) continue;
    give(node, state.open.get(key)!);
  }
}

/** What a node has begun already goes to it out of turn, and for nothing: it is all but done. */
function giveKept(state: RouterState, give: (node: Node, entry: OpenChunk) => void): void {
  for (const node of state.nodes.values()) {
    if (node.kept.size === 0 || node.reservedFor !== null) continue;
    for (const [key, { from, to }] of node.kept) {
      if (freeCredits(node) <= 0) break;
      const entry = state.open.get(key);
      if (!entry || entry.chunk.from !== from || entry.chunk.to !== to || !state.backlog.drop(entry))
        continue;
      node.kept.delete(key);
      give(node, entry);
    }
  }
}

function assign(state: RouterState, node: Node, entry: OpenChunk, nowMs: number): WorkItem {
  entry.attempt++;
  entry.peer = node.peer;
  const item = workItem(entry.chunk, entry.attempt, sharedSpec(state, entry.chunk));
  const { jobId, chunk, attempt } = item;
  const alone = tasksOf(node) === 0;
  // Of two or more none is alone already.
  if (node.inFlight.size === 1) for (const other of node.inFlight.values()) other.alone = false;
  node.inFlight.set(entry.key, {
    key: entry.key,
    jobId,
    chunk,
    attempt,
    seq: node.seq + 1,
    sentMs: nowMs,
    alone,
  });
  return item;
}

/**
 * A large spec of a job of several chunks, which nodes ask for by name; null for one that travels in its
 * work. The chunks of a job share one spec object, so each is encoded once, and forgotten with its job.
 */
export function sharedSpec(state: RouterState, { jobId, spec }: Chunk): SharedSpec | null {
  if (typeof spec !== 'object' || spec === null) return null;
  const known = state.specs.get(spec);
  if (known !== undefined) return known;
  if (state.jobs.get(jobId)!.size < 2) return null;
  const shared = shareSpec(spec);
  state.specs.set(spec, shared);
  return shared;
}

/** What a node must know of a chunk. */
export function workItem(of: Chunk, attempt: number, shared: SharedSpec | null = null): WorkItem {
  const { jobId, chunk, kind, spec, seed, from, to, limitMs, inputs, pack } = of;
  const item = { jobId, chunk, attempt, kind, spec, seed, from, to, limitMs, inputs };
  if (shared) return { ...item, spec: null, specDigest: shared.digest };
  return pack ? { ...item, pack } : item;
}
