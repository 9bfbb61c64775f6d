/**
 * `make bench-micro`: the small cases by tinybench, as a guide while working on one of them. Times of one
 * run on one machine, beside the first row as 1; they decide nothing, `make bench` does.
 */
import { Bench } from 'tinybench';
import { widenInlining } from '../../src/node/inlining.js';
import { microCases } from './micro-cases.js';
import { pathsCases } from './paths-cases.js';

widenInlining();

const cases = [...microCases, ...pathsCases];
const bench = new Bench({ time: 300, iterations: 3, warmupTime: 100, warmupIterations: 2 });
const counts = new Map<string, { count: number; unit: string }>();
for (const { name, unit, sizes, setup } of cases) {
  const { count, before, run } = setup(sizes.full);
  counts.set(name, { count, unit });
  bench.add(name, () => void run(), before ? { beforeEach: before } : {});
}
await bench.run();

const median = (task: (typeof bench.tasks)[number]): number => {
  if (task.result.state !== 'completed') throw new Error(`${task.name}: ${task.result.state}`);
  return (1e6 * task.result.latency.p50) / counts.get(task.name)!.count;
};
const first = median(bench.tasks[0]!);
console.table(
  bench.tasks.map((task) => ({
    case: task.name,
    of: counts.get(task.name)!.unit,
    'ns each': Number(median(task).toPrecision(3)),
    'beside the first': Number((median(task) / first).toPrecision(3)),
    runs: task.runs,
  })),
);
