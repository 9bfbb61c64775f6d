/**
 * V4: quotes and value of a market maker who pays for holding inventory, by Cartea, Jaimungal and Penalva.
 */
import type { CjpModel } from '../agent/cartea-jaimungal-penalva.js';
import type { Check, Experiment } from './check.js';

const MODEL: CjpModel = { lambda: 140, kappa: 1.5, phi: 0.01, terminalAlpha: 0.001 };
const HORIZON = 1;
const LIMIT = 100;
const ROUNDING = 5.1e-7;
const EXACT = 'exact: the linear system of section 10.2.1';

const quotes: Experiment = {
  lines: [
    { what: 'value h(0, 0) of making this market', unit: 'currency', source: EXACT },
    {
      what: 'distance of both quotes without inventory',
      unit: 'currency',
      source: EXACT,
      cells: ['bid', 'ask'],
    },
    { what: 'distance of the quotes at 5 lots', unit: 'currency', source: EXACT, cells: ['bid', 'ask'] },
  ],
  measure({ models }, sheet) {
    const ladder = models.cjpLadder(MODEL, LIMIT);
    ladder.advance(HORIZON);
    const out = new Float64Array(2);
    sheet.add(0, models.cjpValue(MODEL, ladder), 68.255835, ROUNDING);
    models.cjpQuotes(MODEL, ladder, 0, out);
    sheet.addCells(1, out, [0.672137, 0.672137], ROUNDING);
    models.cjpQuotes(MODEL, ladder, 5, out);
    sheet.addCells(2, out, [0.726824, 0.617442], ROUNDING);
  },
};

export const V4: Check = {
  id: 'V4',
  title: 'Quotes of a maker who pays for inventory',
  asks:
    'Do the quotes of the strategy of Cartea, Jaimungal and Penalva, and the worth that it gives to making the ' +
    'market, agree with independent solutions of its equations?',
  recipe:
    'lambda 140, kappa 1.5, running penalty 0.01, terminal penalty 0.001, horizon 1, at most 100 lots. Value and ' +
    'quotes at 0 and 5 lots are read from the ladder that the strategy uses.',
  papers: [
    'Cartea, Jaimungal & Penalva, "Algorithmic and High-Frequency Trading", Cambridge University Press, 2015, section 10.2',
  ],
  tolerance: 'Nothing is random: half of the last decimal of the expected value.',
  experiments: [quotes],
};
