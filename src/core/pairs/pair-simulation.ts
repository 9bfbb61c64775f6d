/**
 * One run over two markets under one clock, with a pair trader and the wires between them.
 *
 * Sources of events, merged by time and at equal times in this order: the two markets, orders that reach an
 * exchange, news that reaches the trader, the trader's samples. Fills are booked at the exchange, in one
 * ledger per leg; the trader hears of them, and of best prices, one feed latency later. Each direction of
 * each leg is one first-in first-out wire, hence O(1) per event and no heap.
 *
 * What an order of a decision costs against the mids that were seen when it was made falls apart, for each
 * fill and exactly: price against the mid at the fill (half spread and depth), the move of the leg's mid from
 * the first fill of the decision, on either leg, to this one (legging), and from what was seen to that first
 * fill (latency).
 */
import * as codes from '../book/codes.js';
import { CONTROL_CANCEL } from '../control.js';
import { Ledger } from '../ledger/ledger.js';
import type { FillSink, Market } from '../sim/market.js';
import { MessageRing } from '../sim/message-ring.js';
import { CANCEL, PLACE_BUY, TAKE_BUY } from '../sim/trader.js';
import { LEG_X, LEG_Y, OWN_ID, PairDesk } from './pair-desk.js';

const { BUY, NIL, SELL, TIF_IOC, TIF_POST_ONLY } = codes;
/** Changes of a mid that are kept for who leads. */
const MOST_CHANGES = 20_000;
const NEWS_BEST = 0;
const NEWS_FILL = 1;
const NEWS_DONE = 2;

export interface PairOptions {
  readonly endNs: number;
  readonly sampleNs: number;
  readonly makes: boolean;
  readonly slippageTicks: number;
  /** By leg, y first. */
  readonly orderNs: readonly [number, number];
  readonly feedNs: readonly [number, number];
  readonly makerBps: readonly [number, number];
  readonly takerBps: readonly [number, number];
  /** Currency of one tick of one lot. */
  readonly tickMoney: readonly [number, number];
}

/** What decides. Both calls may set desk.wantedY and desk.hedgePerY, and must tell decided() when they do. */
export interface PairBrain {
  /** Called at each sample: number 0 comes one distance of samples after the start. */
  onSample(simulation: PairSimulation, sample: number): void;
  /** Called when best prices arrive. */
  onFeed(simulation: PairSimulation): void;
}

/** What the legs did, money in currency. */
export interface Legging {
  spreadCost: number;
  leggingCost: number;
  latencyCost: number;
  /** Integrals over time of the lots of x that were not hedged: of their size, and of the time with any. */
  unhedgedLotS: number;
  unhedgedS: number;
  maxUnhedgedLots: number;
  partialFills: number;
  rejected: number;
  /** Lots ahead in the queue, and lots, summed over orders that came to rest; lot seconds until filled. */
  queueAheadLots: number;
  restedOrders: number;
  waitLotS: number;
}

export class PairSimulation implements FillSink {
  readonly clock = new Float64Array(1);
  readonly ledgers: readonly [Ledger, Ledger];
  declare readonly desk: PairDesk;
  readonly legging: Legging = {
    spreadCost: 0,
    leggingCost: 0,
    latencyCost: 0,
    unhedgedLotS: 0,
    unhedgedS: 0,
    maxUnhedgedLots: 0,
    partialFills: 0,
    rejected: 0,
    queueAheadLots: 0,
    restedOrders: 0,
    waitLotS: 0,
  };
  events = 0;
  /** Times and values of the first changes of each mid, in half ticks, for who leads. */
  readonly midTimesS: readonly [number[], number[]] = [[], []];
  readonly midsHalfTicks: readonly [number[], number[]] = [[], []];
  declare private readonly markets: readonly [Market, Market];
  declare private readonly options: PairOptions;
  declare private readonly brain: PairBrain;
  private readonly toExchange = [new MessageRing(), new MessageRing()] as const;
  private readonly toTrader = [new MessageRing(), new MessageRing()] as const;
  private readonly best = [new Int32Array([NIL, NIL]), new Int32Array([NIL, NIL])] as const;
  /** Mids in half ticks: as seen at the decision, and at the first fill after it. */
  private readonly seenMid = new Float64Array(2);
  private readonly firstMid = new Float64Array(2);
  private isFirstFill = true;
  /** By leg: lots of the order at the exchange not yet filled, when it came, and whether it takes. */
  private readonly orderLots = new Int32Array(2);
  private readonly restedNs = new Float64Array(2);
  private leg = LEG_Y;
  private isTaking = false;
  private unhedged = 0;
  private readonly sinceNs = new Float64Array(1);
  private sample = 0;

  /** Both markets must stand at time 0. */
  constructor(markets: readonly [Market, Market], options: PairOptions, brain: PairBrain) {
    this.markets = markets;
    this.options = options;
    this.brain = brain;
    const { makerBps, takerBps } = options;
    this.ledgers = [new Ledger(makerBps[0], takerBps[0]), new Ledger(makerBps[1], takerBps[1])];
    this.desk = new PairDesk(options, this.toExchange, this.clock);
    this.look(LEG_Y);
    this.look(LEG_X);
  }

  /** Runs to the end; false when `control`, polled every 4,096 events, asked to stop. */
  run(control: Int32Array): boolean {
    while (this.turn()) {
      if ((++this.events & 4095) === 0 && Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
    }
    this.clock[0] = this.options.endNs;
    this.watchHedge();
    return true;
  }

  /** A decision was made on what is seen now. */
  decided(): void {
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      this.seenMid[leg] = this.desk.bidTicks[leg] + this.desk.askTicks[leg];
    }
    this.isFirstFill = true;
    this.watchHedge();
    this.desk.act();
  }

  /** Profit after fees of both legs at their mids [currency]. */
  pnl(): number {
    const { tickMoney } = this.options;
    return this.ledgers[0].pnlTickLots() * tickMoney[0] + this.ledgers[1].pnlTickLots() * tickMoney[1];
  }

  fees(): number {
    const { tickMoney } = this.options;
    return this.ledgers[0].feesTickLots() * tickMoney[0] + this.ledgers[1].feesTickLots() * tickMoney[1];
  }

  private turn(): boolean {
    const { clock, markets, options, toExchange, toTrader } = this;
    const sampleNs = (this.sample + 1) * options.sampleNs;
    let tNs = Math.min(markets[0].nextNs(), markets[1].nextNs(), sampleNs);
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      tNs = Math.min(tNs, toExchange[leg].nextNs(), toTrader[leg].nextNs());
    }
    if (tNs > options.endNs) return false;
    clock[0] = tNs;
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      if (markets[leg].nextNs() !== tNs) continue;
      this.leg = leg;
      markets[leg].step(this);
      this.look(leg);
      return true;
    }
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      if (toExchange[leg].nextNs() !== tNs) continue;
      this.leg = leg;
      this.order(leg);
      this.look(leg);
      return true;
    }
    for (let leg = LEG_Y; leg <= LEG_X; leg++) {
      if (toTrader[leg].nextNs() !== tNs) continue;
      this.news(leg);
      return true;
    }
    this.brain.onSample(this, this.sample++);
    return true;
  }

  onFill(_ownId: number, side: number, priceTicks: number, qtyLots: number): void {
    const { leg, legging, options } = this;
    if (this.isFirstFill) {
      this.isFirstFill = false;
      for (let l = LEG_Y; l <= LEG_X; l++) this.firstMid[l] = this.ledgers[l].midHalfTicks;
    }
    this.watchHedge();
    const ledger = this.ledgers[leg];
    ledger.fill(side, priceTicks, qtyLots, this.isTaking);
    const signed = side === BUY ? qtyLots : -qtyLots;
    const money = (signed * options.tickMoney[leg]) / 2;
    const mid = ledger.midHalfTicks;
    legging.spreadCost += money * (2 * priceTicks - mid);
    legging.leggingCost += money * (mid - this.firstMid[leg]);
    legging.latencyCost += money * (this.firstMid[leg] - this.seenMid[leg]);
    if (!this.isTaking) legging.waitLotS += qtyLots * (this.clock[0] - this.restedNs[leg]) * 1e-9;
    this.orderLots[leg] -= qtyLots;
    const newsNs = this.clock[0] + options.feedNs[leg];
    this.toTrader[leg].push(newsNs, NEWS_FILL, signed, 0, 0);
    if (!this.isTaking && this.orderLots[leg] === 0) this.toTrader[leg].push(newsNs, NEWS_DONE, 0, 0, 0);
    this.unhedged = this.openLots();
  }

  onTrade(): void {}

  /** Lots of x beyond a hedge of what is held of y. */
  private openLots(): number {
    const open = this.ledgers[LEG_X].inventoryLots - this.desk.hedgePerY * this.ledgers[LEG_Y].inventoryLots;
    // Whole lots hedge to half a lot at best.
    return Math.max(0, Math.abs(open) - 0.5);
  }

  /** Books the time since the last change of what is not hedged. */
  private watchHedge(): void {
    const { legging } = this;
    const seconds = (this.clock[0] - this.sinceNs[0]) * 1e-9;
    legging.unhedgedLotS += seconds * this.unhedged;
    if (this.unhedged > 0) legging.unhedgedS += seconds;
    this.sinceNs[0] = this.clock[0];
    this.unhedged = this.openLots();
    legging.maxUnhedgedLots = Math.max(legging.maxUnhedgedLots, this.unhedged);
  }

  /** Follows a market's best prices and sends their changes to the trader. */
  private look(leg: number): void {
    const bid = this.markets[leg].bestBidTicks();
    const ask = this.markets[leg].bestAskTicks();
    const best = this.best[leg];
    if (bid === best[BUY] && ask === best[SELL]) return;
    best[BUY] = bid;
    best[SELL] = ask;
    if (bid !== NIL && ask !== NIL) {
      this.ledgers[leg].mark(bid + ask);
      const mids = this.midsHalfTicks[leg];
      if (mids.length < MOST_CHANGES && mids[mids.length - 1] !== bid + ask) {
        mids.push(bid + ask);
        this.midTimesS[leg].push(this.clock[0] * 1e-9);
      }
    }
    this.toTrader[leg].push(this.clock[0] + this.options.feedNs[leg], NEWS_BEST, bid, ask, 0);
  }

  private order(leg: number): void {
    const wire = this.toExchange[leg];
    const [what, price, lots] = [wire.word(0), wire.word(2), wire.word(3)];
    wire.pop();
    const market = this.markets[leg];
    if (what === CANCEL) {
      // Nothing left: it was filled, and the word of that is on its way.
      if (market.cancel(OWN_ID) > 0) {
        if (this.orderLots[leg] < this.placedLots[leg]) this.legging.partialFills++;
        this.done(leg);
      }
      return;
    }
    this.placedLots[leg] = this.orderLots[leg] = lots;
    const takes = what >= TAKE_BUY;
    const side = what === (takes ? TAKE_BUY : PLACE_BUY) ? BUY : SELL;
    this.isTaking = takes;
    const code = market.place(OWN_ID, side, price, lots, takes ? TIF_IOC : TIF_POST_ONLY, this);
    this.isTaking = false;
    if (code < 0) this.legging.rejected++;
    if (takes || code < 0) {
      const left = this.orderLots[leg];
      if (takes && code >= 0 && left > 0 && left < lots) this.legging.partialFills++;
      this.done(leg);
      return;
    }
    this.restedNs[leg] = this.clock[0];
    this.legging.restedOrders++;
    this.legging.queueAheadLots += market.queueAheadLots(OWN_ID);
  }

  private readonly placedLots = new Int32Array(2);

  private done(leg: number): void {
    this.toTrader[leg].push(this.clock[0] + this.options.feedNs[leg], NEWS_DONE, 0, 0, 0);
  }

  private news(leg: number): void {
    const wire = this.toTrader[leg];
    const [what, a, b] = [wire.word(0), wire.word(1), wire.word(2)];
    wire.pop();
    const { desk } = this;
    if (what === NEWS_BEST) {
      desk.bidTicks[leg] = a;
      desk.askTicks[leg] = b;
      this.brain.onFeed(this);
    } else if (what === NEWS_FILL) desk.onFill(leg, a);
    else desk.onDone(leg);
    desk.act();
  }
}
