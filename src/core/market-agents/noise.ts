/**
 * Noise agents: at each wake an order on a random side at the best opposite price.
 *
 * The rule of ABIDES' NoiseAgent (jpmorganchase/abides-jpmc-public), which wakes once a day; here an agent
 * wakes again and again and takes out first what its last order left behind. Draws per wake: one uniform,
 * one size.
 */
import * as codes from '../book/codes.js';
import type { Draws } from '../flow/draws.js';
import type { OrderSize } from '../flow/order-size.js';
import type { OrderDesk } from './order-desk.js';

const { BUY, NIL, SELL } = codes;

export class NoiseAgents {
  /** Slots of one agent. */
  readonly slots = 1;
  declare private readonly desk: OrderDesk;
  declare private readonly draws: Draws;
  declare private readonly size: OrderSize;

  constructor(desk: OrderDesk, draws: Draws, size: OrderSize) {
    this.desk = desk;
    this.draws = draws;
    this.size = size;
  }

  /** The agent whose order stands in `slot` wakes. */
  act(slot: number): void {
    const { desk, draws } = this;
    const buys = draws.uniform() < 0.5;
    const lots = this.size.draw(draws);
    desk.cancel(slot);
    const priceTicks = buys ? desk.askTicks : desk.bidTicks;
    if (priceTicks !== NIL) desk.place(slot, buys ? BUY : SELL, priceTicks, lots);
  }
}
