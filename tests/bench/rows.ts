/** Every row of the table of `make bench`: which programs it times, and what it must reach. */
import { spawnSync } from 'node:child_process';
import { median } from './measure.js';
import { pathsPlans } from './paths-rows.js';
import {
  BUILD,
  FAR,
  LIMIT,
  NEAR,
  numbersOf,
  type Plan,
  PROCESSES,
  RATIO,
  ROUNDS,
  script,
  WARMUPS,
} from './plan.js';
import { inTurns, type Program } from './runner.js';
import { type Goal, rowOf } from './table.js';

/** V8 is done with a simulation, which has more code than a book, some passes later. */
const SIMULATION_WARMUPS = 5;

const FAR_VARIANTS: readonly string[] = ['deep', 'sparse', 'wide-swing'];

const workload = (variant: string): string => `${BUILD}/${variant}.bin`;
const isSimulation = (name: string): boolean => name.startsWith('sim-');
const isFlow = (name: string): boolean => name === 'hawkes-process';
const isFit = (name: string): boolean => name === 'hawkes-likelihood';
const isBars = (name: string): boolean => name.startsWith('bars-');

/**
 * Our program and its C++ twin: a workload in a mode of replay-child.ts, or a simulation of so many events.
 */
export function twins(name: string, how: string): [Program, Program] {
  if (isSimulation(name) || isFlow(name) || isFit(name) || isBars(name)) {
    const child = isFlow(name) ? 'flow' : isFit(name) ? 'fit' : isBars(name) ? 'bar' : 'sim';
    const ours = script(`${child}-child`, name, how);
    return [ours, { command: `${BUILD}/sim`, args: ['serve', name, how] }];
  }
  const file = workload(name);
  return [script('replay-child', file, how), { command: `${BUILD}/check`, args: ['serve', file, how] }];
}

/** Speed of ours over the twin's; with full events also the garbage collections of ours. */
function twinPlan(name: string, how: string, goal: Partial<Goal> & { name: string }): Plan {
  const collections = { ...LIMIT, by: 'max', must: 0, aim: 0 } as const;
  const traced = goal.must !== undefined && how === 'events';
  const ratio = { ...RATIO, tolerance: FAR_VARIANTS.includes(name) ? FAR : NEAR, ...goal };
  const traces = traced ? [{ ...collections, name: `garbage collections in ${name}, full events` }] : [];
  const pairs: (readonly [own: number, twin: number])[] = [];
  const twinPasses: number[] = [];
  const traceValues: number[] = [];
  return {
    goals: [ratio, ...traces],
    samples: PROCESSES,
    async sample() {
      const warmups = isSimulation(name) ? SIMULATION_WARMUPS : WARMUPS;
      const [own, twin] = await inTurns(twins(name, how), warmups, ROUNDS);
      pairs.push([Math.min(...numbersOf(own!, 0)), Math.min(...numbersOf(twin!, 0))]);
      twinPasses.push(...numbersOf(twin!, 0));
      if (traced) traceValues.push(...numbersOf(own!, 1));
    },
    noise: () => median(twinPasses) / Math.min(...twinPasses),
    rows() {
      const [own, twin] = [0, 1].map((side) => Math.min(...pairs.map((pair) => pair[side]!)));
      const ratios = rowOf(
        ratio,
        pairs.map((pair) => pair[1] / pair[0]),
      );
      return [{ ...ratios, value: twin! / own! }, ...traces.map((trace) => rowOf(trace, traceValues))];
    },
  };
}

/** Messages that ours handles with full events while a peer handles one, after equal trades. */
function peerPlan(variant: string, peer: string, goal: Partial<Goal>): Plan {
  const file = workload(`${variant}-prefix`);
  const whole = { ...RATIO, tolerance: null, unit: 'x', name: `full events / ${peer}, ${variant}`, ...goal };
  const values: number[] = [];
  return {
    goals: [whole],
    samples: 1,
    rows: () => [rowOf(whole, values)],
    async sample() {
      const programs = [
        // A peer's pass takes seconds, ours some milliseconds: more of ours for the same certainty.
        { ...script('replay-child', file, 'events'), group: 'events', passes: 20 },
        { ...script('replay-child', file, 'fills'), group: 'trades' },
        { ...script('peer-child', peer, file), group: 'trades' },
      ];
      const [own, , theirs] = (await inTurns(programs, 1, 3)).map((answers) => numbersOf(answers, 0));
      values.push(Math.min(...theirs!) / Math.min(...own!));
    },
  };
}

/** What an event of one market of flow-cases.ts costs, in events of the Poisson market. */
function marketPlan(name: string): Plan {
  const goal = { ...LIMIT, unit: 'x', must: 4, aim: 2, name: `an event of ${name} / one of market-poisson` };
  const values: number[] = [];
  return {
    goals: [goal],
    samples: 1,
    rows: () => [rowOf(goal, values)],
    async sample() {
      const programs = [name, 'market-poisson'].map((one) => ({
        ...script('flow-child', one, SIMULATED_EVENTS),
        group: one,
      }));
      const [own, poisson] = (await inTurns(programs, WARMUPS, ROUNDS)).map((all) => numbersOf(all, 0));
      values.push(Math.min(...own!) / Math.min(...poisson!));
    },
  };
}

/** Fails unless other people's books report the same trades as ours on the beginning of a workload. */
export async function peersAgree(variant: string): Promise<void> {
  const file = workload(`${variant}-prefix`);
  await inTurns(
    [script('replay-child', file, 'fills'), ...PEERS.map((peer) => script('peer-child', peer, file))],
    0,
    1,
  );
}

/** Figures that a program of ours counts; those of its answer's first places, times `scale`. */
function figuresPlan(program: Program, scale: number, goals: readonly Goal[]): Plan {
  const values: number[][] = goals.map(() => []);
  return {
    goals,
    samples: 1,
    async sample() {
      const [answers] = await inTurns([program], WARMUPS, ROUNDS);
      values.forEach((list, at) => list.push(...numbersOf(answers!, at).map((value) => value * scale)));
    },
    rows: () => goals.map((goal, at) => rowOf(goal, values[at]!)),
  };
}

/** Standard errors of an Asian call from 8,192 paths, which are no timings: one pass says all. */
function asianPlan(): Plan {
  const times = { ...RATIO, unit: 'x', tolerance: null, must: 30 };
  const goals = [
    { ...times, name: 'Asian call, 8,192 points: plain error / Sobol on a bridge' },
    { ...times, name: 'Asian call, 8,192 points: plain error / Sobol, bridge and control', aim: 150 },
    { ...LIMIT, unit: 'x', name: 'Asian call: time of a Sobol path / plain path' },
  ];
  const values: number[][] = goals.map(() => []);
  return {
    goals,
    samples: 1,
    async sample() {
      const [answers] = await inTurns([script('asian-child')], 0, 1);
      values.forEach((list, at) => list.push(...numbersOf(answers!, at)));
    },
    rows: () => goals.map((goal, at) => rowOf(goal, values[at]!)),
  };
}

function latencyPlan(variant: string, p999: Partial<Goal>): Plan {
  const us = { ...LIMIT, by: 'min', unit: ' us' } as const;
  return figuresPlan(script('latency-child', workload(variant)), 1e-3, [
    { ...us, name: `median of one operation, ${variant}` },
    { ...us, name: `p99 of one operation, ${variant}` },
    { ...us, name: `p99.9 of one operation, ${variant}`, ...p999 },
    { ...us, name: `longest pause over 5 M messages, ${variant}`, must: 2_000, aim: 500 },
  ]);
}

/** The published table V1 by the proof and by numpy, vectorised over as many runs; no row without numpy. */
function numpyPlans(): Plan[] {
  if (spawnSync('python3', ['-c', 'import numpy']).status !== 0) return [];
  const goal = { ...RATIO, tolerance: FAR, name: 'table V1 / numpy', must: 1, aim: 1.5 };
  const values: number[] = [];
  return [
    {
      goals: [goal],
      samples: PROCESSES,
      async sample() {
        const numpy = { command: 'python3', args: ['tests/bench/numpy/v1.py'], group: 'numpy' };
        const [own, theirs] = await inTurns([script('v1-child'), numpy], WARMUPS, ROUNDS);
        values.push(Math.min(...numbersOf(theirs!, 0)) / Math.min(...numbersOf(own!, 0)));
      },
      rows: () => [rowOf(goal, values)],
    },
  ];
}

/** Hawkes processes beside loops in Python, which must find the same rate; no rows without Python. */
function pythonPlans(): Plan[] {
  if (spawnSync('python3', ['-c', '']).status !== 0) return [];
  const plan = (name: string, types: string, aim: number): Plan => {
    const title = `Hawkes process of ${types} / Python loop`;
    const goal = { ...RATIO, tolerance: FAR, unit: 'x', name: title, must: 15, aim };
    const values: number[] = [];
    return {
      goals: [goal],
      samples: PROCESSES,
      async sample() {
        const args = ['tests/bench/numpy/hawkes_loop.py', name, '50000'];
        const python = { command: 'python3', args, group: 'python' };
        const [own, theirs] = await inTurns([script('flow-child', name, '500000'), python], WARMUPS, ROUNDS);
        const [ours, other] = [numbersOf(own!, 1)[0]!, numbersOf(theirs!, 1)[0]!];
        // Counts of events that excite one another scatter widely; seeds are fixed, so this is.
        if (!(Math.abs(ours / other - 1) < 0.05))
          throw new Error(`${title}: ${ours}/s, in Python ${other}/s`);
        values.push(Math.min(...numbersOf(theirs!, 0)) / Math.min(...numbersOf(own!, 0)));
      },
      rows: () => [rowOf(goal, values)],
    };
  };
  return [plan('hawkes-process', 'six types', 25), plan('hawkes-one-type', 'one type', 25)];
}

/** Fits by scipy.optimize beside ours, which must find the same maximum; no rows without scipy. */
function scipyPlans(): Plan[] {
  if (spawnSync('python3', ['-c', 'import scipy.optimize']).status !== 0) {
    process.stderr.write('no scipy: its two rows are left out\n');
    return [];
  }
  const plan = (name: string, goal: Partial<Goal> & { name: string }): Plan => {
    const values: number[] = [];
    return {
      goals: [{ ...RATIO, tolerance: FAR, unit: 'x', ...goal }],
      samples: PROCESSES,
      async sample() {
        const scipy = { command: 'python3', args: ['tests/bench/numpy/fits.py', name], group: 'scipy' };
        const [own, theirs] = await inTurns([script('fit-child', name, '1'), scipy], WARMUPS, ROUNDS);
        const [ours, other] = [numbersOf(own!, 1)[0]!, numbersOf(theirs!, 1)[0]!];
        if (!(Math.abs(ours - other) <= 1e-6)) throw new Error(`${name}: maximum ${ours}, of scipy ${other}`);
        values.push(Math.min(...numbersOf(theirs!, 0)) / Math.min(...numbersOf(own!, 0)));
      },
      rows: () => [rowOf({ ...RATIO, tolerance: FAR, unit: 'x', ...goal }, values)],
    };
  };
  return [
    plan('hawkes-fit', { name: 'fit of 10,000 events / scipy', must: 35, aim: 60 }),
    plan('intensity-fit', { name: '(A, k) fit / scipy curve_fit', must: 50, aim: 100 }),
  ];
}

/** Workloads that are timed whole, and those on which other people's books are only compared. */
export const TIMED = ['base', 'mid', 'deep', 'sparse', 'wide-swing'] as const;
export const PEERED = ['sparse', 'wide-swing'] as const;
export const PEERS = ['nodejs-order-book', 'hft-limit-order-book'] as const;
const SIMULATED_EVENTS = '2000000';
const BARS = '1000000';

const TRADES: Record<string, Partial<Goal>> = {
  base: { must: 0.68, aim: 0.85 },
  deep: { must: 0.65, aim: 0.85 },
};
const EVENTS: Record<string, Partial<Goal>> = {
  base: { must: 0.62, aim: 0.85 },
  deep: { must: 0.52, aim: 0.8 },
};

/** All rows in the order of the table. */
export function plans(): Plan[] {
  const us = { ...LIMIT, unit: ' us' };
  const ladder = { must: 1_000, aim: 500 };
  return [
    ...TIMED.map((v) => twinPlan(v, 'trades', { name: `trade-only / C++ twin, ${v}`, ...TRADES[v] })),
    ...TIMED.map((v) => twinPlan(v, 'events', { name: `full events / C++ twin, ${v}`, ...EVENTS[v] })),
    ...['sim-fixed', 'sim-adaptive'].map((sim) =>
      twinPlan(sim, SIMULATED_EVENTS, { name: `whole simulation / C++ twin, ${sim}`, must: 0.55, aim: 0.8 }),
    ),
    twinPlan('hawkes-process', SIMULATED_EVENTS, {
      name: 'Hawkes process of six types / C++ twin',
      must: 0.8,
      aim: 0.9,
    }),
    twinPlan('hawkes-likelihood', SIMULATED_EVENTS, {
      name: 'Hawkes log-likelihood with gradient / C++ twin',
      must: 0.45,
      aim: 0.7,
    }),
    twinPlan('bars-dual-average', BARS, {
      name: 'crossing averages over bars / C++ twin',
      must: 0.6,
      aim: 0.9,
    }),
    twinPlan('bars-macd', BARS, { name: 'MACD over bars / C++ twin', must: 0.75, aim: 0.9 }),
    twinPlan('bars-rsi', BARS, { name: 'RSI over bars / C++ twin', must: 0.85, aim: 0.9 }),
    ...['market-hawkes', 'market-queue-reactive'].map(marketPlan),
    peerPlan('base', PEERS[0], { must: 120, aim: 250 }),
    peerPlan('deep', PEERS[0], { must: 300, aim: 600 }),
    peerPlan('base', PEERS[1], {}),
    peerPlan('deep', PEERS[1], {}),
    ...pythonPlans(),
    ...numpyPlans(),
    ...scipyPlans(),
    ...pathsPlans(),
    asianPlan(),
    latencyPlan('base', { must: 0.5, aim: 0.3 }),
    latencyPlan('deep', { must: 1, aim: 0.7 }),
    latencyPlan('wide-swing', {}),
    figuresPlan(script('ladder-child', workload('base-prefix')), 1e-3, [
      { ...us, name: 're-centring of 65,536 ticks, 2,000 orders leave', ...ladder },
      { ...us, name: 're-centring of 65,536 ticks, 2,000 orders return', ...ladder },
    ]),
    figuresPlan(script('setup-child'), 100, [
      { ...LIMIT, by: 'min', unit: ' %', name: 'set-up in a job of 5,000 events', must: 5 },
    ]),
  ];
}
