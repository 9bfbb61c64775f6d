/**
 * The router's whole behaviour as one function: (state, event) -> effects, with the clock in the events
 * and no socket, timer or randomness, so that the same code runs in production and under seeded schedules
 * of lost and reordered messages. The state is changed in place; everything that touches the world is an
 * effect.
 *
 * A chunk is open from its offer until its one end. It is sent to one node at a time under a growing
 * attempt number. Work that came back unrun is sent again freely; after its second loss a chunk rests
 * before it waits again. A chunk that was lost twice with its thread or node is a suspect: it is sent on
 * only to a node that was emptied for it. Only a crash of a
 * chunk that was alone counts against it, so no chunk is called poison for what its neighbour did. A
 * kind's own error is final at once, because the same pure function would fail again.
 */
import type { ChunkRef, Hello, NodeMessage } from '../wire/messages.js';
import { BEAT_MS } from '../wire/messages.js';
import { dispatch, sharedSpec } from './dispatch.js';
import { again, fail, failForInput, lose, requeue, unexplained, wake } from './losses.js';
import type { InFlight, Node } from './roster.js';
import { chunkKey, createNode, isSilent, refusal, unheld } from './roster.js';
import type { OpenChunk, RouterEffect, RouterEvent, RouterState } from './state.js';
import { accept, acceptedHash, open, shut } from './state.js';

/** A repeated NEED within this time is not answered again: the first answer may still be on its way. */
const INPUT_RESEND_MS = 5_000;

export function step(state: RouterState, event: RouterEvent): RouterEffect[] {
  const effects: RouterEffect[] = [];
  switch (event.type) {
    case 'offer':
      for (const chunk of event.chunks) open(state, chunk);
      break;
    case 'cancel':
      cancel(state, event.jobId, effects);
      break;
    case 'message':
      receive(state, event.peer, event.message, event.nowMs, effects);
      break;
    case 'unreachable':
      lose(state, event.peer, 'crash', event.nowMs, effects);
      break;
    case 'inputMissing':
      failForInput(state, event.digest, effects);
      break;
    case 'tick':
      tick(state, event.nowMs, effects);
      break;
  }
  dispatch(state, event.nowMs, effects);
  return effects;
}

function cancel(state: RouterState, jobId: string, effects: RouterEffect[]): void {
  state.backlog.dropJob(jobId);
  for (const key of state.jobs.get(jobId) ?? []) {
    state.open.delete(key);
    state.suspects.delete(key);
    state.resting.delete(key);
  }
  state.jobs.delete(jobId);
  for (const node of state.nodes.values()) {
    sendCancel(
      node,
      [...node.inFlight.values()].filter((flight) => flight.jobId === jobId),
      effects,
    );
  }
}

function sendCancel(node: Node, refs: readonly ChunkRef[], effects: RouterEffect[]): void {
  if (refs.length === 0) return;
  const items = refs.map(({ jobId, chunk, attempt }) => ({ jobId, chunk, attempt }));
  effects.push({ type: 'send', peer: node.peer, message: { type: 'cancel', epoch: node.epoch, items } });
}

function receive(
  state: RouterState,
  peer: string,
  message: NodeMessage,
  nowMs: number,
  effects: RouterEffect[],
): void {
  if (message.type === 'hello') return join(state, peer, message, nowMs, effects);
  const node = state.nodes.get(peer);
  if (node?.epoch === message.epoch) {
    node.lastHeardMs = nowMs;
    node.confirmed = true;
    return heed(state, node, message, nowMs, effects);
  }
  const ofThisRouter = message.epoch >= state.firstEpoch && message.epoch < state.nextEpoch;
  if (message.type === 'done' && ofThisRouter) settle(state, message, effects);
  else effects.push({ type: 'dropped', reason: 'stale' });
  if (!node)
    effects.push({ type: 'send', peer, message: { type: message.type === 'bye' ? 'bye' : 'again' } });
}

function join(state: RouterState, peer: string, hello: Hello, nowMs: number, effects: RouterEffect[]): void {
  const known = state.nodes.get(peer);
  if (known && hello.session < known.session) return void effects.push({ type: 'dropped', reason: 'stale' });
  if (known?.session !== hello.session) {
    const reason = refusal(hello, state.version, state.nodes.size);
    if (reason !== null) {
      effects.push({ type: 'send', peer, message: { type: 'reject', reason } });
      return;
    }
    // The same process speaks again: what it had in hand was laid down, not crashed.
    lose(state, peer, null, nowMs, effects);
    state.nodes.set(peer, createNode(peer, hello, state.nextEpoch++, nowMs));
  }
  const node = state.nodes.get(peer)!;
  node.lastHeardMs = nowMs;
  const { session, epoch } = node;
  effects.push({ type: 'send', peer, message: { type: 'ready', session, epoch } });
}

type Heeded = Exclude<NodeMessage, Hello>;

/** A message of a node that is in good standing. */
function heed(state: RouterState, node: Node, message: Heeded, nowMs: number, effects: RouterEffect[]): void {
  switch (message.type) {
    case 'done':
      if (release(node, message)) node.chunksDone++;
      return settle(state, message, effects);
    case 'fail': {
      const flight = release(node, message);
      const entry = current(state, node.peer, message);
      if (!entry) return;
      if (message.why === 'stopped') return requeue(state, entry);
      if (message.why === 'crash') {
        const alone = flight?.alone ?? false;
        return again(state, entry, { how: 'crash', alone, nowMs }, effects);
      }
      return fail(state, entry, message.problem ?? unexplained(entry), effects);
    }
    case 'beat':
      node.draining = message.draining;
      node.strays = message.kept;
      if (message.kept === 0) node.kept.clear();
      return reconcile(state, node, message, nowMs, effects);
    case 'progress':
      for (const item of message.items) {
        if (!current(state, node.peer, item)) continue;
        effects.push({ type: 'progress', jobId: item.jobId, chunk: item.chunk, done: item.done });
      }
      return;
    case 'need':
      return answerNeed(state, node, message.digest, nowMs, effects);
    case 'bye':
      effects.push({ type: 'send', peer: node.peer, message: { type: 'bye' } });
      return lose(state, node.peer, null, nowMs, effects);
  }
}

/** Sends an input or a large spec, once in a while, to a node that has work which needs it. */
function answerNeed(
  state: RouterState,
  node: Node,
  digest: string,
  nowMs: number,
  effects: RouterEffect[],
): void {
  const chunks = [...node.inFlight.values()].flatMap(({ key }) => state.open.get(key)?.chunk ?? []);
  const specs = chunks.map((chunk) => sharedSpec(state, chunk));
  const spec = specs.find((shared) => shared?.digest === digest);
  if (!spec && !chunks.some(({ inputs }) => Object.values(inputs).includes(digest)))
    return void effects.push({ type: 'dropped', reason: 'stale' });
  if (nowMs - (node.inputsSentMs.get(digest) ?? -Infinity) < INPUT_RESEND_MS) return;
  for (const [sent, sentMs] of node.inputsSentMs) {
    if (nowMs - sentMs >= INPUT_RESEND_MS) node.inputsSentMs.delete(sent);
  }
  node.inputsSentMs.set(digest, nowMs);
  const { peer } = node;
  if (spec) effects.push({ type: 'send', peer, message: { type: 'input', ...spec } });
  else effects.push({ type: 'sendInput', peer, digest });
}

/** The open chunk whose current attempt is this one on this peer. */
function current(state: RouterState, peer: string, ref: ChunkRef): OpenChunk | null {
  const entry = state.open.get(chunkKey(ref.jobId, ref.chunk));
  return entry && entry.peer === peer && entry.attempt === ref.attempt ? entry : null;
}

/** Frees the credit of an attempt and returns it; null when the node did not have it. */
function release(node: Node, ref: ChunkRef): InFlight | null {
  const key = chunkKey(ref.jobId, ref.chunk);
  const flight = node.inFlight.get(key);
  if (flight?.attempt !== ref.attempt) return null;
  node.inFlight.delete(key);
  return flight;
}

/**
 * The first success counts, whichever attempt it comes from. Later ones never replace it: they are
 * compared with it by hash. A node is trusted to hash what it computed, and ZeroMQ over TCP to carry whole
 * frames; the router does not hash the frames again, because that would cost its one thread more than all
 * else that it does with an answer.
 */
function settle(
  state: RouterState,
  message: Extract<NodeMessage, { type: 'done' }>,
  effects: RouterEffect[],
): void {
  const { jobId, chunk, attempt, tables, hash, computeNs } = message;
  const key = chunkKey(jobId, chunk);
  const entry = state.open.get(key);
  if (!entry || attempt < 1 || attempt > entry.attempt) {
    const accepted = entry ? undefined : acceptedHash(state, key);
    if (accepted === undefined) effects.push({ type: 'dropped', reason: 'late' });
    else if (accepted === hash) effects.push({ type: 'dropped', reason: 'duplicate' });
    else effects.push({ type: 'mismatch', jobId, chunk });
    return;
  }
  accept(state, key, hash);
  shut(state, entry);
  const waitingNode = entry.peer === null ? null : state.nodes.get(entry.peer);
  const twin = waitingNode?.inFlight.get(entry.key);
  if (waitingNode && twin) sendCancel(waitingNode, [twin], effects);
  effects.push({ type: 'done', jobId, chunk, tables, attempts: 1 + entry.losses, computeNs });
}

/**
 * Frees what a beat shows to be lost, and cancels what the node holds for nobody: a cancel did not arrive,
 * or came before its work did.
 */
function reconcile(
  state: RouterState,
  node: Node,
  beat: Extract<NodeMessage, { type: 'beat' }>,
  nowMs: number,
  effects: RouterEffect[],
): void {
  for (const flight of unheld(node, beat.seen, beat.held, nowMs)) {
    node.inFlight.delete(flight.key);
    const entry = current(state, node.peer, flight);
    if (entry) again(state, entry, { how: 'way', alone: flight.alone, nowMs }, effects);
  }
  const pointless = beat.held.filter((ref) => !current(state, node.peer, ref));
  sendCancel(node, pointless, effects);
}

function tick(state: RouterState, nowMs: number, effects: RouterEffect[]): void {
  // A late tick means that this process slept; what the nodes said meanwhile is still unread, so they get
  // the time back.
  const sleptMs = nowMs - state.lastTickMs - BEAT_MS;
  state.lastTickMs = nowMs;
  for (const node of [...state.nodes.values()]) {
    if (sleptMs > 0) node.lastHeardMs = Math.min(nowMs, node.lastHeardMs + sleptMs);
    if (isSilent(node, nowMs)) lose(state, node.peer, 'silence', nowMs, effects);
  }
  wake(state, nowMs);
  if (nowMs - state.lastBeatMs < BEAT_MS) return;
  state.lastBeatMs = nowMs;
  for (const { peer, epoch } of state.nodes.values()) {
    effects.push({ type: 'send', peer, message: { type: 'beat', epoch } });
  }
}
