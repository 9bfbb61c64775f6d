/**
 * Two order books that belong together: beside the usual flow, traders who know a value that both share.
 *
 * Orders of Poisson flow alone let each price wander by itself. Here informed traders come to each book at a
 * rate of their own, look at its value, and take every lot that is offered more than `edgeTicks` to their
 * advantage, which keeps the book around the value (the informed of Glosten & Milgrom 1985, with certainty).
 * The value of x walks; that of y is a ratio of its moves plus a spread, an Ornstein-Uhlenbeck process or,
 * for books that nothing ties, a walk with the same noise. A venue whose informed traders hear of the value
 * later follows the other: that is lead and lag. Both paths are drawn once per run on a grid, so that they do
 * not depend on what anybody does in the books.
 */
import * as codes from '../book/codes.js';
import type { OrderBook, OrderEntry } from '../book/types.js';
import type { Draws } from '../flow/draws.js';
import type { OrderFlow, OrderFlowFactory } from '../flow/order-flow.js';
import { ouStep } from '../market-agents/fundamental.js';
import type { Stream } from '../rng/stream.js';

const { BUY, NIL, SELL, TIF_IOC } = codes;
const LN2 = 0.6931471805599453;
/** Distance of the points of the value paths. */
const GRID_S = 0.1;
/** More than any book holds within reach: what is not there is not bought. */
const ALL_LOTS = 1_000_000;

export interface ValueLaw {
  /** Volatility of the value of x [ticks of x per sqrt(s)]. */
  readonly sigmaTicksPerSqrtS: number;
  /** Ticks that y moves for a tick of x. */
  readonly ratioTicks: number;
  readonly halfLifeS: number;
  /** Stationary standard deviation of the spread [ticks of y]. */
  readonly spreadSdTicks: number;
  readonly cointegrated: boolean;
}

/** The values of both legs over one run, as moves from their start. */
export class PairValues {
  readonly y: Float64Array;
  readonly x: Float64Array;

  /** Room for so many seconds, warm-up included. */
  constructor(seconds: number) {
    const points = Math.ceil(seconds / GRID_S) + 2;
    this.y = new Float64Array(points);
    this.x = new Float64Array(points);
  }

  draw(
    { sigmaTicksPerSqrtS, ratioTicks, halfLifeS, spreadSdTicks, cointegrated }: ValueLaw,
    stream: Stream,
  ): void {
    const kappa = LN2 / halfLifeS;
    const step = { phi: 0.5, variance: 0.5 };
    ouStep(spreadSdTicks * Math.sqrt(2 * kappa), kappa, GRID_S, step);
    const [phi, noise] = [cointegrated ? step.phi : 1, Math.sqrt(step.variance)];
    const move = sigmaTicksPerSqrtS * Math.sqrt(GRID_S);
    let value = 0;
    let spread = 0;
    for (let i = 0; i < this.x.length; i++) {
      this.x[i] = value;
      this.y[i] = ratioTicks * value + spread;
      value += move * stream.normal();
      spread = phi * spread + noise * stream.normal();
    }
  }
}

export interface InformedTraders {
  /** Arrivals per second; 0: nobody knows. */
  readonly ratePerS: number;
  readonly edgeTicks: number;
  /** How late they hear of the value. */
  readonly delayS: number;
}

/** A flow with informed traders added to another one. */
class TiedFlow implements OrderFlow {
  private readonly inner: OrderFlow;
  private readonly informed: InformedTraders;
  private readonly moves: Float64Array;
  private readonly draws: Draws;
  private readonly id: number;
  private startTicks = 0;
  /** Next arrival, and what the flow's clock is behind the value's. */
  private readonly times = new Float64Array([Infinity, 0]);

  constructor(inner: OrderFlow, informed: InformedTraders, moves: Float64Array, draws: Draws, id: number) {
    this.inner = inner;
    this.informed = informed;
    this.moves = moves;
    this.draws = draws;
    this.id = id;
  }

  seed(book: OrderBook, midTicks: number): void {
    this.inner.seed(book, midTicks);
    this.startTicks = midTicks + 0.5;
    this.times[0] = this.times[1] = 0;
    this.wait();
  }

  nextNs(): number {
    return Math.min(this.inner.nextNs(), this.times[0]);
  }

  step(book: OrderEntry, bidTicks: number, askTicks: number): void {
    if (this.inner.nextNs() <= this.times[0]) {
      this.inner.step(book, bidTicks, askTicks);
      return;
    }
    const value = this.startTicks + this.moves[this.place()];
    const { edgeTicks } = this.informed;
    const [most, least] = [Math.floor(value - edgeTicks), Math.ceil(value + edgeTicks)];
    if (askTicks !== NIL && askTicks <= most) book.limit(this.id, BUY, most, ALL_LOTS, TIF_IOC);
    else if (bidTicks !== NIL && bidTicks >= least) book.limit(this.id, SELL, least, ALL_LOTS, TIF_IOC);
    this.wait();
  }

  jump(fromNs: number, toNs: number): void {
    this.inner.jump(fromNs, toNs);
    this.times[0] += toNs - fromNs;
    this.times[1] += fromNs - toNs;
  }

  fill(id: number, qtyLots: number): void {
    this.inner.fill(id, qtyLots);
  }

  /** Point of the value path that informed traders know at the next arrival. */
  private place(): number {
    const knownS = (this.times[0] + this.times[1]) * 1e-9 - this.informed.delayS;
    return Math.max(0, Math.min(this.moves.length - 1, Math.floor(knownS / GRID_S)));
  }

  private wait(): void {
    const { draws, informed, times } = this;
    if (!(informed.ratePerS > 0)) times[0] = Infinity;
    else times[0] += Math.ceil((draws.exponentials[draws.exponentialIndex()] * 1e9) / informed.ratePerS);
  }
}

/** `moves` is one of the arrays of PairValues: the flow reads what stands in it when it runs. */
export function tiedFlow(
  flow: OrderFlowFactory,
  informed: InformedTraders,
  moves: Float64Array,
): OrderFlowFactory {
  return (draws, firstId) => new TiedFlow(flow(draws, firstId + 1), informed, moves, draws, firstId);
}
