/** What a market with rules did besides continuous trading: each call and halt of a run, and their sums. */
import { NIL } from './market.js';

/** More phases than this are counted but not kept. */
export const MAX_PHASE_ROWS = 20_000;

/** What a phase is. */
export const CONTINUOUS = 0;
export const CALL = 1;
export const HALT = 2;

/** Why a phase is: part of the session, a halt of the list, or the circuit breaker. */
export const WHY_OPENING = 0;
export const WHY_CLOSING = 1;
export const WHY_BATCH = 2;
export const WHY_LISTED = 3;
export const WHY_BREAKER = 4;

export interface Phase {
  readonly what: number;
  readonly why: number;
  readonly fromNs: number;
  readonly toNs: number;
}

export class PhaseLog {
  calls = 0;
  /** Calls that ended with a trade. */
  uncrossed = 0;
  /** Lots traded in them, and those of own orders, bought or sold. */
  auctionLots = 0;
  ownAuctionLots = 0;
  halts = 0;
  haltedNs = 0;
  private rows = 0;
  private readonly kept: readonly [
    Float64Array,
    Float64Array,
    Uint8Array,
    Uint8Array,
    Int32Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];

  /** Keeps up to `maxRows` phases; 0 where nobody will look at them. */
  constructor(maxRows: number) {
    const f64 = () => new Float64Array(maxRows);
    const u8 = () => new Uint8Array(maxRows);
    this.kept = [f64(), f64(), u8(), u8(), new Int32Array(maxRows), f64(), f64(), f64()];
  }

  /** A halt is over. */
  halted(phase: Phase): void {
    this.halts++;
    this.haltedNs += phase.toNs - phase.fromNs;
    this.keep(phase, NIL, 0, 0, 0);
  }

  /** A call is over; priceTicks NIL when nothing traded. ownLots: own lots bought or sold in it. */
  called(phase: Phase, priceTicks: number, volumeLots: number, surplusLots: number, ownLots: number): void {
    this.calls++;
    if (volumeLots > 0) this.uncrossed++;
    this.auctionLots += volumeLots;
    this.ownAuctionLots += ownLots;
    this.keep(phase, priceTicks, volumeLots, surplusLots, ownLots);
  }

  /** Columns fromNs, toNs, what, why, price, volume, surplus, own lots. */
  columns(): (Float64Array | Uint8Array | Int32Array)[] {
    return this.kept.map((column) => column.slice(0, this.rows));
  }

  private keep(phase: Phase, priceTicks: number, volume: number, surplus: number, own: number): void {
    const row = this.rows;
    if (row === this.kept[0].length) return;
    this.rows++;
    const [fromNs, toNs, what, why, price, volumeLots, surplusLots, ownLots] = this.kept;
    fromNs[row] = phase.fromNs;
    toNs[row] = phase.toNs;
    what[row] = phase.what;
    why[row] = phase.why;
    price[row] = priceTicks;
    volumeLots[row] = volume;
    surplusLots[row] = surplus;
    ownLots[row] = own;
  }
}
