/**
 * A generated market under trading rules: call auctions at the open and the close, frequent batch auctions,
 * halts, a circuit breaker, a price band, and sharing by size.
 *
 * Phases follow one another without gaps: continuous trading on the book, a call, or a halt.
 * - In a call all orders, own ones too, stand in a CallAuction, where they may cross; at its end they uncross
 *   and what is left goes on with its priority, into the next call or back into the book. A call is sealed:
 *   until the uncross everyone, the order flow included, sees the best prices with which it began (Budish,
 *   Cramton & Shim 2015 publish after each batch only). Hence limit orders of the flow keep counting their
 *   distance from those, and market orders gather.
 * - In a halt only cancels are taken. The background waits: a flow whose orders are refused while its
 *   cancels are not would empty the book. It goes on afterwards as if no time had passed.
 * - The circuit breaker looks at the last trade of each event and at each uncross. The band follows the same.
 * The reference price of an uncross is the last trade.
 * Cost: O(1) per event as in the generated market; moving orders between book and auction O(orders);
 * an uncross O(levels + fills). Budish, Cramton & Shim (2015), Quarterly Journal of Economics 130(4), section
 * VII, for batch auctions with orders that stay.
 */
import { CallAuction } from '../book/auction.js';
import { MAX_PRICE_TICKS, REJECT_TYPE, TIF_IOC, TIF_POST_ONLY } from '../book/codes.js';
import type { OrderEntry } from '../book/types.js';
import { GeneratedMarket, type GeneratedMarketOptions } from './generated-market.js';
import type { FillSink } from './market.js';
import { BUY, NIL, SELL, SILENT } from './market.js';
import * as log from './phase-log.js';
import { PhaseLog, type Phase } from './phase-log.js';
import { TradeWindow } from './trade-window.js';
import { MAX_OWN_ORDERS } from './trader.js';

const { CALL, CONTINUOUS, HALT } = log;

export interface MarketRules {
  /** ALLOCATE_* of core/book/codes.ts. */
  readonly allocation: number;
  /** Calls and halts that are known beforehand, by time, apart from one another and within 0..endNs. */
  readonly timetable: readonly Phase[];
  /** Length of a batch call; 0 for continuous trading between the phases of the timetable. */
  readonly batchNs: number;
  /** Null, or: a trade `moveTicks` away from another one within `windowNs` pauses trading. */
  readonly breaker: Breaker | null;
  /** Half width of the price band; 0 for none. */
  readonly bandTicks: number;
  /** The band's middle is the last trade instead of the mid at time 0. */
  readonly bandFollows: boolean;
  /** The run's end; no phase outlasts it. */
  readonly endNs: number;
}

export interface Breaker {
  readonly moveTicks: number;
  readonly windowNs: number;
  readonly pauseNs: number;
  /** CALL or HALT. */
  readonly what: number;
}

export class PhasedMarket extends GeneratedMarket {
  /** Of the present run. */
  log = new PhaseLog(0);
  private readonly rules: MarketRules;
  private readonly auction = new CallAuction({ ticks: 128, orders: 128, ids: 512 });
  private readonly window: TradeWindow;
  /** The present phase; the warm-up is a continuous one without end. */
  private phase: Phase = { what: CONTINUOUS, why: 0, fromNs: 0, toNs: Infinity };
  private upcoming = 0;
  /** Whether the orders stand in the auction, not in the book. */
  private gathered = false;
  private lastTicks = NIL;
  private traded = false;
  /** False during the warm-up, which knows neither band nor circuit breaker. */
  private running = false;
  private ownLotsNow = 0;
  /** The auction as the flow sees it: its market orders are nobody's, because it forgets them. */
  private readonly entry: OrderEntry = {
    limit: (id, side, priceTicks, qtyLots) => this.auction.limit(id, side, priceTicks, qtyLots),
    market: (_id, side, qtyLots) => this.auction.market(NIL, side, qtyLots),
    cancel: (id) => this.auction.cancel(id),
  };
  private readonly pairs = {
    onTrade: (sellId: number, buyId: number, priceTicks: number, qtyLots: number): void => {
      this.settle(sellId, SELL, priceTicks, qtyLots);
      this.settle(buyId, BUY, priceTicks, qtyLots);
    },
  };

  constructor(options: GeneratedMarketOptions, rules: MarketRules) {
    super(options);
    this.rules = rules;
    this.window = new TradeWindow(rules.breaker?.windowNs ?? 0);
    this.book.allocate(rules.allocation);
    this.auction.allocate(rules.allocation);
  }

  /** As in the base; `logRows` phases of the run are kept in `log`. */
  override start(seed: number, unit: number, control: Int32Array, logRows = 0): boolean {
    this.log = new PhaseLog(logRows);
    this.phase = { what: CONTINUOUS, why: 0, fromNs: 0, toNs: Infinity };
    this.upcoming = 0;
    this.gathered = false;
    this.lastTicks = NIL;
    this.running = false;
    this.window.clear();
    this.auction.reset();
    this.setBand(0, MAX_PRICE_TICKS);
    this.book.halt(false);
    if (!super.start(seed, unit, control)) return false;
    this.running = true;
    this.traded = false;
    if (this.lastTicks === NIL) this.lastTicks = this.bestBidTicks();
    const [bid, ask] = [this.bestBidTicks(), this.bestAskTicks()];
    this.follow(bid === NIL || ask === NIL ? this.lastTicks : (bid + ask) >> 1);
    this.enter(0);
    return true;
  }

  override nextNs(): number {
    const { what, toNs } = this.phase;
    return what === HALT ? toNs : Math.min(this.flow.nextNs(), toNs);
  }

  override step(sink: FillSink): void {
    const flowNs = this.flow.nextNs();
    const { what, toNs } = this.phase;
    this.sink = sink;
    if (what === HALT || toNs <= flowNs) this.change(toNs);
    else if (what === CALL) this.flow.step(this.entry, this.bestBidTicks(), this.bestAskTicks());
    else {
      super.step(sink);
      if (this.running && this.traded && this.isTripped(flowNs)) this.pause(flowNs);
    }
  }

  override onTrade(makerId: number, takerId: number, priceTicks: number, lots: number, side: number): void {
    this.lastTicks = priceTicks;
    this.traded = true;
    super.onTrade(makerId, takerId, priceTicks, lots, side);
  }

  /**
   * In a call there is nothing to trade with yet: post-only has no meaning, and immediate-or-cancel is
   * refused.
   */
  override place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif = TIF_POST_ONLY,
    sink = SILENT,
  ): number {
    if (!this.gathered) return super.place(ownId, side, priceTicks, qtyLots, tif, sink);
    if (tif === TIF_IOC) return REJECT_TYPE;
    const code = this.auction.limit(ownId, side, priceTicks, qtyLots);
    if (code === 0) this.remember(ownId, side, priceTicks, qtyLots);
    return code;
  }

  override cancel(ownId: number): number {
    if (!this.gathered) return super.cancel(ownId);
    const left = this.auction.cancel(ownId);
    if (left <= 0) return 0;
    this.forget(ownId);
    return left;
  }

  override queueAheadLots(ownId: number): number {
    return this.gathered ? this.auction.queueAheadLots(ownId) : super.queueAheadLots(ownId);
  }

  protected override levels(
    side: number,
    pricesTicks: Int32Array,
    qtysLots: Int32Array,
    max: number,
  ): number {
    if (this.gathered) return this.auction.depth(side, pricesTicks, qtysLots, max);
    return super.levels(side, pricesTicks, qtysLots, max);
  }

  /** The present phase ends. */
  private change(tNs: number): void {
    if (this.phase.what === CALL && this.uncross(tNs)) return this.pause(tNs);
    if (this.phase.what === HALT) {
      this.log.halted(this.phase);
      this.flow.jump(this.phase.fromNs, tNs);
    }
    this.enter(tNs);
  }

  /** Begins what follows at tNs: the timetable's next phase, or the session's own trading until then. */
  private enter(tNs: number): void {
    const { batchNs, endNs, timetable } = this.rules;
    const next = timetable[this.upcoming];
    if (next !== undefined && next.fromNs <= tNs) {
      this.upcoming++;
      this.begin(next);
      return;
    }
    const untilNs = next === undefined ? Infinity : next.fromNs;
    if (batchNs === 0) return this.begin({ what: CONTINUOUS, why: 0, fromNs: tNs, toNs: untilNs });
    const toNs = Math.min(tNs + batchNs, untilNs, tNs < endNs ? endNs : Infinity);
    this.begin({ what: CALL, why: log.WHY_BATCH, fromNs: tNs, toNs });
  }

  private begin(phase: Phase): void {
    this.phase = phase;
    this.book.halt(phase.what === HALT);
    this.auction.halt(phase.what === HALT);
    if (phase.what === CALL && !this.gathered) {
      this.auction.takeFrom(this.book);
      this.gathered = true;
    } else if (phase.what === CONTINUOUS && this.gathered) {
      this.auction.moveTo(this.book, this.lastTicks);
      this.gathered = false;
    }
  }

  /** Ends a call; whether its price trips the circuit breaker. */
  private uncross(tNs: number): boolean {
    this.ownLotsNow = 0;
    const { priceTicks, volumeLots, surplusLots } = this.auction.uncross(this.lastTicks, this.pairs);
    this.log.called(this.phase, priceTicks, volumeLots, surplusLots, this.ownLotsNow);
    if (volumeLots > 0) {
      this.lastTicks = priceTicks;
      this.sink.onTrade(priceTicks, volumeLots, NIL, 0);
    }
    this.lookAtLevels();
    return volumeLots > 0 && this.isTripped(tNs);
  }

  /** One side of a trade of the uncross. */
  private settle(id: number, side: number, priceTicks: number, qtyLots: number): void {
    if (id >= MAX_OWN_ORDERS) this.flow.fill(id, qtyLots);
    else if (id !== NIL) {
      this.ownLotsNow += qtyLots;
      this.fillOwn(id, side, priceTicks, qtyLots);
    }
  }

  /** After trades at tNs, the last one at lastTicks: moves the band; whether the circuit breaker trips. */
  private isTripped(tNs: number): boolean {
    this.traded = false;
    const { bandFollows, breaker } = this.rules;
    if (bandFollows) this.follow(this.lastTicks);
    return breaker !== null && this.window.add(tNs, this.lastTicks) >= breaker.moveTicks;
  }

  private pause(tNs: number): void {
    const { breaker, endNs, timetable } = this.rules;
    const nextNs = timetable[this.upcoming]?.fromNs ?? endNs;
    this.window.clear();
    const toNs = Math.max(tNs, Math.min(tNs + breaker!.pauseNs, nextNs, endNs));
    this.begin({ what: breaker!.what, why: log.WHY_BREAKER, fromNs: tNs, toNs });
  }

  /** Puts the middle of the band at a price. */
  private follow(middleTicks: number): void {
    const { bandTicks } = this.rules;
    if (bandTicks > 0) this.setBand(Math.max(0, middleTicks - bandTicks), middleTicks + bandTicks);
  }

  private setBand(lowTicks: number, highTicks: number): void {
    this.book.band(lowTicks, highTicks);
    this.auction.band(lowTicks, highTicks);
  }
}
