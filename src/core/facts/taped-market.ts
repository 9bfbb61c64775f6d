/**
 * A market that is measured: it hands everything on and gathers the stylised facts block by block.
 *
 * A wrapper, so that a simulation that nobody measures pays nothing. Time is cut into blocks of equal length;
 * each gives its own rows, so that a replayed day and many simulated runs have errors of one kind: the spread
 * between blocks. What own orders do to the book is left out as the market leaves it out. Cost: two looks at
 * the best level per event, O(1) per trade, and the statistics of a block at its end.
 */
import { BUY, NIL, SELL, type FillSink, type Market } from '../sim/market.js';
import { MarketWrapper } from '../sim/market-wrapper.js';
import { binsOf, factNumber, type FactName } from './definitions.js';
import * as statistics from './statistics.js';

/** Interval of the grid on which the mid is sampled. */
const GRID_NS = 1e9;
/** Share of its length that the last block must have. */
const LAST_SHARE = 0.9;
const ACF_LAGS = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 30, 40, 60];
const SIGN_LAGS = [1, 2, 3, 5, 8, 13, 21, 34, 55];
const IMPACT_LAGS = [1, 2, 3, 5, 8, 13, 21, 34, 55];
const SIGNATURE_S = [1, 2, 3, 5, 10, 20, 30, 60, 120];
/** Moves of the laws and of the volatility, in places of the grid. */
const MOVE_PLACES = 10;

/** Counts of a law by bin. */
class Law {
  readonly shares: Float64Array;
  private readonly bins: Float64Array;

  constructor(name: FactName) {
    this.bins = binsOf(name);
    this.shares = new Float64Array(this.bins.length);
  }

  /** Adds a weight to the bin of x; what lies before the first bin counts in it. */
  add(x: number, weight: number): void {
    let [low, high] = [0, this.bins.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.bins[middle] <= x) low = middle;
      else high = middle;
    }
    this.shares[low] += weight;
  }
}

export class TapedMarket extends MarketWrapper {
  /** Rows so far as columns block, number of the fact, x, value. */
  readonly rows: readonly [number[], number[], number[], number[]] = [[], [], [], []];
  private readonly blockNs: number;
  private block = 0;
  /** Start of the stretch of time with the present quotes. */
  private sinceNs = 0;
  private nextGridNs = 0;
  private tNs = 0;
  private bidTicks = NIL;
  private askTicks = NIL;
  /** The last mid; it holds while a side is empty. */
  private midTicks = NIL;
  private bidLots = 0;
  private askLots = 0;
  private quotedNs = 0;
  private spreadTickNs = 0;
  private depthLotNs = 0;
  private lots = 0;
  private lastTradeNs = NIL;
  private gridMids: number[] = [];
  private signs: number[] = [];
  private tradeMids: number[] = [];
  private laws = makeLaws();
  private readonly onePrice = new Int32Array(1);
  private readonly oneLots = new Int32Array(1);

  /** `inner` stands at time 0; blocks of `blockNs` > 0. */
  constructor(inner: Market, blockNs: number) {
    super(inner);
    this.blockNs = blockNs;
    this.look();
  }

  override step(sink: FillSink): void {
    this.reach(this.inner.nextNs());
    super.step(sink);
    this.look();
  }

  override onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    super.onTrade(priceTicks, qtyLots, aggressorSide, hidden);
    if (hidden !== 0 || this.midTicks === NIL) return;
    this.lots += qtyLots;
    if (this.tNs === this.lastTradeNs) return;
    if (this.lastTradeNs !== NIL) this.laws.waitLaw.add((this.tNs - this.lastTradeNs) * 1e-9, 1);
    this.lastTradeNs = this.tNs;
    this.signs.push(aggressorSide === BUY ? 1 : -1);
    this.tradeMids.push(this.midTicks);
  }

  /** Ends the blocks that are over at `endNs`; one that the end cuts short counts if it is nearly whole. */
  finish(endNs: number): void {
    this.reach(endNs);
    const restNs = endNs - this.block * this.blockNs;
    if (restNs >= LAST_SHARE * this.blockNs) this.endBlock(restNs);
  }

  /** Accounts for the time up to tNs with the quotes that held. */
  private reach(tNs: number): void {
    for (let endNs = (this.block + 1) * this.blockNs; endNs <= tNs; endNs += this.blockNs) {
      this.account(endNs);
      this.endBlock(this.blockNs);
    }
    this.account(tNs);
    this.tNs = tNs;
  }

  private account(tNs: number): void {
    const dtNs = tNs - this.sinceNs;
    this.sinceNs = tNs;
    if (this.midTicks === NIL) return;
    for (; this.nextGridNs <= tNs; this.nextGridNs += GRID_NS) this.gridMids.push(this.midTicks);
    if (dtNs === 0 || this.bidTicks === NIL || this.askTicks === NIL) return;
    this.quotedNs += dtNs;
    this.spreadTickNs += dtNs * (this.askTicks - this.bidTicks);
    this.depthLotNs += (dtNs * (this.bidLots + this.askLots)) / 2;
    this.laws.spreadLaw.add(this.askTicks - this.bidTicks, dtNs);
    this.laws.depthLaw.add(this.bidLots, dtNs);
    this.laws.depthLaw.add(this.askLots, dtNs);
  }

  private look(): void {
    this.bidTicks = this.inner.bestBidTicks();
    this.askTicks = this.inner.bestAskTicks();
    if (this.bidTicks !== NIL && this.askTicks !== NIL) this.midTicks = (this.bidTicks + this.askTicks) / 2;
    this.bidLots = this.lotsAtBest(BUY);
    this.askLots = this.lotsAtBest(SELL);
  }

  private lotsAtBest(side: number): number {
    return this.inner.depth(side, this.onePrice, this.oneLots, 1) === 1 ? this.oneLots[0] : 0;
  }

  private endBlock(lengthNs: number): void {
    const seconds = lengthNs * 1e-9;
    if (this.quotedNs > 0) {
      this.write('spread', 0, this.spreadTickNs / this.quotedNs);
      this.write('depth', 0, this.depthLotNs / this.quotedNs);
    }
    const trades = this.signs.length;
    this.write('tradeRate', 0, trades / seconds);
    this.write('volumeRate', 0, this.lots / seconds);
    this.write('tradeLots', 0, trades > 0 ? this.lots / trades : null);
    this.writeMoves();
    this.writeTrades();
    for (const name of ['spreadLaw', 'depthLaw', 'waitLaw', 'moveLaw'] as const) {
      const { shares } = this.laws[name];
      const total = shares.reduce((sum, share) => sum + share, 0);
      const bins = binsOf(name);
      if (total > 0) shares.forEach((share, i) => this.write(name, bins[i], share / total));
    }
    this.block++;
    this.laws = makeLaws();
    [this.quotedNs, this.spreadTickNs, this.depthLotNs, this.lots] = [0, 0, 0, 0];
    [this.gridMids, this.signs, this.tradeMids] = [[], [], []];
  }

  private writeMoves(): void {
    const grid = this.gridMids;
    const seconds = statistics.movesOf(grid, 1);
    const moves = statistics.movesOf(grid, MOVE_PLACES);
    for (const move of moves) this.laws.moveLaw.add(Math.abs(move), 1);
    const variance = statistics.variance(moves);
    this.write('volatility', 0, variance === null ? null : Math.sqrt(variance / MOVE_PLACES));
    this.write('kurtosis', 0, statistics.excessKurtosis(moves));
    this.write('tailIndex', 0, statistics.tailIndex(seconds));
    const sizes = seconds.map((move) => Math.abs(move));
    for (const lag of ACF_LAGS) {
      this.write('returnAcf', lag, statistics.autocorrelation(seconds, lag));
      this.write('sizeAcf', lag, statistics.autocorrelation(sizes, lag));
    }
    for (const step of SIGNATURE_S) this.write('signature', step, statistics.signatureAt(grid, step));
  }

  private writeTrades(): void {
    const signs = Float64Array.from(this.signs);
    const memory: [number, number][] = [];
    for (const lag of SIGN_LAGS) {
      const value = statistics.autocorrelation(signs, lag);
      this.write('signAcf', lag, value);
      if (value !== null) memory.push([lag, value]);
    }
    this.write('signDecay', 0, statistics.decayExponent(memory));
    for (const lag of IMPACT_LAGS) {
      this.write('impact', lag, statistics.responseAt(this.signs, this.tradeMids, lag));
    }
  }

  private write(name: FactName, x: number, value: number | null): void {
    if (value === null) return;
    const [blocks, facts, xs, values] = this.rows;
    blocks.push(this.block);
    facts.push(factNumber(name));
    xs.push(x);
    values.push(value);
  }

  /** Trades of own takers go to their sink alone: they are no fact of the market. */
}

function makeLaws() {
  return {
    spreadLaw: new Law('spreadLaw'),
    depthLaw: new Law('depthLaw'),
    waitLaw: new Law('waitLaw'),
    moveLaw: new Law('moveLaw'),
  };
}
