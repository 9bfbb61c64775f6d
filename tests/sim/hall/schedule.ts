/** What happens in one schedule of the hall: its clients; faults of process, disk, clocks and network. */
import { seeded } from '../random.js';

export const HALL_FLAVOURS = ['calm', 'crashes', 'disk', 'clocks', 'network', 'full', 'all'] as const;
export type HallFlavour = (typeof HALL_FLAVOURS)[number];

/** No fault after this moment. */
export const HEAL_MS = 3_000;

export interface Spec {
  readonly factor: number;
  readonly stepsPerUnit: number;
}

/**
 * A `command` submits one job under a key and repeats itself until it is answered. A `stranger` submits a
 * small one without a key, once. A `batch` submits several under a key. A `wrong` one is to be refused.
 */
export interface Plan {
  readonly number: number;
  readonly sort: 'command' | 'stranger' | 'batch' | 'wrong';
  /** One job, or those of the batch. */
  readonly specs: readonly Spec[];
  readonly timeoutS: number | null;
  readonly startMs: number;
  /** After the acceptance; null for most. */
  readonly cancelAfterMs: number | null;
  readonly patienceMs: number;
}

export interface Strike {
  readonly what: 'crash' | 'break' | 'leap';
  readonly atMs: number;
  readonly downMs: number;
  /** Of the wall clock. */
  readonly leapMs: number;
  /** Share of the writes under way that a crash leaves on disk. */
  readonly kept: number;
}

export interface HallSchedule {
  readonly seed: number;
  readonly flavour: HallFlavour;
  readonly plans: readonly Plan[];
  readonly strikes: readonly Strike[];
  /** Shares of tries. */
  readonly requestLost: number;
  readonly answerLost: number;
  readonly heldBack: number;
  /** Share of packs that are lost with what ran them. */
  readonly packLost: number;
  /** Share of chunks that answer twice. */
  readonly doubled: number;
  readonly maxQueuedJobs: number;
}

const LARGE_STEPS = 10e6;

export function hallScheduleOf(seed: number): HallSchedule {
  const draw = seeded(seed);
  const flavour = HALL_FLAVOURS[seed % HALL_FLAVOURS.length]!;
  const has = (...flavours: HallFlavour[]): boolean => flavour === 'all' || flavours.includes(flavour);
  const plans: Plan[] = [];
  const add = (sort: Plan['sort'], jobs: number, small: number, startMs: number): void => {
    const specs = Array.from({ length: jobs }, () => ({
      factor: Math.floor(4 * draw()),
      stepsPerUnit: draw() < small ? 1 : LARGE_STEPS,
    }));
    plans.push({
      ...{ number: plans.length, sort, specs, startMs },
      timeoutS: draw() < 0.25 ? 0.1 + 1.5 * draw() : null,
      cancelAfterMs: draw() < 0.3 ? 300 * draw() : null,
      patienceMs: [200, 2_000, 30_000][Math.floor(3 * draw())]!,
    });
  };
  for (let i = 0; i < 3; i++) add('command', 1, 0.5, 700 * draw());
  // Strangers come in twos and threes, so that they are gathered.
  for (let group = 0; group < 2; group++) {
    const atMs = 700 * draw();
    for (let i = 0; i < 3; i++) add('stranger', 1, 1, atMs + 8 * draw());
  }
  add('batch', 2 + Math.floor(4 * draw()), 0.8, 700 * draw());
  if (draw() < 0.3) add('wrong', 1, 1, 700 * draw());
  const strikes: Strike[] = [];
  const strike = (what: Strike['what'], downMs: number): void => {
    const leapMs = (draw() - 0.5) * 10 ** (1 + 6 * draw());
    strikes.push({ what, atMs: 20 + 1_800 * draw(), downMs, leapMs, kept: draw() < 0.5 ? 0 : draw() });
  };
  for (let i = 1 + Math.floor(3 * draw()); i > 0 && has('crashes', 'disk', 'clocks'); i--)
    strike('crash', 50 + 900 * draw() ** 2);
  if (has('disk')) strike('break', 200 + 500 * draw());
  for (let i = 0; i < 3 && has('clocks'); i++) strike('leap', 0);
  return {
    ...{ seed, flavour, plans, strikes },
    requestLost: has('network') ? 0.1 : 0,
    answerLost: has('network', 'crashes') ? 0.15 : 0,
    heldBack: has('network') ? 0.02 : 0,
    packLost: has('crashes') ? 0.3 : 0,
    doubled: has('network') ? 0.2 : 0,
    maxQueuedJobs: has('full') ? 6 + Math.floor(5 * draw()) : 10_000,
  };
}
