/** A sweep with rows made by a formula and seeded noise: what pages and tables are tested on. */
import type { Metric } from '../../src/contract/kind.js';
import { MmsError } from '../../src/contract/problem.js';
import type { SweepJob, SweepPlan, SweepRow, SweepView } from '../../src/contract/sweep.js';
import type { ReadRows } from '../../src/contract/sweep-rows.js';
import { gridPoints } from '../../src/core/sweep/axis.js';
import { gridCells, SweepDesign } from '../../src/core/sweep/design.js';
import { repeatSeed } from '../../src/core/sweep/seeds.js';
import { Pcg32 } from '../bench/pcg32.js';

const points = (from: number, to: number, n: number, scale: 'linear' | 'log'): number[] =>
  gridPoints({ from, to, scale, integer: false }, n);

/** Risk aversion on a log scale, volatility on a linear one. */
export function makePlan(nx: number, ny: number, own: Partial<SweepPlan> = {}): SweepPlan {
  const axes = [
    { path: 'strategy.gamma', values: points(0.01, 1, nx, 'log'), range: null },
    { path: 'market.sigmaPerSqrtS', values: points(0.5, 4, ny, 'linear'), range: null },
  ];
  const plan: SweepPlan = {
    kind: 'market-making',
    spec: {
      strategy: { type: 'adaptive', gamma: 0.1 },
      market: { type: 'avellaneda-stoikov', sigmaPerSqrtS: 2 },
    },
    seed: 7,
    design: 'grid',
    axes,
    cells: gridCells(axes),
    repeats: 4,
    commonRandomNumbers: true,
    metric: { name: 'pnl', sense: 'max' },
    name: null,
    priority: 5,
    ...own,
  };
  return { ...plan, cells: own.cells ?? gridCells(plan.axes) };
}

const NAMES = ['pnl', 'sharpe', 'fills', 'maxDrawdown', 'meanAbsInventoryLots', 'fillRate'];

/** PnL is highest about gamma 0.1, falls with volatility, and has noise that repeats share. */
function metricsOf(values: readonly unknown[], repeat: number, random: Pcg32): Metric[] {
  const [gamma, sigma] = values.map(Number) as [number, number];
  const noise = [3, -2, 5, -6][repeat % 4]! + random.uniform(100) / 100;
  const peak = 60 - 9 * (Math.log10(gamma) + 1) ** 2 - 6 * (sigma || 1) + noise;
  return NAMES.map((name, i) => ({
    name,
    value: name === 'pnl' ? peak : (peak + 20) / (i + 1) - sigma,
    standardError: 1.5,
    interval: [peak - 3, peak + 3] as const,
    unit: name === 'pnl' ? 'currency' : '1',
    meaning: `what ${name} means`,
  }));
}

const refused = new MmsError(
  'E_SPEC',
  'market-making: /spec/strategy Expected a bid below the ask; got both.',
).problem;

/** Cells of `failed` have a failed last job; those from `open` on have not been computed. */
export function makeSweep(
  plan: SweepPlan,
  { failed = [], open = Infinity }: { failed?: readonly number[]; open?: number } = {},
): { view: SweepView; read: ReadRows } {
  const design = new SweepDesign(plan);
  const rowOf = (cell: number): SweepRow => {
    const random = new Pcg32(cell + 1);
    const values = design.values(cell);
    const jobs = Array.from({ length: plan.repeats }, (_, repeat): SweepJob => {
      const seed = repeatSeed(plan.seed, cell, repeat, plan.commonRandomNumbers);
      if (cell >= open) return { seed, id: null, state: 'queued', problem: null, metrics: null };
      const id = `J${cell}-${repeat}`;
      if (failed.includes(cell) && repeat === plan.repeats - 1)
        return { seed, id, state: 'failed', problem: refused, metrics: null };
      return { seed, id, state: 'done', problem: null, metrics: metricsOf(values, repeat, random) };
    });
    return { cell, values, jobs };
  };
  const total = plan.cells * plan.repeats;
  const ended = Math.min(plan.cells, open);
  const view: SweepView = {
    id: '01J00000000000000000SWEEP0',
    plan,
    state: open < plan.cells ? 'running' : failed.length > 0 ? 'partial' : 'done',
    jobs: {
      ...{ total, done: ended * plan.repeats - failed.length, failed: failed.length },
      ...{ cancelled: 0, running: 0, cached: 0 },
    },
    cellsDone: ended - failed.length,
    cellsFailed: failed.length,
    progress: ended / plan.cells,
    jobsPerS: null,
    etaS: null,
    threads: 2,
    createdMs: 0,
    finishedMs: 1,
  };
  const read: ReadRows = ({ from, limit }) => {
    const n = Math.max(0, Math.min(limit, plan.cells - from));
    return Promise.resolve(Array.from({ length: n }, (_, i) => rowOf(from + i)));
  };
  return { view, read };
}
