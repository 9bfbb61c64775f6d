/**
 * Momentum agents: they buy at the ask while a fast average of the mid is above a slow one, else they sell.
 *
 * The rule of ABIDES' MomentumAgent, whose averages are over the last 20 and 50 looks. Here they are
 * exponential with the same spans (weight 2 / (looks + 1)), so that an agent needs two numbers instead of a
 * history and acts from its second look on. While both are equal it does nothing. Draws per wake: one size.
 */
import * as codes from '../book/codes.js';
import type { Draws } from '../flow/draws.js';
import type { OrderSize } from '../flow/order-size.js';
import type { AgentSpec } from './agent-spec.js';
import type { OrderDesk } from './order-desk.js';

const { BUY, NIL, SELL } = codes;

export class MomentumAgents {
  readonly slots = 1;
  declare private readonly desk: OrderDesk;
  declare private readonly draws: Draws;
  declare private readonly size: OrderSize;
  declare private readonly fastWeight: number;
  declare private readonly slowWeight: number;
  /** Fast and slow average of bid + ask for each agent; 0 before the first look. */
  declare private readonly averages: Float64Array;

  constructor(spec: AgentSpec, desk: OrderDesk, draws: Draws, size: OrderSize) {
    this.desk = desk;
    this.draws = draws;
    this.size = size;
    this.fastWeight = 2 / (spec.momentumFastLooks + 1);
    this.slowWeight = 2 / (spec.momentumSlowLooks + 1);
    this.averages = new Float64Array(2 * spec.momentumAgents);
  }

  start(): void {
    this.averages.fill(0);
  }

  /** Agent k, whose order stands in `slot`, wakes. */
  act(k: number, slot: number): void {
    const { averages, desk } = this;
    const lots = this.size.draw(this.draws);
    desk.cancel(slot);
    const mid = desk.midHalfTicks;
    if (averages[2 * k] === 0) averages[2 * k] = averages[2 * k + 1] = mid;
    averages[2 * k] += this.fastWeight * (mid - averages[2 * k]);
    averages[2 * k + 1] += this.slowWeight * (mid - averages[2 * k + 1]);
    const trend = averages[2 * k] - averages[2 * k + 1];
    if (trend === 0) return;
    const priceTicks = trend > 0 ? desk.askTicks : desk.bidTicks;
    if (priceTicks !== NIL) desk.place(slot, trend > 0 ? BUY : SELL, priceTicks, lots);
  }
}
