/** The pictures of fitted price series: those of the start that is told, and of nothing else. */
import { describe, expect, it } from 'vitest';
import type { DescribedTable } from '../../src/contract/columns.js';
import calibrate from '../../src/kinds/calibrate/index.js';
import { Rows } from '../../src/kinds/calibrate/tables.js';
import { seriesCharts } from '../../src/report/series-charts.js';

const fit = { component: 0, fromS: 0, toS: 1, events: 3 };

function tables(): DescribedTable[] {
  const rows = new Rows();
  rows.fit({ ...fit, unit: 0, logLikelihood: 9, converged: false });
  rows.fit({ ...fit, unit: 1, logLikelihood: 5 });
  rows.fit({ ...fit, unit: 2, logLikelihood: 5.00001 });
  for (const unit of [0, 1, 2]) {
    for (const regime of [0, 1]) {
      for (const x of [0, 1, 2]) rows.line(unit, regime, x, 0.5, unit === 1 ? 0.25 : 0.75);
    }
    rows.residual(unit, 0.1, 0.1);
    rows.residual(unit, 1, 2);
  }
  return rows.tables().map((table, i) => ({ ...table, decl: calibrate.tables[i]! }));
}

describe('seriesCharts', () => {
  it('draws each regime of the first start among the best that arrived', () => {
    const page = seriesCharts('markov-switching', tables());
    expect(page).toContain('Probability of regime 0');
    expect(page).toContain('Probability of regime 1');
    expect(page).not.toContain('regime 2');
    expect(page).toContain('at most 0.25');
    expect(page).toContain('Residuals: the observations');
  });

  it('draws bars, lines and marks for other models, and nothing without lines', () => {
    for (const [type, title] of [
      ['gbm', 'Density: counted and fitted'],
      ['garch', 'Conditional volatility'],
      ['heston', 'Smile of maturity 2'],
    ] as const) {
      expect(seriesCharts(type, tables())).toContain(title);
    }
    const empty = new Rows().tables().map((table, i) => ({ ...table, decl: calibrate.tables[i]! }));
    expect(seriesCharts('gbm', empty)).toBe('');
  });
});
