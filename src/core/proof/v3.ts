/** V3: optimal quotes with inventory limits by Gueant, Lehalle and Fernandez-Tapia. */
import type { GlftModel } from '../agent/glft.js';
import type { Check, Experiment } from './check.js';

const MODEL: GlftModel = { gamma: 0.01, sigma: 0.3, intensityA: 0.9, intensityK: 0.3 };
const HORIZON = 600;
const LIMIT = 30;
/** Distance of the bid from the mid at the start, by inventory; the ask at -q has the same. */
const BIDS: readonly (readonly [q: number, distance: number])[] = [
  [-10, 2.632802],
  [-5, 2.972522],
  [-1, 3.244919],
  [0, 3.313045],
  [1, 3.381168],
  [5, 3.653479],
  [10, 3.992933],
];
/** Half of the last of six decimals, and rounding. */
const ROUNDING = 5.1e-7;
/** Where an eigen-decomposition loses its signs. */
const STEEP: GlftModel = { ...MODEL, gamma: 2 };

const EXACT = 'exact: the linear system of proposition 1';
const CLOSED = 'exact: closed form of section 4';
const cells = BIDS.map(([q]) => `inventory ${q}`);

const quotes: Experiment = {
  lines: [
    { what: 'distance of the bid, exact', unit: 'ticks', source: EXACT, cells },
    { what: 'distance of the ask at the opposite inventory, exact', unit: 'ticks', source: EXACT, cells },
    { what: 'spread without inventory, exact', unit: 'ticks', source: EXACT },
    { what: 'distance that inventory does not move', unit: 'ticks', source: CLOSED },
    { what: 'shift of both quotes by one lot, asymptotic', unit: 'ticks', source: CLOSED },
    { what: 'spread, asymptotic', unit: 'ticks', source: CLOSED },
  ],
  measure({ models }, sheet) {
    const ladder = models.glftLadder(MODEL, LIMIT);
    ladder.advance(HORIZON);
    const out = new Float64Array(2);
    BIDS.forEach(([q, distance], cell) => {
      models.glftExact(MODEL, ladder, q, out);
      sheet.add(0, out[0], distance, ROUNDING, cell);
      models.glftExact(MODEL, ladder, -q, out);
      sheet.add(1, out[1], distance, ROUNDING, cell);
    });
    models.glftExact(MODEL, ladder, 0, out);
    sheet.add(2, out[0] + out[1], 6.626091, ROUNDING);
    models.glftAsymptotic(MODEL, 0, out);
    const spread = out[0] + out[1];
    const bid = out[0];
    models.glftAsymptotic(MODEL, 1, out);
    const shift = out[0] - bid;
    sheet.add(3, bid - shift / 2, 3.278982, ROUNDING);
    sheet.add(4, shift, 0.0678658, 5.1e-8);
    sheet.add(5, spread, 6.62583, ROUNDING);
  },
};

const steep: Experiment = {
  lines: [
    {
      what: 'gamma 2: inventories at which the bid does not lie further off than one lot before',
      unit: '1',
      source: 'exact: more inventory, lower bid',
    },
  ],
  measure({ models }, sheet) {
    const ladder = models.glftLadder(STEEP, LIMIT);
    ladder.advance(HORIZON);
    const out = new Float64Array(2);
    let wrong = 0;
    let before = -Infinity;
    for (let q = -LIMIT; q < LIMIT; q++) {
      models.glftExact(STEEP, ladder, q, out);
      if (!(out[0] > before && out[0] < Infinity)) wrong++;
      before = out[0];
    }
    sheet.add(0, wrong, 0, 0);
  },
};

export const V3: Check = {
  id: 'V3',
  title: 'Optimal quotes under an inventory limit',
  asks:
    'Do the quotes of the strategy of Gueant, Lehalle and Fernandez-Tapia, which finds the best distances for ' +
    'every inventory by solving a linear system, agree with independent solutions of that system, and its ' +
    'approximation with its closed form?',
  recipe:
    'sigma 0.3, A 0.9, k 0.3, gamma 0.01, 600 seconds, at most 30 lots. Bid and ask at seven inventories are ' +
    'read from the ladder that the strategy uses; the asymptotic ones from its formula. At gamma 2 the values of ' +
    'the system span hundreds of orders of magnitude, where an eigen-decomposition loses signs: there each bid ' +
    'must still lie further off than at one lot less.',
  papers: [
    'Gueant, Lehalle & Fernandez-Tapia, "Dealing with the inventory risk: a solution to the market making problem", Mathematics and Financial Economics 7, 477-507, 2013 (arXiv 1105.3115)',
  ],
  tolerance: 'Nothing is random: half of the last decimal of the expected value.',
  experiments: [quotes, steep],
};
