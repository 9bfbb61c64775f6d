/** A unit of two simulated books: markets, trader and account, from the words of a spec to rows. */
import type { ChunkTask } from '../../contract/kind.js';
import { leadLag } from '../../core/fit/pairs/lead-lag.js';
import { poissonFlow } from '../../core/flow/poisson-flow.js';
import { BookTrader } from '../../core/pairs/book-trader.js';
import type { BacktestResult } from '../../core/pairs/backtest.js';
import type { Formation } from '../../core/pairs/formation.js';
import { PairSimulation } from '../../core/pairs/pair-simulation.js';
import { PairValues, tiedFlow } from '../../core/pairs/tied-flow.js';
import { PRICE } from '../../core/rng/names.js';
import { Stream } from '../../core/rng/stream.js';
import { GeneratedMarket } from '../../core/sim/generated-market.js';
import type { BooksSource, Spec, VenueSpec } from './spec.js';
import { formationRows, samplesOf } from './spec.js';
import { ruleOf, spreadUnits, type Rule } from './strategy.js';

/** Largest lag at which a lead is looked for, and points on each side. */
const MOST_LAG_S = 10;
const LAG_STEPS = 40;

export interface BookUnit {
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly formation: Formation;
  readonly rule: Rule | null;
  readonly result: BacktestResult;
  /** In the order of BOOK_COLUMNS. */
  readonly row: number[];
}

/** Called once a chunk; what it returns runs one unit after another, null when asked to stop. */
export function openBooks(task: ChunkTask<Spec>, source: BooksSource): (unit: number) => BookUnit | null {
  const { seed, control } = task;
  const values = new PairValues(source.durationS + source.warmupS);
  const stream = new Stream();
  const law = { ...source, sigmaTicksPerSqrtS: source.valueSigmaTicksPerSqrtS };
  const market = (venue: VenueSpec, moves: Float64Array): GeneratedMarket => {
    const informed = {
      ratePerS: source.informedRatePerS,
      edgeTicks: source.informedEdgeTicks,
      delayS: venue.informedDelayS,
    };
    const { startMidTicks } = venue;
    return new GeneratedMarket({
      flow: tiedFlow(poissonFlow(source.flow), informed, moves),
      startMidTicks,
      warmupS: source.warmupS,
    });
  };
  const markets = [market(source.venueY, values.y), market(source.venueX, values.x)] as const;
  return (unit) => {
    values.draw(law, stream.key(seed, unit, PRICE));
    for (const [leg, one] of markets.entries()) if (!one.start(seed, 2 * unit + leg, control)) return null;
    return runUnit(task, source, markets);
  };
}

function runUnit(
  { spec, control }: ChunkTask<Spec>,
  source: BooksSource,
  markets: readonly [GeneratedMarket, GeneratedMarket],
): BookUnit | null {
  const samples = samplesOf(source);
  const { venueX, venueY } = source;
  const sampleNs = Math.round(source.sampleS * 1e9);
  const pairOf = <T>(of: (venue: VenueSpec) => T): readonly [T, T] => [of(venueY), of(venueX)];
  const multiplier = [spec.legs.yMultiplier, spec.legs.xMultiplier] as const;
  let rule: Rule | null = null;
  const trader = new BookTrader({
    isLog: spec.pair.scale === 'log',
    hedge: spec.pair,
    samples,
    formationSamples: formationRows(spec, samples),
    tickSize: pairOf(({ tickSize }) => tickSize),
    multiplier,
    lots: source.lots,
    bandsOf: (formation, mids, spreads) =>
      (rule = ruleOf(spec, formation, costOf(spec, source, formation, mids, spreads), mids[0])),
    atOnce: spec.strategy.type === 'lead-lag',
    isHedged: spec.strategy.type !== 'lead-lag' || spec.strategy.isHedged,
  });
  const simulation = new PairSimulation(
    markets,
    {
      endNs: samples * sampleNs,
      sampleNs,
      makes: source.orders === 'make',
      slippageTicks: source.slippageTicks,
      orderNs: pairOf(({ orderNs }) => orderNs),
      feedNs: pairOf(({ feedNs }) => feedNs),
      makerBps: pairOf(({ makerBps }) => makerBps),
      takerBps: pairOf(({ takerBps }) => takerBps),
      tickMoney: [venueY.tickSize * multiplier[0], venueX.tickSize * multiplier[1]],
    },
    trader,
  );
  if (!simulation.run(control)) return null;
  if (trader.formation === null) {
    throw new Error(
      'Expected mids that move over the formation window; raise durationS, formationShare or the rates of flow.',
    );
  }
  const result = resultOf(trader, simulation);
  return { y: trader.y, x: trader.x, formation: trader.formation, rule, result, row: bookRow(simulation) };
}

/** A round trip of both legs in units of the spread: the mean spreads of the books, and fees. */
function costOf(
  spec: Spec,
  { orders, venueX, venueY }: BooksSource,
  formation: Formation,
  mids: readonly [number, number],
  spreads: readonly [number, number],
): number {
  const makes = orders === 'make';
  const sideY = makes
    ? (mids[0] * venueY.makerBps) / 10_000 - spreads[0] / 2
    : (mids[0] * venueY.takerBps) / 10_000 + spreads[0] / 2;
  const sideX = (mids[1] * venueX.takerBps) / 10_000 + spreads[1] / 2;
  return spreadUnits(spec, sideY, sideX, mids[0], mids[1], formation.hedgeRatio);
}

function resultOf(trader: BookTrader, simulation: PairSimulation): BacktestResult {
  const { pnl, series, trades, heldSamples } = trader;
  let [sum, squares, peak, maxDrawdown] = [0, 0, 0, 0];
  for (let k = 0; k < pnl.length; k++) {
    const move = k > 0 ? pnl[k]! - pnl[k - 1]! : 0;
    sum += move;
    squares += move * move;
    peak = Math.max(peak, pnl[k]!);
    maxDrawdown = Math.max(maxDrawdown, peak - pnl[k]!);
  }
  const last = pnl.at(-1) ?? 0;
  const costs = simulation.fees();
  const increments = [pnl.length - 1, sum, squares] as const;
  return { trades, series, pnl: last, costs, increments, maxDrawdown, held: heldSamples };
}

function bookRow(simulation: PairSimulation): number[] {
  const { desk, events, ledgers, legging, midTimesS, midsHalfTicks } = simulation;
  const fees = simulation.fees();
  const costs = legging.spreadCost + legging.leggingCost + legging.latencyCost;
  const [timesY, timesX] = midTimesS.map((times) => Float64Array.from(times));
  const [midsY, midsX] = midsHalfTicks.map((mids) => Float64Array.from(mids));
  const lead = leadLag(timesX!, midsX!, timesY!, midsY!, MOST_LAG_S, LAG_STEPS);
  const asymmetry = lead === null || lead.asymmetry === Infinity ? -1 : lead.asymmetry;
  return [
    events,
    desk.messages,
    fees,
    simulation.pnl() + fees + costs,
    legging.spreadCost,
    legging.leggingCost,
    legging.latencyCost,
    legging.unhedgedS,
    legging.unhedgedLotS,
    legging.maxUnhedgedLots,
    legging.partialFills,
    legging.rejected,
    ledgers[0].makerLots + ledgers[1].makerLots,
    ledgers[0].takerLots + ledgers[1].takerLots,
    legging.restedOrders,
    legging.queueAheadLots,
    legging.waitLotS,
    lead?.lag ?? 0,
    lead?.correlation ?? 0,
    asymmetry,
  ];
}
