/**
 * Execution agents: they work parent orders in children, by share of volume (POV) or in equal parts (TWAP).
 *
 * At each wake the child before is taken out, if anything of it is left, and the next one goes to the best
 * opposite price: a share of the volume since the last wake, at least one lot, or a fixed part of the parent.
 * When a parent is done, another begins on a random side, so that the market has long one-sided flows, which
 * is where the memory of trade signs comes from (Lillo, Mike & Farmer 2005). The child rule is that of
 * RMSC03's POV execution agent (share 0.1). Draws per wake: one uniform.
 */
import * as codes from '../book/codes.js';
import type { Draws } from '../flow/draws.js';
import type { AgentSpec } from './agent-spec.js';
import type { OrderDesk } from './order-desk.js';

const { BUY, NIL, SELL } = codes;

export class ExecutionAgents {
  readonly slots = 1;
  declare private readonly spec: AgentSpec;
  declare private readonly desk: OrderDesk;
  declare private readonly draws: Draws;
  /** Lots of the parent that have no child yet, its side, volume at the last wake [lots], of each agent. */
  declare private readonly states: Float64Array;

  constructor(spec: AgentSpec, desk: OrderDesk, draws: Draws) {
    this.spec = spec;
    this.desk = desk;
    this.draws = draws;
    this.states = new Float64Array(3 * spec.executionAgents);
  }

  start(): void {
    this.states.fill(0);
  }

  /** Agent k, whose child stands in `slot`, wakes. */
  act(k: number, slot: number): void {
    const { desk, spec, states } = this;
    const at = 3 * k;
    const side = this.draws.uniform() < 0.5 ? BUY : SELL;
    states[at] += desk.cancel(slot);
    if (states[at] === 0) {
      states[at] = spec.executionParentLots;
      states[at + 1] = side;
    }
    const total = desk.volumeLots[BUY] + desk.volumeLots[SELL];
    const volume = total - states[at + 2];
    states[at + 2] = total;
    const wanted =
      spec.executionSchedule === 'pov'
        ? Math.round(spec.executionVolumeShare * volume)
        : Math.ceil(spec.executionParentLots / spec.executionSlices);
    const lots = Math.min(states[at], Math.max(1, wanted));
    const priceTicks = states[at + 1] === BUY ? desk.askTicks : desk.bidTicks;
    if (priceTicks === NIL) return;
    // What is refused stays with the parent: its slot is empty, and nothing of it traded.
    states[at] -= lots;
    if (!desk.place(slot, states[at + 1], priceTicks, lots)) states[at] += lots;
  }
}
