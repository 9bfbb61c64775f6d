/**
 * One run: a market, one trader, and the wire between them, in the order of time.
 *
 * Four sources of events are merged by time: the market itself, orders that reach the exchange, news that
 * reaches the trader, and the trader's timer; at equal times in this order. The ledger books fills at the
 * exchange, when they happen; the trader hears of them, of cancels, of refusals and of new best prices
 * one feed latency later. Because messages of one direction arrive in the order in which they were sent,
 * each is a ring (message-ring.ts; latency.ts where delays vary) and no heap is needed: O(1) per event and
 * no allocation. Measurements that fall due see the state before the event.
 */
import { NEEDS_SIZES, NEEDS_TRADES, type Quoter } from '../agent/quoter.js';
import * as codes from '../book/codes.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../control.js';
import { Ledger } from '../ledger/ledger.js';
import { TieredLedger, type FeeSchedule } from '../ledger/tiered-ledger.js';
import { RunMetrics } from '../metrics/run-metrics.js';
import type { FillSink, Market } from './market.js';
import { MessageRing } from './message-ring.js';
import type { RunWitness } from './recorder.js';
import type { LimitOptions } from './trader-limits.js';
import * as trading from './trader.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL, TIF_IOC, TIF_POST_ONLY } = codes;
const { CANCEL, PLACE_BUY, TAKE_BUY } = trading;

/** Words of messages to the trader: [what, ...]. */
const NEWS_BEST = 0;
const NEWS_FILL = 1;
const NEWS_CANCELLED = 2;
const NEWS_REJECTED = 3;
const NEWS_TRADE = 4;
const NEWS_SIZES = 5;

export interface SimulationOptions extends LimitOptions {
  /** The run lasts from 0 to endNs; events at endNs belong to it. */
  readonly endNs: number;
  readonly orderLatencyNs: number;
  readonly feedLatencyNs: number;
  /** Connections with latencies of their own (latency.ts), which come on top of the two constants above. */
  readonly wires?: Wires;
  readonly makerBps: number;
  readonly takerBps: number;
  /** Takes the place of the two above. */
  readonly fees?: FeeSchedule;
  readonly maxInventoryLots: number;
  readonly requoteNs: number;
  readonly onFeedChange: boolean;
  /** Interval of the PnL increments. */
  readonly samplingNs: number;
  /** Delay of the adverse-selection measure. */
  readonly adverseNs: number;
}

/** Both directions between trader and exchange, with nothing under way. */
export interface Wires {
  readonly toExchange: MessageRing;
  readonly toTrader: MessageRing;
}

export class Simulation implements FillSink {
  declare readonly ledger: Ledger;
  declare readonly metrics: RunMetrics;
  /** Present time in ns; one cell, so that no call has to pass (and box) it. */
  readonly clock = new Float64Array(1);
  /** Events of all four sources. */
  events = 0;

  declare private readonly market: Market;
  declare private readonly options: SimulationOptions;
  declare private readonly recorder: RunWitness | null;
  declare private readonly toExchange: MessageRing;
  declare private readonly toTrader: MessageRing;
  declare readonly trader: trading.Trader;
  private readonly own = {
    id: new Int32Array([NIL, NIL]),
    priceTicks: new Int32Array([NIL, NIL]),
  };
  private readonly ownLots = new Int32Array(trading.MAX_OWN_ORDERS);
  /** When each own order came to rest. */
  private readonly restedNs = new Float64Array(trading.MAX_OWN_ORDERS);
  private bidTicks = NIL;
  private askTicks = NIL;
  /** Whether the trader was told of a fill, a trade or new sizes since the last look. */
  private filled = false;
  /** The own order that trades as a taker just now, NIL when none does. */
  private takingId = NIL;
  /** Immediate-or-cancel orders that reached the market, and their lots. */
  takerOrders = 0;
  takerLotsSent = 0;
  declare private readonly needsSizes: boolean;
  declare private readonly needsTrades: boolean;
  private readonly bestTicks = new Int32Array(1);
  private readonly bestLots = new Int32Array(2);
  private readonly seenLots = new Int32Array(1);

  /** The market must stand at time 0. `recorder` is null where nobody will look at the run. */
  constructor(market: Market, quoter: Quoter, options: SimulationOptions, recorder: RunWitness | null) {
    this.market = market;
    this.options = options;
    this.recorder = recorder;
    this.toExchange = options.wires?.toExchange ?? new MessageRing();
    this.toTrader = options.wires?.toTrader ?? new MessageRing();
    const { fees, makerBps, takerBps } = options;
    this.ledger = fees ? new TieredLedger(fees) : new Ledger(makerBps, takerBps);
    this.metrics = new RunMetrics(options.samplingNs, options.adverseNs);
    this.trader = new trading.Trader(quoter, options, this.toExchange, this.clock);
    const needs = quoter.needs ?? 0;
    this.needsSizes = (needs & NEEDS_SIZES) !== 0;
    this.needsTrades = (needs & NEEDS_TRADES) !== 0;
    this.look();
  }

  /**
   * Runs to the end. `control` is polled every 4,096 events: false when it asked to stop. Progress is
   * written to it as unit `unit` of `units`.
   */
  run(control: Int32Array, unit: number, units: number): boolean {
    const { endNs } = this.options;
    while (this.stretch()) {
      if (Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
      const part = this.clock[0] / endNs;
      Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (unit + part)) / units));
    }
    this.clock[0] = endNs;
    this.measure();
    this.metrics.markouts.reach(endNs, this.ledger.midHalfTicks);
    this.recorder?.finish(this.market, this.ledger, this.own);
    return true;
  }

  /**
   * The next 4,096 events; false when the run ended among them. Called anew for each stretch, because V8
   * keeps numbers unboxed in a function that it optimised from its entry on, not in one that it entered
   * amid a loop.
   */
  private stretch(): boolean {
    const { market, clock } = this;
    const { endNs } = this.options;
    // Nothing but the market moves before quietNs. A double from the start: V8 would box another one.
    let quietNs = -Infinity;
    let stirred = true;
    for (let count = 0; count < 4096; count++) {
      if (stirred) quietNs = Math.min(this.othersNs(), this.dueNs(), endNs);
      const marketNs = market.nextNs();
      if (marketNs < quietNs) {
        clock[0] = marketNs;
        market.step(this);
        stirred = this.look();
      } else {
        if (!this.turn()) return false;
        stirred = true;
      }
      this.events++;
    }
    return true;
  }

  /** The next event of any source, after the measurements due before it; false when the run is over. */
  private turn(): boolean {
    const { market, toExchange, toTrader, trader } = this;
    const marketNs = market.nextNs();
    const tNs = Math.min(marketNs, this.othersNs());
    if (tNs > this.options.endNs) return false;
    this.clock[0] = tNs;
    if (tNs >= this.dueNs()) this.measure();
    if (tNs === marketNs) {
      market.step(this);
      this.look();
    } else if (tNs === toExchange.nextNs()) this.order();
    else if (tNs === toTrader.nextNs()) this.news();
    else trader.onTimer();
    return true;
  }

  /** Time of the next event that is not the market's. */
  private othersNs(): number {
    return Math.min(this.toExchange.nextNs(), this.toTrader.nextNs(), this.trader.nextTimerNs);
  }

  onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void {
    const tNs = this.clock[0];
    const { ledger } = this;
    const feesBefore = this.recorder === null ? 0 : ledger.feesTickLots();
    ledger.fill(sideOfOwn, priceTicks, qtyLots, ownId === this.takingId);
    const { metrics, trader } = this;
    const mid = ledger.midHalfTicks;
    metrics.fill(sideOfOwn, qtyLots, mid, ledger.inventoryLots, tNs);
    const signedLots = sideOfOwn === BUY ? qtyLots : -qtyLots;
    const sentMid = trader.sentMidHalfTicks[ownId];
    const seenMid = trader.seenMidHalfTicks[ownId];
    metrics.order(signedLots, priceTicks, sentMid, seenMid, mid, tNs - this.restedNs[ownId]);
    if (this.recorder !== null) {
      const fee = ledger.feesTickLots() - feesBefore;
      this.recorder.fill(tNs, sideOfOwn, priceTicks, qtyLots, fee, ledger);
    }
    this.ownLots[ownId] -= qtyLots;
    if (this.ownLots[ownId] === 0) this.gone(ownId);
    this.toTrader.push(tNs + this.options.feedLatencyNs, NEWS_FILL, ownId, qtyLots, priceTicks);
    this.filled = true;
  }

  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    this.metrics.trade(priceTicks, qtyLots, hidden !== 0);
    this.metrics.markouts.trade(this.clock[0], this.ledger.midHalfTicks);
    if (!this.needsTrades) return;
    const newsNs = this.clock[0] + this.options.feedLatencyNs;
    this.toTrader.push(newsNs, NEWS_TRADE, priceTicks, qtyLots, aggressorSide);
    this.filled = true;
  }

  /** Best prices now, as the market shows them; NIL for an empty side. */
  best(side: number): number {
    return side === BUY ? this.bidTicks : this.askTicks;
  }

  /** Own lots that rest at the exchange on a side now. */
  restingLots(side: number): number {
    const id = this.own.id[side];
    return id === NIL ? 0 : this.ownLots[id];
  }

  /**
   * Follows the best prices after a market event and sends their changes to the trader; returns whether
   * anything changed for the trader.
   */
  private look(): boolean {
    const bid = this.market.bestBidTicks();
    const ask = this.market.bestAskTicks();
    const moved = bid !== this.bidTicks || ask !== this.askTicks;
    if (this.needsSizes && this.sizes(moved ? 1 : 0)) this.filled = true;
    if (moved) {
      this.bidTicks = bid;
      this.askTicks = ask;
      if (bid !== NIL && ask !== NIL) this.mark(bid + ask);
      this.toTrader.push(this.clock[0] + this.options.feedLatencyNs, NEWS_BEST, bid, ask, 0);
    } else if (!this.filled) return false;
    this.filled = false;
    this.metrics.follow(this.ledger.pnlTickLots());
    return true;
  }

  /** Sends the sizes at the best prices to the trader if they changed; whether they did. */
  private sizes(more: number): boolean {
    let changed = false;
    for (let side = BUY; side <= SELL; side++) {
      const found = this.market.depth(side, this.bestTicks, this.seenLots, 1);
      const lots = found === 0 ? 0 : this.seenLots[0];
      if (lots === this.bestLots[side]) continue;
      this.bestLots[side] = lots;
      changed = true;
    }
    if (!changed) return false;
    const newsNs = this.clock[0] + this.options.feedLatencyNs;
    this.toTrader.push(newsNs, NEWS_SIZES, this.bestLots[BUY], this.bestLots[SELL], more);
    return true;
  }

  /** A new mid; markouts whose delay ended by now see the old one. */
  private mark(midHalfTicks: number): void {
    const { markouts } = this.metrics;
    if (markouts.nextNs <= this.clock[0]) markouts.reach(this.clock[0], this.ledger.midHalfTicks);
    this.ledger.mark(midHalfTicks);
  }

  /** An order message reaches the exchange. */
  private order(): void {
    const { toExchange, metrics } = this;
    const what = toExchange.word(0);
    const id = toExchange.word(1);
    const priceTicks = toExchange.word(2);
    const lots = toExchange.word(3);
    toExchange.pop();
    const newsNs = this.clock[0] + this.options.feedLatencyNs;
    if (what === CANCEL) {
      // An order that is gone was filled or refused, and the trader has been or will be told so.
      if (this.market.cancel(id) === 0) return;
      metrics.ordersCancelled++;
      this.gone(id);
      this.toTrader.push(newsNs, NEWS_CANCELLED, id, 0, 0);
      return;
    }
    if (what >= TAKE_BUY) return this.take(id, what === TAKE_BUY ? BUY : SELL, priceTicks, lots);
    const side = what === PLACE_BUY ? BUY : SELL;
    if (this.market.place(id, side, priceTicks, lots, TIF_POST_ONLY, this) < 0) {
      metrics.ordersRejected++;
      this.toTrader.push(newsNs, NEWS_REJECTED, id, 0, 0);
      return;
    }
    metrics.ordersPlaced++;
    metrics.placedLots += lots;
    this.own.id[side] = id;
    this.own.priceTicks[side] = priceTicks;
    this.ownLots[id] = lots;
    this.restedNs[id] = this.clock[0];
  }

  /** An immediate-or-cancel order reaches the exchange; what it does not get is cancelled. */
  private take(id: number, side: number, priceTicks: number, lots: number): void {
    const newsNs = this.clock[0] + this.options.feedLatencyNs;
    this.ownLots[id] = lots;
    this.restedNs[id] = this.clock[0];
    this.takingId = id;
    const code = this.market.place(id, side, priceTicks, lots, TIF_IOC, this);
    this.takingId = NIL;
    if (code < 0) {
      this.metrics.ordersRejected++;
      this.toTrader.push(newsNs, NEWS_REJECTED, id, 0, 0);
      return;
    }
    this.takerOrders++;
    this.takerLotsSent += lots;
    if (this.ownLots[id] > 0) this.toTrader.push(newsNs, NEWS_CANCELLED, id, 0, 0);
    this.look();
  }

  /** A message reaches the trader. */
  private news(): void {
    const { toTrader, trader } = this;
    const what = toTrader.word(0);
    const a = toTrader.word(1);
    const b = toTrader.word(2);
    const c = toTrader.word(3);
    toTrader.pop();
    if (what === NEWS_BEST) trader.onFeed(a, b);
    else if (what === NEWS_FILL) trader.onFill(a, b, c);
    else if (what === NEWS_CANCELLED) trader.onCancelled(a);
    else if (what === NEWS_REJECTED) trader.onRejected(a);
    else if (what === NEWS_TRADE) trader.onTrade(a, b, c);
    else if (what === NEWS_SIZES) trader.onSizes(a, b, c);
  }

  private gone(ownId: number): void {
    const { id, priceTicks } = this.own;
    const side = id[BUY] === ownId ? BUY : SELL;
    if (id[side] !== ownId) return;
    id[side] = NIL;
    priceTicks[side] = NIL;
  }

  /** Time of the next measurement. */
  private dueNs(): number {
    const dueNs = this.metrics.nextSampleNs;
    return this.recorder === null ? dueNs : Math.min(dueNs, this.recorder.nextNs);
  }

  /** Takes all measurements that are due by now. */
  private measure(): void {
    const tNs = this.clock[0];
    const { metrics, ledger, recorder } = this;
    if (metrics.nextSampleNs <= tNs) metrics.sample(tNs, ledger.pnlTickLots());
    if (recorder === null) return;
    while (recorder.nextNs <= tNs) recorder.sample(this.market, ledger, this.own);
  }
}
