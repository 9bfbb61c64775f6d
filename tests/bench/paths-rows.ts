/** The rows of price paths: the kernels beside numpy, C++ and QuantLib, and one thread beside two. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BUILD, FAR, LIMIT, numbersOf, type Plan, RATIO, script } from './plan.js';
import { inTurns, type Program } from './runner.js';
import { type Goal, rowOf } from './table.js';

/** Of 100,000 paths: about 5 standard errors of the difference of two means of prices near 100. */
const PRICE_TOLERANCE = 0.5;
const NORMAL_TOLERANCE = 0.02;

/** A row: the speed of ours over theirs, names of programs of a comparison. */
interface Beside {
  readonly ours: string;
  readonly theirs: string;
  readonly goal: Partial<Goal> & { readonly name: string };
}

/**
 * Programs that do the same work and must find the same means, in turns, and the rows made of their times.
 * Few samples: some take half a second a pass.
 */
function besidePlan(
  programs: Readonly<Record<string, Program>>,
  rows: readonly Beside[],
  tolerance: number,
): Plan {
  const goals = rows.map(({ goal }) => ({ ...RATIO, tolerance: FAR, unit: 'x', ...goal }));
  const names = Object.keys(programs);
  const best: Record<string, number>[] = [];
  const overall = (name: string): number => Math.min(...best.map((sample) => sample[name]!));
  return {
    goals,
    samples: 3,
    async sample() {
      const grouped = names.map((name) => ({ ...programs[name]!, group: programs[name]!.group ?? name }));
      const answers = await inTurns(grouped, 1, 2);
      for (const at of [1, 2]) {
        const [first, ...others] = answers.map((some) => numbersOf(some, at)[0]!);
        others.forEach((other, i) => {
          if (!(Math.abs(other - first!) <= tolerance)) {
            throw new Error(`${names[i + 1]} finds the mean ${other}, ${names[0]} ${first}`);
          }
        });
      }
      best.push(Object.fromEntries(names.map((name, i) => [name, Math.min(...numbersOf(answers[i]!, 0))])));
    },
    rows: () =>
      rows.map(({ ours, theirs }, i) => {
        const ratios = best.map((sample) => sample[theirs]! / sample[ours]!);
        return { ...rowOf(goals[i]!, ratios), value: overall(theirs) / overall(ours) };
      }),
  };
}

const ours = (name: string): Program => script('paths-child', name);
const numpy = (name: string): Program => ({
  command: 'python3',
  args: ['tests/bench/numpy/paths.py', name],
});
const TITLE = 'GBM terminal + maximum';

/** Terminal and maximum by every program there is. */
function maximumPlan(hasNumpy: boolean): Plan {
  const quantlib = `${BUILD}/quantlib`;
  const programs: Record<string, Program> = {
    f32: ours('maximum-f32-draws'),
    f64: ours('maximum-f64'),
    // The same draws: digests are compared.
    js: { ...ours('maximum-js'), group: 'ziggurat' },
    cpp: { command: `${BUILD}/paths`, args: [], group: 'ziggurat' },
    ...(hasNumpy && { numpy: numpy('maximum'), 'numpy as written': numpy('maximum-as-written') }),
    ...(existsSync(quantlib) && { quantlib: { command: quantlib, args: [] } }),
  };
  const rows: Beside[] = [
    {
      ours: 'f32',
      theirs: 'numpy',
      goal: { name: `${TITLE}, f32 draws / numpy tuned`, must: 4.5, aim: 8 },
    },
    {
      ours: 'f32',
      theirs: 'numpy as written',
      goal: { name: `${TITLE}, f32 draws / numpy as written`, must: 9, aim: 16 },
    },
    {
      ours: 'f32',
      theirs: 'cpp',
      goal: { name: `${TITLE}, f32 draws / C++ ziggurat`, must: 0.9, aim: 1.5 },
    },
    { ours: 'f64', theirs: 'numpy', goal: { name: `${TITLE}, f64 / numpy tuned`, must: 2.7, aim: 4 } },
    { ours: 'f64', theirs: 'cpp', goal: { name: `${TITLE}, f64 / C++ ziggurat` } },
    { ours: 'js', theirs: 'cpp', goal: { name: `${TITLE}, JavaScript / C++ ziggurat` } },
    {
      ours: 'f32',
      theirs: 'quantlib',
      goal: { name: `${TITLE}, f32 draws / QuantLib`, must: 7, aim: 12 },
    },
  ];
  const has = ({ theirs }: Beside): boolean => programs[theirs] !== undefined;
  if (!existsSync(quantlib)) {
    process.stderr.write('no libquantlib0-dev: the row beside QuantLib was not run\n');
  }
  return besidePlan(programs, rows.filter(has), PRICE_TOLERANCE);
}

/** A figure of our own programs, of the quickest pass. */
function ownPlan(program: Program, goal: Goal, of: (numbers: readonly number[]) => number): Plan {
  const values: number[] = [];
  return {
    goals: [goal],
    samples: 2,
    async sample() {
      const [answers] = await inTurns([program], 3, 8);
      const columns = answers![0]!.numbers.map((_, at) => Math.min(...numbersOf(answers!, at)));
      values.push(of(columns));
    },
    rows: () => [rowOf(goal, values)],
  };
}

/** The rows of price paths in the order of the table. */
export function pathsPlans(): Plan[] {
  const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
  if (!hasNumpy) process.stderr.write('no numpy: the rows of price paths beside it were not run\n');
  const paths = { name: 'GBM whole paths, f32 draws / numpy tuned', must: 2.6, aim: 4 };
  const normals = { name: 'JavaScript normals / numpy SFC64', must: 2.8, aim: 4 };
  return [
    maximumPlan(hasNumpy),
    ...(hasNumpy
      ? [
          besidePlan(
            { ours: ours('paths-f32-draws'), numpy: numpy('paths') },
            [{ ours: 'ours', theirs: 'numpy', goal: paths }],
            PRICE_TOLERANCE,
          ),
          besidePlan(
            { ours: ours('normals'), numpy: numpy('normals') },
            [{ ours: 'ours', theirs: 'numpy', goal: normals }],
            NORMAL_TOLERANCE,
          ),
        ]
      : []),
    ownPlan(
      script('threads-child'),
      { ...RATIO, tolerance: null, by: 'max', name: 'GBM, two threads / one', must: 1.85, aim: 1.97 },
      ([one, two]) => one! / two!,
    ),
    ownPlan(
      ours('exact'),
      { ...LIMIT, by: 'min', unit: ' ns', name: 'exact GBM sampling, a path' },
      ([ns]) => ns!,
    ),
  ];
}
