/**
 * V5: the spread of a zero-intelligence book, by Smith, Farmer, Gillemot and Krishnamurthy and its
 * successors.
 */
import { Book } from '../book/book.js';
import { NIL } from '../book/codes.js';
import { Draws } from '../flow/draws.js';
import type { ZeroIntelligence } from '../flow/zero-intelligence.js';
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';
import type { Sheet } from './sheet.js';

/** Ticks in mu / alpha, the unit of length of the model: a tick is a hundredth of it, so near to none. */
const TICKS_PER_LENGTH = 100;
/**
 * Limit orders reach so many ticks behind the opposite best; half as many change no digit that is checked.
 */
const REACH_TICKS = 500;
const MARKET = { windowTicks: REACH_TICKS, orderSize: { type: 'constant', lots: 1 } } as const;
const BATCHES = 40;
const EVENTS_PER_BATCH = 50_000;
const WARM_UP_EVENTS = 200_000;

/** f(eps) = 0.28 + 1.86 eps^(3/4), of Farmer, Patelli and Zovko, equation 1; eps > 0. */
export function printedSpread(eps: number): number {
  return 0.28 + 1.86 * exp(0.75 * log(eps));
}

type Rates = Pick<ZeroIntelligence, 'alphaPerS' | 'muPerS' | 'deltaPerS'>;

interface MeanSpread {
  readonly ticks: number;
  readonly error: number;
}

/** Time-weighted mean spread in ticks, with the standard error of its batch means. */
function meanSpread(bench: Bench, run: number, rates: Rates): MeanSpread {
  const draws = new Draws(new Stream());
  draws.key(bench.seed, bench.streamUnit(run), FLOW);
  const flow = bench.models.createFlow(bench.models.zeroIntelligence({ ...MARKET, ...rates }), draws, 0);
  const book = new Book(
    { ticks: 4096, orders: 1024, ids: 2048 },
    { onTrade: (makerId, _takerId, _price, lots) => flow.fill(makerId, lots) },
  );
  flow.seed(book, 100_000);
  for (let event = 0; event < WARM_UP_EVENTS; event++) flow.step(book, book.bestBidTicks, book.bestAskTicks);
  const means = new Float64Array(BATCHES);
  let spread = 0;
  for (let batch = 0; batch < BATCHES && !bench.stopped(); batch++) {
    const startNs = flow.nextNs();
    let area = 0;
    for (let event = 0; event < EVENTS_PER_BATCH; event++) {
      const tNs = flow.nextNs();
      flow.step(book, book.bestBidTicks, book.bestAskTicks);
      // While a side is empty the last spread stands.
      if (book.bestBidTicks !== NIL && book.bestAskTicks !== NIL)
        spread = book.bestAskTicks - book.bestBidTicks;
      area += spread * (flow.nextNs() - tNs);
    }
    means[batch] = area / (flow.nextNs() - startNs);
  }
  let sum = 0;
  for (const mean of means) sum += mean;
  const ticks = sum / BATCHES;
  let squares = 0;
  for (const mean of means) squares += (mean - ticks) * (mean - ticks);
  return { ticks, error: Math.sqrt(squares / (BATCHES * (BATCHES - 1))) };
}

const base = (eps: number): Rates => ({ alphaPerS: 1 / TICKS_PER_LENGTH, muPerS: 1, deltaPerS: eps });

const LAW = 'Farmer, Patelli & Zovko 2005, equation 1, printed';

function constantAt(eps: number): Experiment {
  return {
    lines: [{ what: `spread x alpha / mu at eps ${eps}`, unit: '1', source: LAW }],
    measure(bench, sheet) {
      const { ticks } = meanSpread(bench, 0, base(eps));
      const expected = printedSpread(eps);
      sheet.add(0, ticks / TICKS_PER_LENGTH, expected, 0.15 * expected);
    },
  };
}

const scaling: Experiment = {
  lines: [
    {
      what: 'spread after doubling mu, alpha and delta, as a ratio',
      unit: '1',
      source: 'exact: a change of clock',
    },
    {
      what: 'spread after doubling mu and delta, as a ratio',
      unit: '1',
      source: 'exact as the tick goes to 0',
    },
  ],
  measure(bench: Bench, sheet: Sheet): void {
    const { alphaPerS: alpha, muPerS: mu, deltaPerS: delta } = base(0.1);
    const one = meanSpread(bench, 0, { alphaPerS: alpha, muPerS: mu, deltaPerS: delta });
    const faster = meanSpread(bench, 1, { alphaPerS: 2 * alpha, muPerS: 2 * mu, deltaPerS: 2 * delta });
    const wider = meanSpread(bench, 2, { alphaPerS: alpha, muPerS: 2 * mu, deltaPerS: 2 * delta });
    const ratio = (line: number, other: MeanSpread, expected: number, coarseness: number): void => {
      const got = other.ticks / one.ticks;
      const a = other.error / other.ticks;
      const b = one.error / one.ticks;
      sheet.add(line, got, expected, 4 * got * Math.sqrt(a * a + b * b) + coarseness);
    };
    ratio(0, faster, 1, 0);
    // The smaller spread counts in ticks that are twice as coarse: at most one of them, relative to the
    // spread.
    ratio(1, wider, 2, 2 / one.ticks);
  },
};

export const V5: Check = {
  id: 'V5',
  title: 'The spread of a zero-intelligence market',
  asks:
    'If orders arrive wholly at random, does the book find the spread that the zero-intelligence model predicts ' +
    'from order rates alone, and does it scale with them as the units demand?',
  recipe:
    'Per side, one-lot limit orders arrive uniformly over 500 ticks behind the opposite best price (alpha each ' +
    'tick), market orders at rate mu, and every resting order is cancelled at rate delta; mu / alpha is 100 ticks, ' +
    'so that the tick hardly counts. The mean spread is taken over time, 2,000,000 events after a warm-up. ' +
    'Doubling all three rates is a change of clock and must change nothing; doubling mu and delta doubles the ' +
    'length mu / alpha at the same eps = delta / mu, so the spread must double. Then the printed law (mu / alpha) ' +
    '(0.28 + 1.86 eps^(3/4)) is compared at eps 0.1 and 0.2. All rates are per side: read as rates of the whole ' +
    'book they give another eps.',
  papers: [
    'Smith, Farmer, Gillemot & Krishnamurthy, "Statistical theory of the continuous double auction", Quantitative Finance 3(6), 481-514, 2003',
    'Farmer, Patelli & Zovko, "The predictive power of zero intelligence in financial markets", PNAS 102(6), 2254-2259, 2005',
  ],
  tolerance:
    'Ratios: 4 standard errors of both runs, by batch means; where the tick matters, one tick more. The printed law ' +
    'is a fit to a mean-field theory, and 15 % are allowed. It is not exact: in this simulation the spread ' +
    'follows 0.41 + 1.22 eps^(3/4) closely from eps 0.005 to 1, whatever the tick and the reach, so that the law ' +
    'holds within 15 % between about 0.06 and 0.35, is 31 % low at eps 0.02 and 18 % high at 0.5.',
  experiments: [scaling, constantAt(0.1), constantAt(0.2)],
};
