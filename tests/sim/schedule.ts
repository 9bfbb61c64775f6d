/** What one seed means: which jobs come, what their chunks do, and which faults strike when. */
import { drawOf, seeded } from './random.js';

/** What a chunk does when it runs: 'crash' ends its thread, 'kill' its whole node, 'slow' takes seconds. */
export type Fate = 'ok' | 'slow' | 'error' | 'crash' | 'kill';

/**
 * 'die': a process ends and its socket says so. 'vanish': a machine is gone without a word. 'pause': a
 * process stands still, its messages wait. 'cut': the network takes nothing, to the node, from it, or both
 * ways. 'jump': the clock of a process leaps ahead, as after a suspend; 'routerJump' that of the router.
 * 'restart': the router's process dies and comes back with what was on disk, perhaps less the last ends.
 * 'drain': a node is told to finish, and another comes. 'stranger': a node of another version comes.
 */
export type StrikeKind =
  | 'die'
  | 'vanish'
  | 'pause'
  | 'cut'
  | 'cutTo'
  | 'cutFrom'
  | 'jump'
  | 'routerJump'
  | 'restart'
  | 'drain'
  | 'stranger'
  | 'cancel';

export interface Strike {
  readonly what: StrikeKind;
  readonly atMs: number;
  readonly lastMs: number;
  /** 0..1: which of the nodes or jobs there are. */
  readonly who: number;
  /** Nobody takes the place of what died. */
  readonly forever: boolean;
}

export interface SimJob {
  readonly id: string;
  readonly kind: string;
  readonly priority: number;
  readonly client: string;
  /** Of each of its chunks, as estimated. */
  readonly costNs: number;
  readonly offeredMs: number;
  readonly input: 'none' | 'known' | 'missing';
  /** Its spec is too large to travel with every chunk. */
  readonly hasLargeSpec: boolean;
  /** Its chunks are packs of whole jobs. */
  readonly isPacked: boolean;
}

export interface Schedule {
  readonly seed: number;
  readonly flavour: Flavour;
  /** Probabilities per message until `healMs`. */
  readonly drop: number;
  readonly double: number;
  /** Longest delay of a message in ms; above 1 it reorders. */
  readonly delayMs: number;
  readonly nodes: number;
  readonly chunks: number;
  readonly jobs: readonly SimJob[];
  readonly fates: readonly Fate[];
  readonly strikes: readonly Strike[];
  /** Every execution gives another result, as on a machine whose memory is broken. */
  readonly broken: boolean;
  /** From here on nothing goes wrong any more but what the chunks do themselves. */
  readonly healMs: number;
}

export const FLAVOURS = [
  'calm',
  'clocks',
  'upgrade',
  'poison',
  'network',
  'everything',
  'broken',
  'cancel',
  'deaths',
  'flapping',
] as const;
export type Flavour = (typeof FLAVOURS)[number];

const FAULTY_MS = 5_000;

interface Recipe {
  readonly strikes?: readonly StrikeKind[];
  readonly most?: number;
  readonly net?: boolean;
  readonly fates?: readonly Fate[];
  readonly nodes?: number;
}

const mostlyOk = (n: number, ...rest: Fate[]): Fate[] => [...Array<Fate>(n).fill('ok'), ...rest];

const RECIPES: Readonly<Record<Flavour, Recipe>> = {
  calm: {},
  clocks: { strikes: ['jump', 'routerJump'], most: 2 },
  upgrade: { strikes: ['drain', 'drain', 'stranger'], most: 4 },
  poison: { fates: mostlyOk(8, 'error', 'crash', 'kill') },
  network: {
    net: true,
    strikes: ['pause', 'cut', 'cutTo', 'cutFrom'],
    most: 3,
    fates: mostlyOk(8, 'error', 'crash'),
  },
  everything: {
    net: true,
    strikes: [
      'die',
      'vanish',
      'pause',
      'cut',
      'cutTo',
      'cutFrom',
      'jump',
      'routerJump',
      'restart',
      'drain',
      'stranger',
      'cancel',
    ],
    most: 6,
    fates: mostlyOk(16, 'slow', 'error', 'crash', 'kill'),
  },
  broken: { net: true, strikes: ['pause', 'cut'], most: 3 },
  cancel: { strikes: ['cancel'], most: 3, fates: mostlyOk(2, 'slow') },
  deaths: { strikes: ['die', 'vanish', 'restart'], most: 3 },
  flapping: { strikes: ['cut', 'cutTo', 'cutFrom'], most: 8, nodes: 1, fates: mostlyOk(6, 'slow', 'crash') },
};

/** Seeds take the flavours in turn. */
export function scheduleOf(seed: number): Schedule {
  const flavour = FLAVOURS[seed % FLAVOURS.length]!;
  const random = seeded(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const { strikes: kinds = [], most = 0, net = false, fates = ['ok'], nodes } = RECIPES[flavour];
  const span = kinds.length > 0 || net ? FAULTY_MS : 0;
  const strikes = Array.from({ length: kinds.length > 0 ? 1 + below(most) : 0 }, (): Strike => {
    const what = kinds[below(kinds.length)]!;
    const atMs = 100 + random() * (span - 600);
    const lastMs = what.endsWith('ump') ? random() * 10_000 : random() * (span - atMs);
    return { what, atMs, lastMs, who: random(), forever: random() < 0.3 };
  });
  const job = (id: string): SimJob => ({
    id,
    kind: random() < 0.5 ? 'echo' : 'other',
    priority: below(2),
    client: drawOf(seed, -1, id.charCodeAt(0)) < 0.5 ? 'x' : 'y',
    costNs: 1e6 * (1 + Math.floor(3 * drawOf(seed, -2, id.charCodeAt(0)))),
    offeredMs: random() * 600,
    input: random() < 0.6 ? 'none' : random() < 0.9 ? 'known' : 'missing',
    hasLargeSpec: drawOf(seed, -3, id.charCodeAt(0)) < 0.2,
    isPacked: drawOf(seed, -3, id.charCodeAt(0)) > 0.8,
  });
  return {
    seed,
    flavour,
    drop: net && random() < 0.8 ? random() * 0.3 : 0,
    double: net ? random() * 0.2 : 0,
    delayMs: net && random() < 0.7 ? random() * 400 : 1,
    nodes: nodes ?? 2 + below(2),
    chunks: 4 + below(6),
    jobs: ['a', 'b', 'c'].map(job),
    fates,
    strikes,
    broken: flavour === 'broken',
    healMs: Math.max(span, 700),
  };
}
