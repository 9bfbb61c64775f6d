/** Bugs planted in the node: its agent and the work that it goes on with. */
import { mutant } from './mutant.js';
import type { Mutant } from './mutant.js';

const AGENT = 'node/agent';
const KEPT = 'node/kept';

export const AGENT_MUTANTS: readonly Mutant[] = [
  mutant(
    'work-taken-twice',
    'a doubled WORK message runs twice',
    AGENT,
    'if (message.seq <= state.seen) return;',
    'if (message.seq < 0) return;',
  ),
  mutant(
    'answered-still-held',
    'a node holds what it has answered',
    AGENT,
    '  state.held.delete(held.id);\n  const { ref } = held;',
    '  const { ref } = held;',
  ),
  mutant(
    'beat-without-hands',
    'beats do not say what a node holds',
    AGENT,
    'seen, held, kept, draining',
    'seen, held: [], kept, draining',
  ),
  mutant(
    'seen-from-before',
    'a new session claims to have seen messages that it never got',
    AGENT,
    '    state.seen = 0;\n',
    '',
  ),
  mutant(
    'need-said-once',
    'a lost NEED is not repeated',
    AGENT,
    'nowMs - askedMs >= NEED_RETRY_MS',
    'nowMs < askedMs',
  ),
  mutant(
    'runs-without-spec',
    'a chunk runs before its spec is there',
    AGENT,
    '!tables.has(digest))) return;',
    '!tables.has(digest) && digest !== item.specDigest)) return;',
  ),
  mutant(
    'spec-for-one',
    'of the chunks that wait for one spec or input only the first gets it',
    AGENT,
    'held.running || !digestsOf(held.item).includes(digest)) continue;',
    'held.running || effects.length > 0 || !digestsOf(held.item).includes(digest)) continue;',
  ),
  mutant(
    'need-for-ever',
    'a node asks on for an input that no work of it needs',
    AGENT,
    'if (!isNeeded(state, digest))',
    'if (nowMs < 0)',
  ),
  mutant(
    'node-sleep-blames-router',
    'after its own sleep a node takes the router for dead',
    AGENT,
    '  state.lastHeardMs = Math.min(nowMs, state.lastHeardMs + sleptMs);',
    '  void sleptMs;',
  ),
  mutant(
    'joins-with-full-hands',
    'a node joins anew while what it laid down still runs, and does not tell',
    AGENT,
    'if (state.stopping.size > 0) return;',
    'if (state.stopping.size < 0) return;',
  ),
  mutant(
    'rejoin-runs-on',
    'a node that joins anew does not stop the packs that it has',
    AGENT,
    "    state.stopping.add(id);\n    effects.push({ type: 'cancel', id });",
    '    void id;',
  ),
  mutant(
    'drain-drops-work',
    'a draining node leaves before its work is done',
    AGENT,
    'if (state.draining && state.held.size === 0)',
    'if (state.draining)',
  ),
  mutant(
    'running-not-cancelled',
    'a cancel does not reach a thread that runs',
    AGENT,
    "if (held.running) effects.push({ type: 'cancel', id: held.taskId });",
    'if (held.running) return;',
  ),
  mutant(
    'again-ignored',
    'a node that is told to join again waits until it hears no beats',
    AGENT,
    "if (message.type === 'again' || message.type === 'bye') return rejoin(",
    "if (message.type === 'bye') return rejoin(",
  ),
  mutant(
    'hello-hides-kept',
    'a node that goes on with its work does not say so when it joins anew',
    AGENT,
    '  const kept = state.kept.ranges();',
    '  const kept: never[] = [];',
  ),
  mutant(
    'beat-hides-kept',
    'beats do not tell of what a node goes on with for nobody',
    AGENT,
    '  const kept = state.kept.size + state.stopping.size;',
    '  const kept = 0;',
  ),
  mutant(
    'kept-answer-unsent',
    'what was done before somebody asked for it is never answered',
    AGENT,
    '  if (kept?.answer) return answer(state, taskId, kept.answer, nowMs, effects);\n',
    '',
  ),
  mutant(
    'kept-for-ever',
    'a node computes on what nobody asks for',
    KEPT,
    'nowMs < untilMs ? [] : drop()',
    'nowMs < Infinity ? [] : drop()',
  ),
  mutant(
    'kept-range-ignored',
    'a chunk gets the result of another range that had its number before',
    KEPT,
    'return `${jobId}/${chunk} ${from}..${to}`;',
    'return `${jobId}/${chunk} ${from - from}..${to - to}`;',
  ),
];
