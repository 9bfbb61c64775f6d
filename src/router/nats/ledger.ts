/**
 * The service's side of a JetStream queue as one function: (state, event) -> effects, with the clock in the
 * events and no connection, timer or randomness. The queue hands chunks to nodes and takes them back when a
 * lease runs out; the ledger decides what is put into it and in which order, counts what befell each chunk by
 * the same rules as the router's step(), and lets the first end count.
 *
 * It only watches: a node tells what it took and what it holds, and what is never told is not counted. No
 * chunk is lost by that, because its message stays in the queue until its end is kept.
 */
import type { Chunk } from '../../contract/ports.js';
import type { Problem } from '../../contract/problem.js';
import type { ChunkRef, NodeMessage } from '../../wire/messages.js';
import { BEAT_MS } from '../../wire/messages.js';
import { BANDS, bandOf } from '../../wire/nats/names.js';
import type { Loss } from '../losses.js';
import { charge, verdict } from '../losses.js';
import type { Node } from '../roster.js';
import { chunkKey, createNode, isSilent, refusal } from '../roster.js';
import { accept, acceptedHash } from '../state.js';
import { chunkDigest } from './digest.js';
import type { Contents, Entry, LedgerEffect, LedgerEvent, LedgerState } from './state.js';

/** Chunks in the queue for each thread that is there: enough to fill its credits while more is put in. */
const AHEAD_PER_THREAD = 16;
/** Chunks in the queue however few threads there are. More would only bind the order in which they run. */
const MIN_AHEAD = 64;
/** Audits in a row that do not find a chunk before it is put in again: its end may be on its way. */
const MISSED_AUDITS = 2;
/** A chunk that is out for longer may have been lost with its message. */
const LONG_OUT_MS = 5_000;
/** A repeated NEED within this time is not answered again. */
const INPUT_RESEND_MS = 5_000;

export function stepLedger(state: LedgerState, event: LedgerEvent): LedgerEffect[] {
  const effects: LedgerEffect[] = [];
  const { nowMs } = event;
  switch (event.type) {
    case 'offer':
      for (const chunk of event.chunks) open(state, chunk, event.kept, nowMs, effects);
      break;
    case 'cancel':
      cancel(state, event.jobId, effects);
      break;
    case 'message':
      receive(state, event.peer, event.message, nowMs, effects);
      break;
    case 'ended':
      settle(state, event, effects);
      break;
    case 'unreachable':
      if (state.up && state.nodes.has(event.peer) && !state.gone.has(event.peer))
        state.gone.set(event.peer, nowMs);
      break;
    case 'audit':
      audit(state, event, effects);
      break;
    case 'link':
      state.up = event.up;
      state.gone.clear();
      for (const node of state.nodes.values()) node.lastHeardMs = nowMs + state.leaseMs;
      break;
    case 'tick':
      tick(state, nowMs, effects);
      break;
  }
  fill(state, nowMs, effects);
  return effects;
}

function open(
  state: LedgerState,
  chunk: Chunk,
  kept: Contents,
  nowMs: number,
  effects: LedgerEffect[],
): void {
  const { jobId, kind, priority } = chunk;
  const key = chunkKey(jobId, chunk.chunk);
  if (state.open.has(key)) throw new Error(`chunk ${key} is offered while it is open`);
  const counts = { attempt: 0, falls: 0, crashes: 0, losses: 0, sends: 0, missed: 0 };
  const chunkOf = { key, jobId, kind, priority, chunk, peer: null };
  const entry: Entry = { ...chunkOf, ...counts, begun: false, digest: null, outMs: null };
  const [work, end] = [kept.work.get(key), kept.ends.get(key)];
  const isKept = (work ?? end) !== undefined && [work?.digest, end?.digest].includes(digestOf(entry));
  if (isKept) entry.outMs = nowMs;
  else if (work) effects.push({ type: 'remove', jobId, chunk: chunk.chunk });
  state.open.set(key, entry);
  const keys = state.jobs.get(jobId);
  if (keys) keys.add(key);
  else state.jobs.set(jobId, new Set([key]));
  if (isKept) state.out[bandOf(priority)]++;
  else state.waiting[bandOf(priority)].push(entry);
}

/**
 * Keeps each class of the queue a little ahead of the threads. The order in which it is filled is the order
 * of the jobs' turns.
 */
function fill(state: LedgerState, nowMs: number, effects: LedgerEffect[]): void {
  let threads = 0;
  for (const node of state.nodes.values()) if (!node.draining) threads += node.threads;
  const ahead = Math.max(MIN_AHEAD, threads * AHEAD_PER_THREAD);
  for (const band of BANDS) {
    while (state.out[band] < ahead) {
      const next = state.waiting[band].take(() => true);
      if (!next) break;
      const entry = state.open.get(next.key)!;
      entry.outMs = nowMs;
      entry.sends++;
      digestOf(entry);
      state.out[band]++;
      effects.push({ type: 'put', entry });
    }
  }
}

/** Computed when it is first needed: most chunks of a full service wait. */
function digestOf(entry: Entry): string {
  return (entry.digest ??= chunkDigest(entry.chunk));
}

function cancel(state: LedgerState, jobId: string, effects: LedgerEffect[]): void {
  for (const band of BANDS) state.waiting[band].dropJob(jobId);
  let wasOut = false;
  for (const key of state.jobs.get(jobId) ?? []) {
    const { outMs, priority } = state.open.get(key)!;
    if (outMs !== null) {
      state.out[bandOf(priority)]--;
      wasOut = true;
    }
    state.open.delete(key);
  }
  state.jobs.delete(jobId);
  if (wasOut) effects.push({ type: 'remove', jobId, chunk: null });
  // Nodes may hold chunks of it that are no longer open here: those of a job that failed with another chunk.
  effects.push({ type: 'cancelled', jobId });
}

function receive(
  state: LedgerState,
  peer: string,
  message: NodeMessage,
  nowMs: number,
  effects: LedgerEffect[],
): void {
  state.gone.delete(peer);
  const node = state.nodes.get(peer);
  if (message.type === 'hello') {
    const reason = node ? null : refusal(message, state.version, state.nodes.size);
    if (reason !== null) return void effects.push({ type: 'say', peer, message: { type: 'reject', reason } });
    const known = node ?? createNode(peer, message, state.nextEpoch++, nowMs);
    known.lastHeardMs = nowMs;
    state.nodes.set(peer, known);
    const { session } = message;
    return void effects.push({ type: 'say', peer, message: { type: 'ready', session, epoch: known.epoch } });
  }
  if (!node) {
    if (message.type !== 'bye') effects.push({ type: 'say', peer, message: { type: 'again' } });
    return;
  }
  node.lastHeardMs = Math.max(node.lastHeardMs, nowMs);
  switch (message.type) {
    case 'progress':
      for (const item of message.items) {
        take(state, node, item, nowMs, effects);
        if (item.done === 0 || !current(state, peer, item)) continue;
        effects.push({ type: 'progress', jobId: item.jobId, chunk: item.chunk, done: item.done });
      }
      return;
    case 'beat': {
      node.draining = message.draining;
      const held = new Set(message.held.map(({ jobId, chunk }) => chunkKey(jobId, chunk)));
      // What it no longer holds has ended, and its end is on its way: what it takes now may be alone there.
      for (const key of node.inFlight.keys()) if (!held.has(key)) node.inFlight.delete(key);
      for (const ref of message.held) take(state, node, ref, nowMs, effects);
      return;
    }
    case 'fail': {
      const key = chunkKey(message.jobId, message.chunk);
      const alone = node.inFlight.get(key)?.alone ?? false;
      node.inFlight.delete(key);
      const entry = current(state, peer, message);
      if (!entry) return;
      if (message.why === 'crash') return lost(state, entry, 'crash', alone, effects);
      entry.peer = null;
      return;
    }
    case 'need':
      return answerNeed(node, message.digest, nowMs, effects);
    case 'bye':
      return lose(state, peer, null, effects);
    case 'done':
      // Ends come through their stream.
      return;
  }
}

/** A node has a chunk in hand that it did not have before. */
function take(state: LedgerState, node: Node, ref: ChunkRef, nowMs: number, effects: LedgerEffect[]): void {
  const { jobId, chunk, attempt } = ref;
  const key = chunkKey(jobId, chunk);
  if (node.inFlight.get(key)?.attempt === attempt) return;
  const entry = state.open.get(key);
  if (!entry) {
    if (!state.jobs.has(jobId) && nowMs >= state.settledMs) effects.push({ type: 'cancelled', jobId });
    return;
  }
  // An older delivery that still runs; whichever ends first counts.
  if (attempt <= entry.attempt) return;
  if (entry.peer !== null && entry.peer !== node.peer) {
    const how = state.gone.has(entry.peer) ? 'crash' : 'silence';
    const alone = state.nodes.get(entry.peer)?.inFlight.get(key)?.alone ?? false;
    lost(state, entry, how, alone, effects);
    if (!state.open.has(key)) return;
  }
  const alone = node.inFlight.size === 0;
  if (node.inFlight.size === 1) for (const other of node.inFlight.values()) other.alone = false;
  node.inFlight.set(key, { key, jobId, chunk, attempt, seq: 0, sentMs: nowMs, alone });
  entry.attempt = attempt;
  entry.peer = node.peer;
  const of = { jobId, chunk, attempt, nodeId: node.id };
  effects.push({ type: 'attempt', reason: entry.begun ? 'again' : 'first', of });
  begin(entry, effects);
}

function begin(entry: Entry, effects: LedgerEffect[]): void {
  if (entry.begun) return;
  entry.begun = true;
  effects.push({ type: 'started', jobId: entry.jobId, chunk: entry.chunk.chunk });
}

function current(state: LedgerState, peer: string, ref: ChunkRef): Entry | null {
  const entry = state.open.get(chunkKey(ref.jobId, ref.chunk));
  return entry && entry.peer === peer && entry.attempt === ref.attempt ? entry : null;
}

/** An attempt was lost; the queue gives the chunk to another node by itself. */
function lost(state: LedgerState, entry: Entry, how: Loss, alone: boolean, effects: LedgerEffect[]): void {
  entry.peer = null;
  giveUp(state, entry, charge(entry, how, alone), effects);
}

function giveUp(state: LedgerState, entry: Entry, problem: Problem | null, effects: LedgerEffect[]): void {
  if (!problem) return;
  const { jobId, losses } = entry;
  const { chunk } = entry.chunk;
  shut(state, entry);
  effects.push({ type: 'remove', jobId, chunk }, { type: 'failed', jobId, chunk, problem, attempts: losses });
}

function lose(state: LedgerState, peer: string, how: Loss | null, effects: LedgerEffect[]): void {
  const node = state.nodes.get(peer);
  if (!node) return;
  state.nodes.delete(peer);
  state.gone.delete(peer);
  for (const flight of node.inFlight.values()) {
    const entry = state.open.get(flight.key);
    if (!entry) continue;
    if (current(state, peer, flight)) {
      if (how === null) entry.peer = null;
      else lost(state, entry, how, flight.alone, effects);
    } else if (how === 'crash' && flight.alone) {
      // It was taken for silent when the queue handed the chunk on; now it is known to be dead.
      entry.crashes++;
      giveUp(state, entry, verdict(entry), effects);
    }
  }
}

/** The first end counts, whichever attempt it comes from; later ones are compared with it by hash. */
function settle(
  state: LedgerState,
  { jobId, chunk, digest, end }: Extract<LedgerEvent, { type: 'ended' }>,
  effects: LedgerEffect[],
): void {
  const key = chunkKey(jobId, chunk);
  const entry = state.open.get(key);
  if (!entry) {
    const hash = end.how === 'done' ? end.hash : null;
    const accepted = acceptedHash(state, key);
    if (accepted === undefined || hash === null) effects.push({ type: 'dropped', reason: 'late' });
    else if (accepted === hash) effects.push({ type: 'dropped', reason: 'duplicate' });
    else effects.push({ type: 'mismatch', jobId, chunk });
    return;
  }
  // Of a chunk that had the same number once, but computed something else.
  if (digest !== digestOf(entry)) return void effects.push({ type: 'dropped', reason: 'stale' });
  begin(entry, effects);
  const holder = entry.peer === null ? null : state.nodes.get(entry.peer);
  if (holder?.inFlight.delete(key) && end.how === 'done') holder.chunksDone++;
  const attempts = 1 + entry.losses;
  shut(state, entry);
  if (end.how === 'failed') {
    effects.push({ type: 'failed', jobId, chunk, problem: end.problem, attempts });
    return;
  }
  const { tables, hash, computeNs } = end;
  accept(state, key, hash);
  effects.push({ type: 'done', jobId, chunk, tables, attempts, computeNs });
}

function shut(state: LedgerState, entry: Entry): void {
  const { key, jobId } = entry;
  state.open.delete(key);
  const keys = state.jobs.get(jobId);
  keys?.delete(key);
  if (keys?.size === 0) state.jobs.delete(jobId);
  if (entry.outMs === null) state.waiting[bandOf(entry.priority)].drop(entry);
  else state.out[bandOf(entry.priority)]--;
}

function answerNeed(node: Node, digest: string, nowMs: number, effects: LedgerEffect[]): void {
  if (nowMs - (node.inputsSentMs.get(digest) ?? -Infinity) < INPUT_RESEND_MS) return;
  for (const [sent, sentMs] of node.inputsSentMs) {
    if (nowMs - sentMs >= INPUT_RESEND_MS) node.inputsSentMs.delete(sent);
  }
  node.inputsSentMs.set(digest, nowMs);
  effects.push({ type: 'sayInput', peer: node.peer, digest });
}

/** True when a chunk is out for long, or what an earlier service left was not looked through yet. */
export function needsAudit(state: LedgerState, nowMs: number): boolean {
  if (!state.up) return false;
  if (!state.swept && nowMs >= state.settledMs) return true;
  for (const { outMs } of state.open.values())
    if (outMs !== null && nowMs - outMs >= LONG_OUT_MS) return true;
  return false;
}

/** Puts in again what no stream holds any more, and takes out what belongs to no job. */
function audit(
  state: LedgerState,
  { contents: { work, ends }, askedMs }: Extract<LedgerEvent, { type: 'audit' }>,
  effects: LedgerEffect[],
): void {
  for (const entry of [...state.open.values()]) {
    if (entry.outMs === null || entry.outMs > askedMs - state.leaseMs) continue;
    const found = [work.get(entry.key)?.digest, ends.get(entry.key)?.digest];
    if (found.includes(digestOf(entry))) entry.missed = 0;
    else if (++entry.missed >= MISSED_AUDITS) {
      entry.missed = 0;
      lost(state, entry, 'way', false, effects);
      if (!state.open.has(entry.key)) continue;
      entry.outMs = null;
      state.out[bandOf(entry.priority)]--;
      state.waiting[bandOf(entry.priority)].pushFront(entry);
    }
  }
  if (askedMs < state.settledMs) return;
  state.swept = true;
  const strangers = new Set(
    [...work.values()].map(({ jobId }) => jobId).filter((jobId) => !state.jobs.has(jobId)),
  );
  for (const jobId of strangers) effects.push({ type: 'remove', jobId, chunk: null });
}

function tick(state: LedgerState, nowMs: number, effects: LedgerEffect[]): void {
  // A late tick means that this process slept; what the nodes said meanwhile is still unread.
  const sleptMs = Math.max(0, nowMs - state.lastTickMs - BEAT_MS);
  state.lastTickMs = nowMs;
  if (!state.up) return;
  for (const node of [...state.nodes.values()]) {
    node.lastHeardMs = Math.min(Math.max(nowMs, node.lastHeardMs), node.lastHeardMs + sleptMs);
    const goneMs = state.gone.get(node.peer);
    if (goneMs !== undefined && nowMs - goneMs >= state.leaseMs / 2) lose(state, node.peer, 'crash', effects);
    else if (isSilent(node, nowMs)) lose(state, node.peer, 'silence', effects);
  }
}
