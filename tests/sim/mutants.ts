/**
 * Bugs that the simulator must find: each is one change of a real module's text. They score the simulator,
 * because a world that lets a planted bug live would let a true one live as well.
 */

export interface Mutant {
  readonly name: string;
  /** What it breaks, as one line. */
  readonly breaks: string;
  /** Below src. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly put: string;
}

const mutant = (name: string, breaks: string, file: string, find: string, put: string): Mutant => ({
  name,
  breaks,
  file: `${file}.ts`,
  find,
  put,
});

const STEP = 'router/step';
const LOSSES = 'router/losses';
const ROSTER = 'router/roster';
const DISPATCH = 'router/dispatch';
const STATE = 'router/state';
const BACKLOG = 'router/backlog';
const AGENT = 'node/agent';

export const MUTANTS: readonly Mutant[] = [
  mutant(
    'answer-keeps-open',
    'a chunk stays open after its answer was accepted',
    STEP,
    '  shut(state, entry);\n  const waitingNode',
    '  const waitingNode',
  ),
  mutant(
    'late-answer-unchecked',
    'a second answer is never compared with the accepted one',
    STEP,
    'else if (accepted === hash)',
    'else if (accepted !== undefined)',
  ),
  mutant(
    'lost-dispatch-unnoticed',
    'a beat that lacks a chunk does not free it',
    STEP,
    'if (entry) again(state, entry, ',
    'if (entry === undefined) again(state, entry!, ',
  ),
  mutant(
    'cancel-said-once',
    'a cancel that was lost on the way is not repeated',
    STEP,
    '  sendCancel(node, pointless, effects);',
    '  void pointless;',
  ),
  mutant(
    'cancel-not-sent',
    'a cancel takes chunks out of the queue but never reaches the nodes at once',
    STEP,
    'if (refs.length === 0) return;',
    'if (refs.length >= 0) return;',
  ),
  mutant(
    'cancel-leaves-backlog',
    'a cancelled job waits on in the queue',
    STEP,
    '  state.backlog.dropJob(jobId);\n',
    '',
  ),
  mutant(
    'cancel-leaves-open',
    'a cancelled chunk can still end',
    STEP,
    '    state.open.delete(key);\n    state.suspects.delete(key);',
    '    state.suspects.delete(key);',
  ),
  mutant(
    'silence-unnoticed',
    'a node that vanished without a word keeps its chunks',
    STEP,
    'if (isSilent(node, nowMs))',
    'if (nowMs < 0)',
  ),
  mutant(
    'router-sleep-blames-nodes',
    'after its own sleep the router takes every node for dead',
    STEP,
    'if (sleptMs > 0) node.lastHeardMs = Math.min(nowMs, node.lastHeardMs + sleptMs);',
    'void sleptMs;',
  ),
  mutant(
    'router-never-beats',
    'nodes hear nothing from an idle router',
    STEP,
    '  state.lastBeatMs = nowMs;\n  for',
    '  state.lastBeatMs = Infinity;\n  for',
  ),
  mutant(
    'input-sent-once',
    'an input that was lost on the way is never sent again',
    STEP,
    'const INPUT_RESEND_MS = 5_000;',
    'const INPUT_RESEND_MS = Infinity;',
  ),
  mutant(
    'missing-input-ignored',
    'chunks wait for ever for an input that no longer exists',
    STEP,
    '      failForInput(state, event.digest, effects);\n',
    '',
  ),
  mutant(
    'stopped-is-final',
    'work that a node handed back unrun is forgotten',
    STEP,
    "if (message.why === 'stopped') return requeue(state, entry);",
    "if (message.why === 'stopped') return;",
  ),
  mutant(
    'lost-node-keeps-work',
    'chunks of a dead node are not run elsewhere',
    LOSSES,
    '  state.nodes.delete(peer);\n',
    '  state.nodes.delete(peer);\n  return;\n',
  ),
  mutant(
    'requeue-keeps-peer',
    'a chunk that waits again is still booked on its old node',
    LOSSES,
    '  entry.peer = null;\n',
    '',
  ),
  mutant(
    'neighbour-blamed',
    'a chunk is called poison for crashes that its neighbours caused',
    LOSSES,
    "if (how === 'crash' && alone)",
    "if (how === 'crash')",
  ),
  mutant(
    'silence-blamed',
    'a cut cable counts as a crash of the chunk',
    LOSSES,
    "if (how === 'crash' && alone)",
    "if (how !== 'way' && alone)",
  ),
  mutant(
    'poison-at-once',
    'one crash is enough for poison',
    LOSSES,
    'export const MAX_CRASHES = 3;',
    'export const MAX_CRASHES = 1;',
  ),
  mutant(
    'poison-never',
    'a chunk that kills its node runs on and on',
    LOSSES,
    'if (entry.crashes >= MAX_CRASHES)',
    'if (entry.crashes < 0)',
  ),
  mutant(
    'suspects-not-parted',
    'a chunk that fell twice is not run alone',
    LOSSES,
    'const SUSPECT_FALLS = 2;',
    'const SUSPECT_FALLS = Infinity;',
  ),
  mutant(
    'version-unchecked',
    'a node of another engine version may join',
    ROSTER,
    'if (hello.version !== version)',
    'if (hello.version === null)',
  ),
  mutant(
    'credits-unbounded',
    'a node gets all that waits',
    ROSTER,
    'node.threads * CREDITS_PER_THREAD - node.inFlight.size',
    'node.threads * CREDITS_PER_THREAD',
  ),
  mutant(
    'drain-ignored',
    'a draining node gets work',
    ROSTER,
    'node.draining || !node.confirmed ? 0',
    '!node.confirmed ? 0',
  ),
  mutant(
    'unconfirmed-gets-work',
    'a HELLO of a process that is dead already gets work',
    ROSTER,
    'return node.draining || !node.confirmed ? 0',
    'return node.draining ? 0',
  ),
  mutant(
    'suspect-among-others',
    'a suspect is given to a node that has other work',
    DISPATCH,
    'node.inFlight.size > 0 || freeCredits',
    'freeCredits',
  ),
  mutant(
    'alone-for-ever',
    'a chunk counts as alone although others joined it',
    DISPATCH,
    'other.alone = false;',
    'other.alone = true;',
  ),
  mutant(
    'reserved-for-ever',
    'a node stays reserved when its suspect is over',
    DISPATCH,
    'else node.reservedFor = null;',
    'else reserved.add(key);',
  ),
  mutant(
    'answered-chunk-waits-on',
    'a chunk that was answered late stays in the queue',
    STATE,
    'if (entry.peer === null && !state.suspects.delete(entry.key))',
    'if (entry.key === null)',
  ),
  mutant(
    'low-priority-first',
    'lower priorities go first',
    BACKLOG,
    'band.priority <= priority',
    'band.priority >= priority',
  ),
  mutant(
    'no-turns',
    'a job is emptied before the next of its priority begins',
    BACKLOG,
    'else band.turns.push(queue);',
    'else band.turns.splice(band.head, 0, queue);',
  ),
  mutant(
    'requeued-uncounted',
    'work that waits again is not counted',
    BACKLOG,
    'else queue.chunks.unshift(chunk);\n      size++;',
    'else queue.chunks.unshift(chunk);',
  ),
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
    '  state.held.delete(id);\n  const { ref } = held;',
    '  const { ref } = held;',
  ),
  mutant(
    'beat-without-hands',
    'beats do not say what a node holds',
    AGENT,
    'seen, held, draining',
    'seen, held: [], draining',
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
    'need-for-ever',
    'a node asks on for an input that no work of it needs',
    AGENT,
    'if (!isNeeded(state, digest))',
    'if (nowMs < 0)',
  ),
  mutant(
    'sleep-counted-twice',
    'who was heard after the sleep of the router is believed alive as much longer',
    STEP,
    'Math.min(nowMs, node.lastHeardMs + sleptMs)',
    'node.lastHeardMs + sleptMs',
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
    'a node joins anew while what it laid down still runs',
    AGENT,
    'if (state.stopping.size > 0) return;',
    'if (state.stopping.size < 0) return;',
  ),
  mutant(
    'rejoin-runs-on',
    'a node that joins anew does not stop its old work',
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
    "if (held.running) effects.push({ type: 'cancel', id: held.id });",
    'if (held.running) return;',
  ),
  mutant(
    'fail-without-fence',
    'a failure of an old attempt is taken for one of the current attempt',
    STEP,
    '      const entry = current(state, node.peer, message);',
    '      const now = state.open.get(chunkKey(message.jobId, message.chunk));\n      const entry = now?.peer === node.peer ? now : undefined;',
  ),
  mutant(
    'epoch-ignored',
    'messages of a former session are heeded',
    STEP,
    'if (node?.epoch === message.epoch) {',
    'if (node) {',
  ),
  mutant(
    'old-hello-joins',
    'a late HELLO of a former session replaces the one that came after it',
    STEP,
    'if (known && hello.session < known.session)',
    'if (known && hello.session < 0)',
  ),
  mutant(
    'hello-always-new',
    'a doubled HELLO gets a new epoch',
    STEP,
    'if (known?.session !== hello.session) {',
    'if (known !== null) {',
  ),
  mutant(
    'again-ignored',
    'a node that is told to join again waits until it hears no beats',
    AGENT,
    "if (message.type === 'again' || message.type === 'bye') return rejoin(",
    "if (message.type === 'bye') return rejoin(",
  ),
];
