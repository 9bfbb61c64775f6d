/** Errors that somebody could make, each in the place of the real model, and the lines that must turn red. */
import type { AlmgrenChrissModel } from '../../../src/core/agent/almgren-chriss.js';
import { restingHalfSpread } from '../../../src/core/agent/glft.js';
import { NIL, SELL, TIF_GTC } from '../../../src/core/book/codes.js';
import { Book } from '../../../src/core/book/book.js';
import type { OrderBook } from '../../../src/core/book/types.js';
import { PoissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { MODELS, type Models } from '../../../src/core/proof/models.js';
import { PLANTED_PRICES } from './planted-prices.js';
import { PLANTED_PAIRS } from './planted-pairs.js';
import { PLANTED_REGIMES } from './planted-regimes.js';

export interface Planted {
  readonly error: string;
  readonly models: Partial<Models>;
  /** Lines, as "V1 what", that must have a miss. */
  readonly turns: RegExp;
  /** Lines that may have one; no other line may. */
  readonly within: RegExp;
}

/** A book in which the newest order of a price stands first: what stood there goes back behind it. */
function lastInFirstOut(book: Book): OrderBook {
  /** Ids that ever rested at a price on a side, newest first. */
  const levels = new Map<string, number[]>();
  const limit = (id: number, side: number, priceTicks: number, lots: number, tif: number): number => {
    const key = `${priceTicks} ${side}`;
    const before = (levels.get(key) ?? []).filter(
      (other) => book.priceOf(other) === priceTicks && book.sideOf(other) === side,
    );
    const traded = book.limit(id, side, priceTicks, lots, tif);
    if (book.qtyOf(id) === 0) return traded;
    for (const other of before) book.limit(other, side, priceTicks, book.cancel(other), TIF_GTC);
    levels.set(key, [id, ...before]);
    return traded;
  };
  return instead(book, 'limit', limit);
}

/** The book with another function in the place of one of its own. */
function instead(book: Book, method: keyof OrderBook, replacement: unknown): OrderBook {
  return new Proxy<OrderBook>(book, {
    get(_, name) {
      if (name === method) return replacement;
      const value: unknown = Reflect.get(book, name, book);
      return typeof value === 'function' ? value.bind(book) : value;
    },
  });
}

/** A book that counts everybody at a price as standing before an order there. */
function blindToPlace(book: Book): OrderBook {
  return instead(book, 'queueAheadLots', (id: number) =>
    book.qtyOf(id) > 0 ? book.qtyAt(book.priceOf(id)) - book.qtyOf(id) : NIL,
  );
}

/** A book that tells the sender of a large market sale one lot more than it took. */
function tellsTooMuch(book: Book): OrderBook {
  return instead(
    book,
    'market',
    (id: number, side: number, lots: number) =>
      book.market(id, side, lots) + (side === SELL && lots > 8 ? 1 : 0),
  );
}

/** The model whose corrected eta is the eta of `model`. */
function withoutCorrection(model: AlmgrenChrissModel, intervals: number): AlmgrenChrissModel {
  return { ...model, eta: model.eta + (model.gamma * model.horizon) / intervals / 2 };
}

export const PLANTED: readonly Planted[] = [
  {
    error: 'fill probability 1 - exp(-lambda dt)',
    models: { fillProbability: (a, k, delta, dt) => 1 - Math.exp(-a * Math.exp(-k * delta) * dt) },
    turns: /^V1 gamma (0\.1|0\.01|1), (inventory|symmetric): profit, (1,000|10,000) runs/,
    within: /^V1 .*: (profit|sd of)/,
  },
  {
    error: 'half of the resting spread: (1 / gamma) ln(1 + gamma / k)',
    models: {
      totalSpread: (gamma, sigma, timeLeft, k) =>
        gamma * sigma * sigma * timeLeft + Math.log1p(gamma / k) / gamma,
    },
    turns: /^V1 .*: (average spread|profit)/,
    within: /^V1 /,
  },
  {
    error: 'a skew towards the inventory',
    models: {
      reservationPrice: (mid, q, gamma, sigma, timeLeft) => mid + q * gamma * sigma * sigma * timeLeft,
    },
    turns: /^V1 .*inventory: (sd of profit|sd of last inventory)/,
    within: /^V1 .*inventory: /,
  },
  {
    error: 'table 4 read without swapping its roles',
    models: { printedExecutionTable: (execution) => execution },
    turns: /^V2 table 4/,
    within: /^V2 table 4/,
  },
  {
    error: 'our own order may be cancelled too',
    models: {
      oddsOfExecution: ({ lambda, mu, theta }, size) =>
        MODELS.oddsOfExecution({ lambda, mu: mu + theta, theta }, size),
    },
    turns: /^V2 (table 4|proposition 5)/,
    within: /^V2 (table 4|proposition 5)/,
  },
  {
    error: 'cancels at one rate for the whole queue',
    models: { growthOdds: ({ lambda, mu, theta }) => lambda / (lambda + mu + theta) },
    turns: /^V2 (one step|a best queue of n grows)/,
    within: /^V2 (one step|a best queue of n grows)/,
  },
  {
    error: 'market orders at twice their rate, as if the rate of a side were that of the book',
    models: {
      createFlow: (rates, draws, firstId) =>
        new PoissonFlow({ ...rates, marketRatePerS: 2 * rates.marketRatePerS }, draws, firstId),
    },
    turns: /^V2 (a best queue of n grows)|^V5 spread x alpha/,
    within: /^V2 .*simulated|^V5 /,
  },
  {
    error: 'rates of the whole book taken for rates of a side: arrivals halved, cancels not',
    models: {
      zeroIntelligence: (market) =>
        MODELS.zeroIntelligence({
          ...market,
          alphaPerS: market.alphaPerS / 2,
          muPerS: market.muPerS / 2,
        }),
    },
    turns: /^V5 spread x alpha/,
    within: /^V5 /,
  },
  {
    error: 'cancels of the whole book instead of each order',
    models: {
      zeroIntelligence: (market) =>
        MODELS.zeroIntelligence({ ...market, deltaPerS: market.deltaPerS * market.deltaPerS }),
    },
    turns: /^V5 spread after doubling mu, alpha and delta/,
    within: /^V5 /,
  },
  {
    error: 'quotes of a maker without risk aversion: 1 / k instead of ln(1 + gamma / k) / gamma',
    models: {
      glftAsymptotic(model, q, out) {
        MODELS.glftAsymptotic(model, q, out);
        const change = 1 / model.intensityK - restingHalfSpread(model.gamma, model.intensityK);
        out[0]! += change;
        out[1]! += change;
      },
    },
    turns: /^V3 (distance that inventory does not move|spread, asymptotic)/,
    within: /^V3 (distance that inventory does not move|spread, asymptotic)/,
  },
  {
    error: 'bid and ask exchanged',
    models: {
      glftExact: (model, ladder, q, out) => MODELS.glftExact(model, ladder, -q, out),
      cjpQuotes: (model, ladder, q, out) => MODELS.cjpQuotes(model, ladder, -q, out),
    },
    turns: /^V3 (distance of the|gamma 2)|^V4 distance of the quotes at 5 lots/,
    within: /^V3 (distance of the|gamma 2)|^V4 distance of the quotes at 5 lots/,
  },
  {
    error: 'running and terminal penalty exchanged',
    models: {
      cjpLadder: (model, limit) =>
        MODELS.cjpLadder({ ...model, phi: model.terminalAlpha, terminalAlpha: model.phi }, limit),
    },
    turns: /^V4 /,
    within: /^V4 /,
  },
  {
    error: 'a compensator that counts every child, also those after the end of the sample',
    models: {
      hawkesLikelihood(stream, component, ends, parameters, gradient) {
        const [, alpha, beta] = parameters as unknown as [number, number, number];
        let late = 0;
        for (const time of stream.times) late += Math.exp(-beta * (stream.horizon - time));
        return MODELS.hawkesLikelihood(stream, component, ends, parameters, gradient) - (alpha / beta) * late;
      },
    },
    turns: /^V6 log-likelihood/,
    within: /^V6 log-likelihood/,
  },
  {
    error: 'events that excite at half the jump',
    models: {
      createHawkes: (baseline, branching, decay, draws) =>
        MODELS.createHawkes(
          baseline,
          branching.map((row) => row.map((children) => children / 2)),
          decay,
          draws,
        ),
    },
    turns: /^V6 (events|rate|variance|branching)/,
    within: /^V6 (events|rate|variance|branching)/,
  },
  {
    error: 'events that have half their children',
    models: {
      createUnivariateHawkes: (baseline, branching, decay, draws) =>
        MODELS.createUnivariateHawkes(baseline, branching / 2, decay, draws),
    },
    turns: /^V6 by clusters/,
    within: /^V6 by clusters/,
  },
  {
    error: 'a calibration that never looks for a change of regime',
    models: {
      findRegimes: (stream, fit) => ({
        changes: false,
        segmentEnds: Float64Array.of(stream.horizon),
        fit,
        gain: 0,
      }),
    },
    turns: /^V6 Poisson stream/,
    within: /^V6 Poisson stream/,
  },
  ...PLANTED_PRICES,
  {
    error: 'eta in the place of eta - gamma tau / 2',
    models: {
      urgency: (model, intervals) => MODELS.urgency(withoutCorrection(model, intervals), intervals),
      trajectory: (model, intervals, out) =>
        MODELS.trajectory(withoutCorrection(model, intervals), intervals, out),
    },
    turns: /^V10 (urgency|shares left|expected cost|standard deviation of cost)/,
    within: /^V10 /,
  },
  {
    error: 'price impact without its one half',
    models: {
      kyleEquilibrium: (variance, noiseSd) => ({
        ...MODELS.kyleEquilibrium(variance, noiseSd),
        lambda: Math.sqrt(variance) / noiseSd,
      }),
    },
    turns: /^V11 Kyle: price impact|^V11 Kyle, .*: (variance|insider's profit|dealer's profit)/,
    within: /^V11 Kyle/,
  },
  {
    error: 'a dealer that does not learn from the trade',
    models: { dealerQuotes: (prior, informed) => ({ ask: prior + informed / 4, bid: prior - informed / 4 }) },
    turns: /^V11 Glosten/,
    within: /^V11 Glosten/,
  },
  {
    error: 'last in, first out',
    models: { createBook: (options, sink) => lastInFirstOut(new Book(options, sink)) },
    turns: /^V12 .*: trades not with the oldest order/,
    within: /^V12 .*: (trades not with the oldest order|queue positions)/,
  },
  {
    error: 'a queue position that counts those behind',
    models: { createBook: (options, sink) => blindToPlace(new Book(options, sink)) },
    turns: /^V12 .*: queue positions/,
    within: /^V12 .*: queue positions/,
  },
  {
    error: 'a taker that is told a lot more than it got',
    models: { createBook: (options, sink) => tellsTooMuch(new Book(options, sink)) },
    turns: /^V12 .*: lots bought minus lots sold/,
    within: /^V12 .*: lots (bought|neither)/,
  },
  {
    error: 'a fee that is missing from the profit',
    models: { reportedPnl: (ledger) => ledger.pnlTickLots() + ledger.feesTickLots() },
    turns: /^V12 .*: (reported PnL|PnL minus)/,
    within: /^V12 .*: (reported PnL|PnL minus)/,
  },
  ...PLANTED_PAIRS,
  ...PLANTED_REGIMES,
];
