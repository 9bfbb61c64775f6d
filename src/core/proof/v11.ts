/** V11: the price impact of Kyle and the spread of Glosten and Milgrom, in closed form and played out. */
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';

const VALUE_VARIANCE = 4;
const NOISE_SD = 2;
const AUCTIONS = 200_000;
const TRADES = 400_000;
const SHARES = [0.2, 0.5, 0.8];
/** Closed forms: what rounding of a few operations leaves. */
const ROUNDING = 1e-12;

const KYLE = 'exact: Kyle 1985, theorem 1';

const kyleForms: Experiment = {
  lines: [
    { what: 'Kyle: price impact lambda', unit: 'currency/lot', source: KYLE },
    { what: "Kyle: insider's intensity beta", unit: 'lots/currency', source: KYLE },
    { what: 'Kyle: variance left after the auction', unit: 'currency^2', source: KYLE },
  ],
  measure({ models }, sheet) {
    const { lambda, beta, posteriorVariance } = models.kyleEquilibrium(VALUE_VARIANCE, NOISE_SD);
    sheet.add(0, lambda, 0.5, ROUNDING);
    sheet.add(1, beta, 1, ROUNDING);
    sheet.add(2, posteriorVariance, 2, ROUNDING);
  },
};

const kylePlayed: Experiment = {
  lines: [
    { what: 'Kyle, 200,000 auctions: regression of value on flow', unit: 'currency/lot', source: KYLE },
    { what: 'Kyle, 200,000 auctions: variance around the price', unit: 'currency^2', source: KYLE },
    { what: "Kyle, 200,000 auctions: insider's profit", unit: 'currency', source: 'exact: sd x noise / 2' },
    { what: "Kyle, 200,000 auctions: dealer's profit", unit: 'currency', source: 'exact: 0' },
  ],
  measure: playKyle,
};

function playKyle(bench: Bench, sheet: Parameters<Experiment['measure']>[1]): void {
  const { lambda, beta } = bench.models.kyleEquilibrium(VALUE_VARIANCE, NOISE_SD);
  const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
  const valueSd = Math.sqrt(VALUE_VARIANCE);
  let [flowSquares, products, errors, errors4] = [0, 0, 0, 0];
  let [insider, insider2, dealer, dealer2] = [0, 0, 0, 0];
  for (let auction = 0; auction < AUCTIONS; auction++) {
    const value = valueSd * stream.normal();
    const order = beta * value;
    const flow = order + NOISE_SD * stream.normal();
    const miss = value - lambda * flow;
    flowSquares += flow * flow;
    products += flow * value;
    errors += miss * miss;
    errors4 += miss * miss * miss * miss;
    insider += order * miss;
    insider2 += order * miss * order * miss;
    dealer -= flow * miss;
    dealer2 += flow * miss * flow * miss;
  }
  const error = (sum: number, squares: number): number =>
    Math.sqrt((squares / AUCTIONS - (sum / AUCTIONS) * (sum / AUCTIONS)) / AUCTIONS);
  sheet.add(0, products / flowSquares, 0.5, 4 * Math.sqrt(errors / AUCTIONS / flowSquares));
  sheet.add(1, errors / AUCTIONS, 2, 4 * error(errors, errors4));
  sheet.add(2, insider / AUCTIONS, 2, 4 * error(insider, insider2));
  sheet.add(3, dealer / AUCTIONS, 0, 4 * error(dealer, dealer2));
}

const GLOSTEN_MILGROM = 'exact: Glosten & Milgrom 1985';

function dealer(informed: number): Experiment {
  return {
    lines: [
      {
        what: `Glosten-Milgrom, informed ${informed}: ask (1 + m) / 2`,
        unit: 'currency',
        source: GLOSTEN_MILGROM,
      },
      {
        what: `Glosten-Milgrom, informed ${informed}: bid (1 - m) / 2`,
        unit: 'currency',
        source: GLOSTEN_MILGROM,
      },
      {
        what: `Glosten-Milgrom, informed ${informed}, 400,000 trades: dealer's profit`,
        unit: 'currency',
        source: 'exact: 0',
      },
    ],
    measure(bench, sheet) {
      const { bid, ask } = bench.models.dealerQuotes(0.5, informed);
      sheet.add(0, ask, (1 + informed) / 2, ROUNDING);
      sheet.add(1, bid, (1 - informed) / 2, ROUNDING);
      const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
      let [sum, squares] = [0, 0];
      for (let trade = 0; trade < TRADES; trade++) {
        const value = stream.i32() < 0 ? 0 : 1;
        const buys = stream.uniform() < informed ? value === 1 : stream.i32() < 0;
        const profit = buys ? ask - value : value - bid;
        sum += profit;
        squares += profit * profit;
      }
      sheet.add(2, sum / TRADES, 0, (4 * Math.sqrt(squares)) / TRADES);
    },
  };
}

export const V11: Check = {
  id: 'V11',
  title: 'What information costs',
  asks:
    'Do the two classical models of trading against somebody who knows more come out: the price impact of one ' +
    'auction with an insider, and the spread by which a dealer protects itself?',
  recipe:
    'Kyle: the value has variance 4, noise trading standard deviation 2, the insider orders beta x value, the ' +
    'price is lambda x total order flow. The closed form gives lambda 0.5, beta 1, and leaves a variance of 2; then ' +
    '200,000 auctions are played, in which the regression of the value on the flow must give lambda back. ' +
    'Glosten-Milgrom: the value is 0 or 1, a share m of the traders knows it, the others toss a coin; quotes follow ' +
    "from Bayes' rule and must be (1 + m) / 2 and (1 - m) / 2, and the dealer must come out even over 400,000 trades.",
  papers: [
    'Kyle, "Continuous auctions and insider trading", Econometrica 53(6), 1315-1335, 1985',
    'Glosten & Milgrom, "Bid, ask and transaction prices in a specialist market with heterogeneously informed traders", Journal of Financial Economics 14(1), 71-100, 1985',
  ],
  tolerance:
    'Closed forms must agree to 1e-12, which is rounding. Played markets must meet them within 4 of their own ' +
    'standard errors.',
  experiments: [kyleForms, kylePlayed, ...SHARES.map(dealer)],
};
