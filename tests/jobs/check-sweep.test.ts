/** Requests of sweeps: defaults, and one clear fault for each bad axis. */
import { beforeAll, describe, expect, it } from 'vitest';
import { MmsError, type ProblemFault } from '../../src/contract/problem.js';
import type { SweepRequest } from '../../src/contract/sweep.js';
import { checkSweep } from '../../src/jobs/check-sweep.js';
import { createRegistry } from '../../src/kinds/registry.js';

const kinds = createRegistry();
beforeAll(() => kinds.get('market-making'));

const gamma = { from: 0.01, to: 1, n: 3, scale: 'log' } as const;
const request = (own: object): SweepRequest =>
  ({ kind: 'market-making', axes: { 'strategy.gamma': gamma }, ...own }) as SweepRequest;

async function faultsOf(own: object): Promise<readonly ProblemFault[]> {
  const error = await checkSweep(request(own), kinds).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof MmsError) return error.problem.errors ?? [];
  throw new Error(`Expected a refusal; got ${String(error)}`);
}
const axesFault = async (axes: object, own: object = {}): Promise<string> => {
  const faults = await faultsOf({ axes, ...own });
  return faults.map(({ pointer, message }) => `${pointer} ${message}`).join('\n');
};

describe('a plan', () => {
  it('has all defaults, and its axes as lists in the order of the request', async () => {
    const plan = await checkSweep(request({ axes: { runs: [2, 4], 'strategy.gamma': gamma } }), kinds);
    expect(plan).toMatchObject({
      seed: 1,
      design: 'grid',
      cells: 6,
      repeats: 1,
      commonRandomNumbers: true,
      metric: { name: 'pnl', sense: 'max' },
      name: null,
      priority: 5,
    });
    expect(plan.axes).toEqual([
      { path: 'runs', values: [2, 4], range: null },
      { path: 'strategy.gamma', values: [0.01, 0.1, 1], range: null },
    ]);
    expect(plan.spec).toMatchObject({ strategy: { type: 'adaptive' }, requote: { everyMs: 1_000 } });
  });

  it('draws from ranges where the design draws', async () => {
    const own = { design: 'latin-hypercube', cells: 50, axes: { 'strategy.gamma': { from: 0.01, to: 1 } } };
    const plan = await checkSweep(request({ ...own, metric: { name: 'sharpe' } }), kinds);
    expect(plan).toMatchObject({ cells: 50, metric: { name: 'sharpe', sense: 'max' } });
    expect(plan.axes[0]!.range).toEqual({ from: 0.01, to: 1, scale: 'linear', integer: false });
  });

  it('lets one axis choose the variant that another one sets a field of', async () => {
    const axes = { 'strategy.type': ['fixed', 'adaptive'], 'strategy.gamma': gamma };
    const plan = await checkSweep(request({ spec: { strategy: { type: 'fixed' } }, axes }), kinds);
    expect(plan.cells).toBe(6);
    const whole = {
      strategy: [{ type: 'fixed', halfSpreadTicks: 2 }, { type: 'adaptive' }],
      seed: [1, 2, 3],
    };
    expect((await checkSweep(request({ axes: whole }), kinds)).cells).toBe(6);
  });
});

describe('a fault', () => {
  it('names the nearest field', async () => {
    expect(await faultsOf({ axes: { 'strategy.gama': gamma } })).toMatchObject([
      { pointer: '/axes/strategy.gama', suggestion: 'gamma' },
    ]);
    expect(await faultsOf({ axes: { gamma } })).toMatchObject([
      { pointer: '/axes/gamma', suggestion: 'strategy.gamma' },
    ]);
    expect(await faultsOf({ repeat: 4 })).toMatchObject([{ pointer: '/repeat', suggestion: 'repeats' }]);
    expect(await faultsOf({ design: 'lhs' })).toMatchObject([{ pointer: '/design' }]);
  });

  it.each([
    [
      'a value out of bounds',
      { 'strategy.gamma': [0.1, -1] },
      {},
      '/axes/strategy.gamma Expected a number from 0.000001 to 1,000; got -1',
    ],
    [
      'a range out of bounds',
      { runs: { from: 0, to: 9, n: 4, integer: true } },
      {},
      '/axes/runs Expected an integer',
    ],
    ['an empty list', { runs: [] }, {}, '/axes/runs Expected a list'],
    ['no axis', {}, {}, '/axes Expected'],
    ['the same value twice', { runs: [2, 2] }, {}, 'got 2 twice'],
    ['a grid without points', { runs: { from: 1, to: 9 } }, {}, 'Add "n"'],
    [
      'points of a draw',
      { runs: { from: 1, to: 9, n: 3 } },
      { design: 'random', cells: 3 },
      'no "n" in a random design',
    ],
    ['turned ends', { 'strategy.gamma': { from: 1, to: 0.1, n: 3 } }, {}, '"from" below "to"'],
    ['a seed that is none', { seed: [1, -1] }, {}, '/axes/seed Expected integers from 0'],
    ['cells of a grid', { runs: [1, 2] }, { cells: 3 }, '/cells Expected no "cells" on a grid'],
    ['draws without a number', { runs: [1, 2] }, { design: 'random' }, '/cells Expected "cells"'],
    [
      'too many jobs',
      { runs: [1, 2] },
      { design: 'random', cells: 1_000_000, repeats: 11 },
      'at most 10,000,000 jobs',
    ],
    [
      'a field of another type',
      { 'strategy.gamma': gamma },
      { spec: { strategy: { type: 'fixed' } } },
      'another type',
    ],
    ['a base that is not sound', { runs: [1, 2] }, { spec: { runs: 0 } }, '/spec/runs Expected an integer'],
  ])('tells of %s', async (_, axes, own, expected) => {
    expect(await axesFault(axes, own)).toContain(expected);
  });
});
