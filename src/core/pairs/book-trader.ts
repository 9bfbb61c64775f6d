/**
 * What decides for a pair of books: forms the pair on its first samples of both mids, then trades the spread.
 *
 * The same formation and the same rule as over bars (formation.ts, rule.ts), fed with mids as the trader sees
 * them. A strategy decides at every sample; lead-lag decides whenever best prices arrive, because what it is
 * after is gone by the next sample, and by the price that it would get, not the mid. In the last fiftieth of
 * the samples everything is closed.
 */
import { log } from '../math/log.js';
import { NIL } from '../sim/market.js';
import { SERIES_COLUMNS, type BacktestOptions, type TradeRow } from './backtest.js';
import { formPair, type Formation, type HedgeOptions } from './formation.js';
import { LEG_X, LEG_Y } from './pair-desk.js';
import type { PairBrain, PairSimulation } from './pair-simulation.js';
import { BY_END, LONG, SpreadRule, STAY } from './rule.js';

const CLOSING_SHARE = 0.02;

export type SpreadBands = Pick<BacktestOptions, 'levels' | 'centre' | 'unit' | 'window'>;

export interface BookTraderOptions {
  readonly isLog: boolean;
  readonly hedge: HedgeOptions;
  readonly samples: number;
  readonly formationSamples: number;
  /** Currency of a tick, and units of a lot, by leg. */
  readonly tickSize: readonly [number, number];
  readonly multiplier: readonly [number, number];
  /** Lots of y in a position. */
  readonly lots: number;
  /**
   * Bands for a formed pair, null where there are none; spreads are the mean ones of the books [currency].
   */
  bandsOf(
    formation: Formation,
    mids: readonly [number, number],
    spreads: readonly [number, number],
  ): SpreadBands | null;
  /** Decides whenever best prices arrive, on the line as it was formed. */
  readonly atOnce: boolean;
  /** Whether x hedges y. */
  readonly isHedged: boolean;
}

export class BookTrader implements PairBrain {
  formation: Formation | null = null;
  bands: SpreadBands | null = null;
  readonly trades: TradeRow[] = [];
  /** One array for each of SERIES_COLUMNS over the traded samples. */
  readonly series: Float64Array[];
  /** Mids by sample, in currency. */
  readonly y: Float64Array;
  readonly x: Float64Array;
  /** PnL of the traded samples. */
  readonly pnl: Float64Array;
  heldSamples = 0;
  declare private readonly options: BookTraderOptions;
  private rule: SpreadRule | null = null;
  private readonly spreads: Float64Array;
  private readonly meanSpread: [number, number] = [0, 0];
  private wanted = STAY;
  private sample = 0;
  private open: TradeRow | null = null;
  private readonly place = { centre: 0, unit: 0 };

  constructor(options: BookTraderOptions) {
    this.options = options;
    const { samples, formationSamples } = options;
    this.y = new Float64Array(samples);
    this.x = new Float64Array(samples);
    this.spreads = new Float64Array(samples);
    this.series = SERIES_COLUMNS.map(() => new Float64Array(samples - formationSamples));
    this.pnl = new Float64Array(samples - formationSamples);
  }

  onSample(simulation: PairSimulation, sample: number): void {
    const { formationSamples, samples, tickSize } = this.options;
    if (sample >= samples) return;
    this.sample = sample;
    const { desk } = simulation;
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      const mids = leg === LEG_Y ? this.y : this.x;
      const [bid, ask] = [desk.bidTicks[leg], desk.askTicks[leg]];
      const known = bid !== NIL && ask !== NIL;
      mids[sample] = known ? ((bid + ask) / 2) * tickSize[leg] : sample > 0 ? mids[sample - 1] : 0;
      if (known && sample < formationSamples) {
        this.meanSpread[leg] += ((ask - bid) * tickSize[leg]) / formationSamples;
      }
    }
    if (sample < formationSamples) {
      if (sample === formationSamples - 1) this.form();
      return;
    }
    this.follow(simulation, sample);
  }

  onFeed(simulation: PairSimulation): void {
    const { options, formation, rule, place } = this;
    if (!options.atOnce || formation === null || rule === null || this.isClosing()) return;
    const { askTicks, bidTicks } = simulation.desk;
    for (let leg = LEG_Y; leg <= LEG_X; leg++) if (bidTicks[leg] === NIL || askTicks[leg] === NIL) return;
    const [tickY, tickX] = options.tickSize;
    const midX = ((bidTicks[LEG_X] + askTicks[LEG_X]) / 2) * tickX;
    const { intercept, hedgeRatio } = formation.follower;
    const told = intercept + hedgeRatio * this.scaled(midX) + place.centre;
    // What is offered below, or bid above, what x says of y; nothing while the quotes of y lie round it.
    const [below, above] = [
      this.scaled(askTicks[LEG_Y] * tickY) - told,
      this.scaled(bidTicks[LEG_Y] * tickY) - told,
    ];
    const distance = below < 0 ? below : above > 0 ? above : 0;
    const next = rule.next(distance / place.unit);
    if (next !== this.wanted) this.decide(simulation, next, distance + place.centre, rule.reason);
  }

  private isClosing(): boolean {
    const { formationSamples, samples } = this.options;
    return this.sample >= samples - 1 - Math.ceil(CLOSING_SHARE * (samples - formationSamples));
  }

  private scaled(price: number): number {
    return this.options.isLog ? log(price) : price;
  }

  private form(): void {
    const { formationSamples: rows, hedge } = this.options;
    // Before the first word of both sides of a book its mid is not known: the first one stands in.
    for (const mids of [this.y, this.x]) {
      const first = mids.findIndex((mid) => mid > 0);
      if (first > 0) mids.fill(mids[first], 0, first);
    }
    const [y, x] = [this.y, this.x].map((mids) =>
      this.options.isLog ? mids.subarray(0, rows).map(log) : mids.slice(0, rows),
    );
    this.formation = formPair(y, x, hedge);
    if (this.formation === null) return;
    const { spread } = this.formation;
    this.spreads.set(spread, rows - spread.length);
    const mids = [this.y[rows - 1], this.x[rows - 1]] as const;
    this.bands = this.options.bandsOf(this.formation, mids, this.meanSpread);
    if (this.bands === null) return;
    this.rule = new SpreadRule(this.bands.levels);
    this.place.centre = this.bands.centre;
    this.place.unit = this.bands.unit;
  }

  private follow(simulation: PairSimulation, sample: number): void {
    const { formation, rule, bands, place, options } = this;
    let spread = 0;
    if (formation !== null) {
      spread = formation.follower.next(this.scaled(this.y[sample]), this.scaled(this.x[sample]));
      this.spreads[sample] = spread;
    }
    if (bands !== null && bands.window > 1) this.lookBack(sample, bands.window);
    if (this.isClosing()) {
      if (this.wanted !== STAY) this.decide(simulation, STAY, spread, BY_END);
    } else if (rule !== null && !options.atOnce && place.unit > 0) {
      const next = rule.next((spread - place.centre) / place.unit);
      if (next !== this.wanted) this.decide(simulation, next, spread, rule.reason);
    }
    this.record(simulation, sample, spread);
  }

  private record(simulation: PairSimulation, sample: number, spread: number): void {
    const k = sample - this.options.formationSamples;
    const pnl = simulation.pnl();
    this.pnl[k] = pnl;
    const [lotsY, lotsX] = simulation.ledgers.map(({ inventoryLots }) => inventoryLots);
    if (lotsY !== 0 || lotsX !== 0) this.heldSamples++;
    const { centre, unit } = this.place;
    const reach = (this.bands?.levels.entry ?? 0) * unit;
    const row = [sample, this.y[sample], this.x[sample], spread, centre, centre + reach, centre - reach];
    [...row, lotsY, lotsX, pnl].forEach((value, c) => (this.series[c][k] = value));
    if (sample === this.options.samples - 1 && this.open !== null) this.settle(simulation, this.open);
  }

  private lookBack(sample: number, window: number): void {
    const { place, spreads } = this;
    let mean = 0;
    for (let i = sample - window + 1; i <= sample; i++) mean += spreads[i] / window;
    let sum = 0;
    for (let i = sample - window + 1; i <= sample; i++) sum += (spreads[i] - mean) * (spreads[i] - mean);
    place.centre = mean;
    place.unit = Math.sqrt(sum / (window - 1));
  }

  private decide(simulation: PairSimulation, wanted: number, spread: number, reason: number): void {
    const { desk } = simulation;
    const { lots, isHedged } = this.options;
    if (this.wanted !== STAY && this.open !== null) {
      this.open.exitObs = this.sample;
      this.open.exitSpread = spread;
      this.open.reason = reason;
    }
    if (wanted !== STAY) {
      if (this.open !== null) this.settle(simulation, this.open);
      desk.hedgePerY = isHedged ? -this.hedgeLots() : 0;
      const signed = wanted === LONG ? lots : -lots;
      const lotsX = Math.round(desk.hedgePerY * signed) + 0;
      this.open = {
        direction: wanted,
        entryObs: this.sample,
        exitObs: this.sample,
        entrySpread: spread,
        exitSpread: spread,
        lotsY: signed,
        lotsX,
        hedgeError: (lotsX - desk.hedgePerY * signed) * this.x[this.sample] * this.options.multiplier[LEG_X],
        gross: -simulation.pnl() - simulation.fees(),
        costs: -simulation.fees(),
        pnl: 0,
        reason: BY_END,
      };
    }
    this.wanted = wanted;
    desk.wantedY = wanted === STAY ? 0 : wanted === LONG ? lots : -lots;
    simulation.decided();
  }

  /** Lots of x that hedge one of y at the present prices. */
  private hedgeLots(): number {
    const { isLog, multiplier } = this.options;
    const ratio = this.formation?.follower.hedgeRatio ?? 0;
    const [unitY, unitX] = isLog
      ? [this.y[this.sample] * multiplier[LEG_Y], this.x[this.sample] * multiplier[LEG_X]]
      : multiplier;
    return (ratio * unitY) / unitX;
  }

  /** A position earns what the account does from its decision to the next one that opens, or to the end. */
  private settle(simulation: PairSimulation, trade: TradeRow): void {
    trade.costs += simulation.fees();
    trade.gross += simulation.pnl() + simulation.fees();
    trade.pnl = trade.gross - trade.costs;
    this.trades.push(trade);
    this.open = null;
  }
}
