/** V10: selling a large position over days, by Almgren and Chriss. */
import type { AlmgrenChrissModel } from '../agent/almgren-chriss.js';
import { emptyMoments, meanErrorOf, momentsOf, sdErrorOf, sdOf } from '../price/moments.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';
import type { Sheet } from './sheet.js';

/** Prices in currency, time in days. */
const MODEL: AlmgrenChrissModel = {
  lambda: 1e-6,
  sigma: 0.95,
  epsilon: 0.0625,
  gamma: 2.5e-7,
  eta: 2.5e-6,
  horizon: 5,
};
const SHARES = 1e6;
const DAYS = 5;
const HOLDINGS = [1e6, 541_956, 289_854, 147_898, 62_142, 0];
const SALES = 100_000;

const SOURCE = 'exact: Almgren & Chriss 2000, section 2.2';

const schedule: Experiment = {
  lines: [
    { what: 'urgency kappa', unit: '1/day', source: SOURCE },
    {
      what: 'shares left after each day',
      unit: 'shares',
      source: SOURCE,
      cells: HOLDINGS.map((_, day) => `day ${day}`),
    },
    { what: 'expected cost', unit: 'currency', source: SOURCE },
    { what: 'standard deviation of cost', unit: 'currency', source: SOURCE },
  ],
  measure({ models }, sheet) {
    sheet.add(0, models.urgency(MODEL, DAYS), 0.607076, 5.1e-7);
    const parts = new Float64Array(DAYS + 1);
    models.trajectory(MODEL, DAYS, parts);
    sheet.addCells(
      1,
      parts.map((part) => part * SHARES),
      HOLDINGS,
      1,
    );
    const { mean, variance } = models.costOf(MODEL, SHARES, parts);
    sheet.add(2, mean, 911_227, 0.51);
    sheet.add(3, Math.sqrt(variance), 603_431, 0.51);
  },
};

const sold: Experiment = {
  lines: [
    { what: 'cost of 100,000 sales, mean', unit: 'currency', source: SOURCE },
    { what: 'cost of 100,000 sales, standard deviation', unit: 'currency', source: SOURCE },
  ],
  measure: playSales,
};

/**
 * Sells along the schedule in the paper's market: the price walks, each sale moves it, for a day and for
 * good.
 */
function playSales(bench: Bench, sheet: Sheet): void {
  const { sigma, epsilon, gamma, eta } = MODEL;
  const parts = new Float64Array(DAYS + 1);
  bench.models.trajectory(MODEL, DAYS, parts);
  const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
  const costs = new Float64Array(SALES);
  for (let sale = 0; sale < SALES; sale++) {
    // Price since the start: what was paid on the way is measured against it.
    let move = 0;
    let cost = 0;
    for (let day = 1; day <= DAYS; day++) {
      const shares = (parts[day - 1] - parts[day]) * SHARES;
      cost -= shares * (move - epsilon - eta * shares);
      move += sigma * stream.normal() - gamma * shares;
    }
    costs[sale] = cost;
  }
  const moments = emptyMoments();
  momentsOf(costs, SALES, moments);
  sheet.add(0, moments.mean, 911_227, 4 * meanErrorOf(moments));
  sheet.add(1, sdOf(moments), 603_431, 4 * sdErrorOf(moments));
}

export const V10: Check = {
  id: 'V10',
  title: 'Selling a large position',
  asks:
    'Does the execution strategy of Almgren and Chriss sell at the pace of their example, and does that cost what ' +
    'they say, with the risk that they say?',
  recipe:
    'A million shares within five days, daily volatility 0.95, half a spread of 0.0625, permanent impact 2.5e-7 ' +
    'and temporary impact 2.5e-6 per share, risk aversion 1e-6. The schedule is the one the strategy follows. Then ' +
    '100,000 sales are played along it in the market of the paper, where each sale lowers its own price by the ' +
    'temporary impact and all later ones by the permanent. The pace follows from the impact per trade with the ' +
    'permanent part of one interval taken off, eta - gamma tau / 2; with eta itself it comes out wrong.',
  papers: [
    'Almgren & Chriss, "Optimal execution of portfolio transactions", Journal of Risk 3(2), 5-39, 2000',
  ],
  tolerance:
    'Pace and cost are exact: half of the last digit. Holdings: one share, because the third is given as 147,898 ' +
    'and the formula has 147,897.488. Played sales: 4 standard errors of their mean and of their standard ' +
    'deviation.',
  experiments: [schedule, sold],
};
