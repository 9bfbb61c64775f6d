/**
 * Markouts: what the mid did after each own fill, at several delays in time and in trades of the market.
 *
 * A fill of s lots (bought > 0, sold < 0) at mid m earned s x (m' - m) by the time the mid is m'. Summed over
 * fills and taken at the end of the run this is the inventory part of the PnL exactly (summation by parts),
 * so every delay splits that part in two: what came before the delay (adverse selection, mostly negative)
 * and what came after (inventory). All sums are integers in half tick-lots, so the split is exact
 * (tests/core/metrics/attribution.test.ts).
 *
 * Why this structure: fills are kept once, in a ring, and each delay has its own cursor into it, since delays
 * of one length end in the order of the fills. A fill costs O(1), each of its ends O(1); the ring doubles
 * when the slowest cursor lags, nothing else allocates. The clock of trades counts aggressive orders: all
 * trades of one instant are one, as one order that sweeps several levels is.
 */

/** First place of the ring; a power of two, and so small that V8 keeps it on its own heap. */
const FIRST_FILLS = 8;

export class Markouts {
  /** By delay: half tick-lots earned by it, of fills whose delay ended. Time delays first. */
  declare readonly halfTickLots: Float64Array;
  /** By delay: lots of those fills. */
  declare readonly lots: Float64Array;
  /** Time at which the next delay ends, Infinity when none is running. */
  declare nextNs: number;

  declare private readonly delaysNs: Float64Array;
  declare private readonly delaysTrades: Float64Array;
  declare private readonly leastDelayNs: number;
  declare private readonly leastDelayTrades: number;
  /** By delay: number of the first fill whose delay is running. */
  declare private readonly cursors: Float64Array;
  private fills = 0;
  /** Number of fills at which the ring may be full. */
  private fullAt = FIRST_FILLS;
  private tradeCount = 0;
  private lastTradeNs = -1;
  /** Trade at which the next delay in trades ends. */
  private nextTrade = Infinity;
  private timesNs = new Float64Array(FIRST_FILLS);
  private trades = new Float64Array(FIRST_FILLS);
  private signedLots = new Int32Array(FIRST_FILLS);
  private mids = new Int32Array(FIRST_FILLS);

  /** Delays in ns > 0 and in trades >= 1, in any order; sums stand in the order given, time delays first. */
  constructor(delaysNs: readonly number[], delaysTrades: readonly number[]) {
    const n = delaysNs.length + delaysTrades.length;
    this.delaysNs = Float64Array.from(delaysNs);
    this.delaysTrades = Float64Array.from(delaysTrades);
    this.leastDelayNs = Math.min(Infinity, ...delaysNs);
    this.leastDelayTrades = Math.min(Infinity, ...delaysTrades);
    this.halfTickLots = new Float64Array(n);
    this.lots = new Float64Array(n);
    this.cursors = new Float64Array(n);
    this.nextNs = Infinity;
  }

  /** One own fill at the mid that its aggressor met; told before trade() of the same trade. */
  fill(signedLots: number, midHalfTicks: number, tNs: number): void {
    if (this.fills === this.fullAt) this.makeRoom();
    const at = this.fills & (this.timesNs.length - 1);
    const ownTrade = tNs === this.lastTradeNs ? this.tradeCount : this.tradeCount + 1;
    this.timesNs[at] = tNs;
    this.trades[at] = ownTrade;
    this.signedLots[at] = signedLots;
    this.mids[at] = midHalfTicks;
    this.fills++;
    this.nextNs = Math.min(this.nextNs, tNs + this.leastDelayNs);
    this.nextTrade = Math.min(this.nextTrade, ownTrade + this.leastDelayTrades);
  }

  /**
   * Ends all time delays that are over at tNs, at the mid that held just before; needed once nextNs <=
   * tNs.
   */
  reach(tNs: number, midHalfTicks: number): void {
    let nextNs = Infinity;
    for (let h = 0; h < this.delaysNs.length; h++) {
      const delay = this.delaysNs[h];
      const mask = this.timesNs.length - 1;
      let at = this.cursors[h];
      while (at < this.fills && this.timesNs[at & mask] + delay <= tNs)
        this.end(h, at++ & mask, midHalfTicks);
      this.cursors[h] = at;
      if (at < this.fills) nextNs = Math.min(nextNs, this.timesNs[at & mask] + delay);
    }
    this.nextNs = nextNs;
  }

  /** One trade of the market, at the mid that its aggressor met. */
  trade(tNs: number, midHalfTicks: number): void {
    if (tNs === this.lastTradeNs) return;
    this.lastTradeNs = tNs;
    this.tradeCount++;
    if (this.tradeCount >= this.nextTrade) this.reachTrade(midHalfTicks);
  }

  /**
   * What the fills of delay `h` earned by it in half tick-lots; fills still running count up to
   * `midHalfTicks`.
   */
  total(h: number, midHalfTicks: number): number {
    const mask = this.timesNs.length - 1;
    let sum = this.halfTickLots[h];
    for (let i = this.cursors[h]; i < this.fills; i++) {
      sum += this.signedLots[i & mask] * (midHalfTicks - this.mids[i & mask]);
    }
    return sum;
  }

  private reachTrade(midHalfTicks: number): void {
    const first = this.delaysNs.length;
    const mask = this.timesNs.length - 1;
    this.nextTrade = Infinity;
    for (let h = 0; h < this.delaysTrades.length; h++) {
      const delay = this.delaysTrades[h];
      let at = this.cursors[first + h];
      while (at < this.fills && this.trades[at & mask] + delay <= this.tradeCount) {
        this.end(first + h, at++ & mask, midHalfTicks);
      }
      this.cursors[first + h] = at;
      if (at < this.fills) this.nextTrade = Math.min(this.nextTrade, this.trades[at & mask] + delay);
    }
  }

  private end(h: number, at: number, midHalfTicks: number): void {
    const lots = this.signedLots[at];
    this.halfTickLots[h] += lots * (midHalfTicks - this.mids[at]);
    this.lots[h] += Math.abs(lots);
  }

  /** Looks how far the slowest cursor is; a ring that is full is doubled. */
  private makeRoom(): void {
    let slowest = this.fills;
    for (let h = 0; h < this.cursors.length; h++) slowest = Math.min(slowest, this.cursors[h]);
    if (this.fills - slowest === this.timesNs.length) this.grow();
    this.fullAt = slowest + this.timesNs.length;
  }

  private grow(): void {
    const old = this.timesNs.length;
    const [timesNs, trades] = [new Float64Array(2 * old), new Float64Array(2 * old)];
    const [signedLots, mids] = [new Int32Array(2 * old), new Int32Array(2 * old)];
    for (let i = this.fills - old; i < this.fills; i++) {
      const [from, to] = [i & (old - 1), i & (2 * old - 1)];
      timesNs[to] = this.timesNs[from];
      trades[to] = this.trades[from];
      signedLots[to] = this.signedLots[from];
      mids[to] = this.mids[from];
    }
    this.timesNs = timesNs;
    this.trades = trades;
    this.signedLots = signedLots;
    this.mids = mids;
  }
}
