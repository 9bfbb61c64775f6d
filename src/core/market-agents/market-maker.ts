/**
 * Market makers: a ladder of orders on both sides, taken out and laid anew at each wake.
 *
 * The rule of ABIDES' AdaptiveMarketMakerAgent, after the ladder strategies of Chakraborty & Kearns, "Market
 * making and mean reversion" (EC 2011): the innermost orders stand half an average spread from the mid (an
 * exponential average with weight 3/4 on the newest), the others `makerLevelSpacing` spreads apart; the size
 * of a level is a share of the volume since the last wake. The mid is moved by `makerSkewTicks` times
 * the imbalance (bought - sold) / (bought + sold) of that volume. Unlike the original it never takes: its
 * innermost orders stay behind the best opposite price. No draws.
 */
import * as codes from '../book/codes.js';
import type { AgentSpec } from './agent-spec.js';
import type { OrderDesk } from './order-desk.js';

const { BUY, NIL, SELL } = codes;
/** RMSC03 and RMSC04. */
const NEWEST_WEIGHT = 0.75;
/** Average spread before the first look [ticks]. */
const FIRST_SPREAD_TICKS = 2;

export class MarketMakers {
  readonly slots: number;
  declare private readonly spec: AgentSpec;
  declare private readonly desk: OrderDesk;
  /** Of each agent: average spread [ticks], volumes [lots] of both aggressor sides at its last wake. */
  declare private readonly states: Float64Array;

  constructor(spec: AgentSpec, desk: OrderDesk) {
    this.spec = spec;
    this.desk = desk;
    this.slots = 2 * spec.makerLevels;
    this.states = new Float64Array(3 * spec.makerAgents);
  }

  start(): void {
    this.states.fill(0);
    for (let at = 0; at < this.states.length; at += 3) this.states[at] = FIRST_SPREAD_TICKS;
  }

  /** Agent k, whose orders stand in the slots from firstSlot on, wakes. */
  act(k: number, firstSlot: number): void {
    const { desk, spec, states } = this;
    const at = 3 * k;
    for (let slot = firstSlot; slot < firstSlot + this.slots; slot++) desk.cancel(slot);
    if (desk.bidTicks !== NIL && desk.askTicks !== NIL) {
      states[at] += NEWEST_WEIGHT * (desk.askTicks - desk.bidTicks - states[at]);
    }
    const bought = desk.volumeLots[BUY] - states[at + 1];
    const sold = desk.volumeLots[SELL] - states[at + 2];
    states[at + 1] = desk.volumeLots[BUY];
    states[at + 2] = desk.volumeLots[SELL];
    const volume = bought + sold;
    const lots = Math.max(spec.makerMinLots, Math.round(spec.makerVolumeShare * volume));
    const skew = volume > 0 ? (spec.makerSkewTicks * (bought - sold)) / volume : 0;
    const centre = desk.midHalfTicks / 2 + skew;
    const half = states[at] / 2;
    const apart = Math.max(1, Math.round(spec.makerLevelSpacing * states[at]));
    let bid = Math.floor(centre - half);
    let ask = Math.max(Math.ceil(centre + half), bid + 1);
    if (desk.askTicks !== NIL) bid = Math.min(bid, desk.askTicks - 1);
    if (desk.bidTicks !== NIL) ask = Math.max(ask, desk.bidTicks + 1);
    for (let level = 0; level < spec.makerLevels; level++) {
      const slot = firstSlot + 2 * level;
      if (bid - level * apart > 0) desk.place(slot, BUY, bid - level * apart, lots);
      desk.place(slot + 1, SELL, ask + level * apart, lots);
    }
  }
}
