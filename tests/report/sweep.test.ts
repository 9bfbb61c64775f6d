/** What is told of a sweep: folded rows, the ranked table, honest counts, the command that repeats it. */
import { describe, expect, it } from 'vitest';
import { sweepCommand } from '../../src/report/sweep-command.js';
import { collectSweep } from '../../src/report/sweep-data.js';
import { renderSweep } from '../../src/report/sweep.js';
import { axisLabels, sweepLines, valueText } from '../../src/report/sweep-words.js';
import { makePlan, makeSweep } from './sweep-fixture.js';

const collect = (...args: Parameters<typeof makeSweep>) => {
  const { view, read } = makeSweep(...args);
  return collectSweep(view, read);
};

describe('the data of a page', () => {
  it('has every cell, the best first, and why jobs failed', async () => {
    const data = await collect(makePlan(5, 4), { failed: [3], open: 18 });
    expect(data.metric?.name).toBe('pnl');
    expect(data.figures[0]!.decl.name).toBe('pnl');
    expect([...data.states]).toEqual([1, 1, 1, 2, ...Array(14).fill(1), 0, 0]);
    expect(Number.isNaN(data.figures[0]!.mean[19]!)).toBe(true);
    const means = [...data.figures[0]!.mean].slice(0, 18);
    expect(data.best[0]!.cell).toBe(means.indexOf(Math.max(...means)));
    expect(data.best[1]!.difference).not.toBeNull();
    expect(data.reasons).toMatchObject([{ jobs: 1, cell: 3 }]);
  });

  it('keeps fewer metrics of more cells, the ranked one always', async () => {
    const data = await collect(
      makePlan(300, 300, { repeats: 1, metric: { name: 'fillRate', sense: 'min' } }),
    );
    expect(data.figures.map(({ decl }) => decl.name)).toEqual(['fillRate', 'pnl']);
    const page = renderSweep(data);
    expect(page.length).toBeLessThan(4e6);
  });

  it('takes the first metric where none is named, and says when a named one is nowhere', async () => {
    const first = await collect(makePlan(3, 2, { metric: { name: null, sense: 'max' } }));
    expect(first.metric?.name).toBe('pnl');
    const none = await collect(makePlan(3, 2, { metric: { name: 'pln', sense: 'max' } }));
    expect(none.best).toEqual([]);
    expect(sweepLines(none).join('\n')).toContain(
      'No result has the metric "pln", so that nothing is ranked. There are: pnl,',
    );
  });
});

describe('the lines of the terminal', () => {
  it('rank the best twenty with intervals and paired differences', async () => {
    const lines = sweepLines(await collect(makePlan(6, 5), { failed: [29] }));
    expect(lines[0]).toBe('30 cells × 4 repeats: 29 of 30 cells done, 1 failed');
    expect(lines[2]).toMatch(
      /^Rank +Cell +gamma +sigmaPerSqrtS +PnL \[currency\] ± s\.e\. +95 % interval +Less the best/,
    );
    expect(lines[3]).toMatch(/^1 +15 +0\.158489 +0\.5 +\S+ ± \S+ +\S+ to \S+$/);
    expect(lines.filter((line) => /^\d/.test(line))).toHaveLength(21);
    expect(lines.join('\n')).toContain('1 × market-making: /spec/strategy Expected');
  });

  it('name axes as short as they differ', () => {
    expect(axisLabels(['strategy.gamma', 'market.gamma', 'strategy.type', 'payoffs.0', 'runs'])).toEqual([
      ...['strategy.gamma', 'market.gamma', 'strategy.type', 'payoffs.0', 'runs'],
    ]);
    expect(axisLabels(['strategy.gamma', 'market.rates.0.perS'])).toEqual(['gamma', 'perS']);
    expect(valueText({ type: 'fixed', halfSpreadTicks: 2 })).toBe('fixed halfSpreadTicks 2');
    expect(valueText(-0.1234567)).toBe('−0.123457');
  });
});

describe('the command', () => {
  it('says ranges as ranges and everything that differs from the usual', () => {
    const plan = makePlan(25, 20, { spec: { runs: 2 } });
    expect(sweepCommand(plan)).toBe(
      'mms sweep market-making --seed 7 --grid strategy.gamma=0.01..1:log25 --grid market.sigmaPerSqrtS=0.5..4:20 ' +
        `--repeats 4 --metric pnl --spec '{"runs":2}'`,
    );
    const axes = [
      { path: 'strategy.type', values: ['fixed', 'glft'], range: null },
      { path: 'runs', values: null, range: { from: 1, to: 9, scale: 'log', integer: true } as const },
      { path: 'strategy', values: [{ type: 'x' }], range: null },
    ];
    const own = {
      axes,
      design: 'latin-hypercube',
      cells: 50,
      repeats: 1,
      commonRandomNumbers: false,
    } as const;
    expect(sweepCommand(makePlan(2, 2, { ...own, spec: {}, metric: { name: 'x', sense: 'min' } }))).toBe(
      'mms sweep market-making --seed 7 --lhs 50 --vary strategy.type=fixed,glft --vary runs=1..9:log:integer ' +
        `--vary 'strategy=[{"type":"x"}]' --own-random-numbers --metric x --min --spec '{}'`,
    );
  });
});
