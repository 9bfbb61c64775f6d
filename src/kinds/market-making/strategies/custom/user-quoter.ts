/**
 * A strategy of the user's own file as the simulation's Quoter: checks what it wants and keeps it until
 * changed.
 */
import type { Quote, Quoter, QuoteView } from '../../../../core/agent/quoter.js';
import { NEEDS_SIZES, NEEDS_TRADES } from '../../../../core/agent/quoter.js';
import { BUY, NIL } from '../../../../core/sim/market.js';
import type { UserFill, UserMarket, UserOrders, UserStrategy, UserTrade } from './api.js';

const MAX_INT32 = 0x7fffffff;

/** Throws where a number is no whole one of at least 1. */
function whole(what: string, value: number, unit: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= MAX_INT32) return;
  throw new Error(`orders.${what}: Expected a whole number of ${unit}, 1 or more; got ${String(value)}.`);
}

export class UserQuoter implements Quoter {
  readonly needs: number;
  private readonly strategy: UserStrategy;
  private readonly market: UserMarket;
  private readonly fill: UserFill = { side: 'buy', priceTicks: 0, lots: 0 };
  private readonly trade: UserTrade = { priceTicks: 0, lots: 0, aggressor: null };
  private readonly orders: UserOrders;
  private bidTicks = NIL;
  private bidLots = 0;
  private askTicks = NIL;
  private askLots = 0;
  private takeLots = 0;
  private takeTicks = NIL;

  constructor(strategy: UserStrategy, sizes: boolean) {
    this.strategy = strategy;
    this.needs = (sizes ? NEEDS_SIZES : 0) | (strategy.onTrade ? NEEDS_TRADES : 0);
    this.market = {
      tNs: 0,
      timeLeftS: 0,
      bidTicks: NIL,
      askTicks: NIL,
      midTicks: NIL,
      bidLots: 0,
      askLots: 0,
      inventoryLots: 0,
      openBidLots: 0,
      openAskLots: 0,
    };
    this.orders = this.createOrders();
  }

  observe(_view: QuoteView): void {
    // A strategy file is asked on decisions only.
  }

  quote(view: QuoteView, out: Quote): void {
    this.strategy.onBook(this.see(view), this.orders);
    out.bidTicks = this.bidTicks;
    out.bidLots = this.bidLots;
    out.askTicks = this.askTicks;
    out.askLots = this.askLots;
    out.takeLots = this.takeLots;
    out.takeTicks = this.takeTicks;
    this.takeLots = 0;
  }

  onFill(view: QuoteView, side: number, priceTicks: number, qtyLots: number): void {
    if (this.strategy.onFill === undefined) return;
    this.fill.side = side === BUY ? 'buy' : 'sell';
    this.fill.priceTicks = priceTicks;
    this.fill.lots = qtyLots;
    this.strategy.onFill(this.fill, this.see(view), this.orders);
  }

  onTrade(view: QuoteView, priceTicks: number, qtyLots: number, aggressorSide: number): void {
    if (this.strategy.onTrade === undefined) return;
    this.trade.priceTicks = priceTicks;
    this.trade.lots = qtyLots;
    this.trade.aggressor = aggressorSide === NIL ? null : aggressorSide === BUY ? 'buy' : 'sell';
    this.strategy.onTrade(this.trade, this.see(view), this.orders);
  }

  onTimer(view: QuoteView): void {
    this.strategy.onTimer?.(this.see(view), this.orders);
  }

  private see(view: QuoteView): UserMarket {
    const { market } = this;
    market.tNs = view.tNs;
    market.timeLeftS = view.timeLeftS;
    market.bidTicks = view.bidTicks;
    market.askTicks = view.askTicks;
    market.midTicks = view.midHalfTicks === NIL ? NIL : view.midHalfTicks / 2;
    market.bidLots = view.bidLots;
    market.askLots = view.askLots;
    market.inventoryLots = view.inventoryLots;
    market.openBidLots = view.openBidLots;
    market.openAskLots = view.openAskLots;
    return market;
  }

  private createOrders(): UserOrders {
    const take = (what: string, lots: number, sign: number, limitTicks: number | undefined): void => {
      whole(what, lots, 'lots');
      if (limitTicks !== undefined) whole(what, limitTicks, 'ticks');
      this.takeLots = sign * lots;
      this.takeTicks = limitTicks ?? NIL;
    };
    return {
      bid: (priceTicks, lots) => {
        whole('bid', priceTicks, 'ticks');
        whole('bid', lots, 'lots');
        this.bidTicks = priceTicks;
        this.bidLots = lots;
      },
      ask: (priceTicks, lots) => {
        whole('ask', priceTicks, 'ticks');
        whole('ask', lots, 'lots');
        this.askTicks = priceTicks;
        this.askLots = lots;
      },
      cancelBid: () => void (this.bidTicks = NIL),
      cancelAsk: () => void (this.askTicks = NIL),
      buy: (lots, limitTicks) => take('buy', lots, 1, limitTicks),
      sell: (lots, limitTicks) => take('sell', lots, -1, limitTicks),
    };
  }
}
