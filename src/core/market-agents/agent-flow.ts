/**
 * The order flow of a market of agents: each sleeps for an exponential time, wakes, and changes its orders.
 *
 * Why this structure: an event heap holds one entry per agent (event-heap.ts), and agents of one sort are
 * one object with its state in typed arrays, so that a wake is a heap step, one dispatch by number and
 * the orders themselves; nothing is allocated after the start, whatever the number of agents. A wake costs
 * O(log agents) plus its orders: one cancel and one order, or the whole ladder of a market maker. An agent
 * decides on the book as it is and acts at once: agents have no latency of their own.
 *
 * Every wake takes a number of draws that depends on the sort of the agent only, and the order of wakes on
 * nothing but the waiting times. Hence runs of one seed share waking times, the path of the fundamental
 * value and every agent's chances, whatever a trader does in the market: common random numbers by
 * construction. (A halt makes the agents wait, and so may differ.)
 *
 * Sorts, rules and published settings: RMSC03 and RMSC04 of ABIDES (Byrd, Hybinette & Balch, SIGSIM-PADS
 * 2020, arXiv 1904.12066; files abides_markets/configs/rmsc03.py and rmsc04.py of
 * jpmorganchase/abides-jpmc-public), with the changes named in the file of each sort.
 */
import type { OrderBook, OrderEntry } from '../book/types.js';
import type { Draws } from '../flow/draws.js';
import type { OrderFlow, OrderFlowFactory } from '../flow/order-flow.js';
import { OrderSize } from '../flow/order-size.js';
import type { AgentSpec } from './agent-spec.js';
import { EventHeap } from './event-heap.js';
import { ExecutionAgents } from './execution.js';
import { Fundamental } from './fundamental.js';
import { MarketMakers } from './market-maker.js';
import { MomentumAgents } from './momentum.js';
import { NoiseAgents } from './noise.js';
import { OrderDesk } from './order-desk.js';
import { ValueAgents } from './value.js';

const NOISE = 0;
const VALUE = 1;
const MOMENTUM = 2;
const MAKER = 3;
const EXECUTION = 4;

/** Agents of one sort. */
interface Sort {
  readonly count: number;
  readonly wakeS: number;
  /** Slots of the desk that one agent owns. */
  readonly slots: number;
}

export class AgentFlow implements OrderFlow {
  /** The value that value agents look at. */
  readonly fundamental: Fundamental;
  /** Wakes since the start of the run. */
  wakes = 0;
  private readonly clock = new Float64Array(1);
  declare private readonly draws: Draws;
  declare private readonly heap: EventHeap;
  declare readonly desk: OrderDesk;
  declare private readonly noise: NoiseAgents;
  declare readonly value: ValueAgents;
  declare private readonly momentum: MomentumAgents;
  declare private readonly makers: MarketMakers;
  declare private readonly execution: ExecutionAgents;
  /** By agent: its sort, its number within the sort, its first slot. */
  declare private readonly sortOf: Uint8Array;
  declare private readonly numberOf: Int32Array;
  declare private readonly slotOf: Int32Array;
  /** By sort: mean sleep in ns. */
  declare private readonly sleepNs: Float64Array;

  /** Agents' orders take the book's ids from `firstId` on. */
  constructor(spec: AgentSpec, draws: Draws, firstId: number) {
    this.draws = draws;
    this.fundamental = new Fundamental(spec.fundamentalSigmaTicksPerSqrtS, spec.fundamentalReversionPerS);
    const makerSlots = 2 * spec.makerLevels;
    const sorts: readonly Sort[] = [
      { count: spec.noiseAgents, wakeS: spec.noiseWakeS, slots: 1 },
      { count: spec.valueAgents, wakeS: spec.valueWakeS, slots: 1 },
      { count: spec.momentumAgents, wakeS: spec.momentumWakeS, slots: 1 },
      { count: spec.makerAgents, wakeS: spec.makerWakeS, slots: makerSlots },
      { count: spec.executionAgents, wakeS: spec.executionWakeS, slots: 1 },
    ];
    const agents = sorts.reduce((sum, { count }) => sum + count, 0);
    const slots = sorts.reduce((sum, sort) => sum + sort.count * sort.slots, 0);
    this.sleepNs = Float64Array.from(sorts, ({ wakeS }) => wakeS * 1e9);
    this.heap = new EventHeap(agents);
    this.sortOf = new Uint8Array(agents);
    this.numberOf = new Int32Array(agents);
    this.slotOf = new Int32Array(agents);
    this.layOut(sorts);
    this.desk = new OrderDesk(slots, firstId);
    const { desk } = this;
    const size = new OrderSize(spec.orderSize);
    this.noise = new NoiseAgents(desk, draws, size);
    this.value = new ValueAgents(spec, desk, draws, size, this.fundamental, this.clock);
    this.momentum = new MomentumAgents(spec, desk, draws, size);
    this.makers = new MarketMakers(spec, desk);
    this.execution = new ExecutionAgents(spec, desk, draws);
  }

  /**
   * Begins a run at time 0 on an empty book: market makers lay their ladders around bid = midTicks, ask =
   * midTicks + 1, which is also the fundamental value, and everybody falls asleep. Run a warm-up before use.
   */
  seed(book: OrderBook, midTicks: number): void {
    const { clock, desk, draws, heap, sleepNs, sortOf } = this;
    clock[0] = 0;
    this.wakes = 0;
    this.fundamental.start(midTicks + 0.5);
    desk.start(book, midTicks);
    this.value.start();
    this.momentum.start();
    this.makers.start();
    this.execution.start();
    heap.clear();
    for (let agent = 0; agent < sortOf.length; agent++) {
      if (sortOf[agent] === MAKER) this.makers.act(this.numberOf[agent], this.slotOf[agent]);
      const sleep = sleepNs[sortOf[agent]] * draws.exponentials[draws.exponentialIndex()];
      heap.push(Math.ceil(sleep), agent);
    }
  }

  /** The clock jumps without touching the book: everybody sleeps on for as long as was left. */
  jump(fromNs: number, toNs: number): void {
    const byNs = toNs - fromNs;
    this.clock[0] += byNs;
    this.heap.shift(byNs);
    this.fundamental.shift(byNs);
    this.value.shift(byNs);
  }

  nextNs(): number {
    return this.heap.timesNs[0];
  }

  /**
   * The next agent wakes and acts. The prices given, NIL for an empty side, are shown to it while the
   * orders stand elsewhere than in the book; see OrderDesk.look.
   */
  step(entry: OrderEntry, bidTicks: number, askTicks: number): void {
    const { clock, desk, draws, heap } = this;
    const { timesNs } = heap;
    const agent = heap.top();
    const sort = this.sortOf[agent];
    const slot = this.slotOf[agent];
    clock[0] = timesNs[0];
    desk.look(entry, bidTicks, askTicks);
    if (sort === NOISE) this.noise.act(slot);
    else if (sort === VALUE) this.value.act(this.numberOf[agent], slot);
    else if (sort === MOMENTUM) this.momentum.act(this.numberOf[agent], slot);
    else if (sort === MAKER) this.makers.act(this.numberOf[agent], slot);
    else if (sort === EXECUTION) this.execution.act(this.numberOf[agent], slot);
    // Whole nanoseconds, as everywhere; rounding up keeps two wakes of an agent apart.
    timesNs[0] += Math.ceil(this.sleepNs[sort] * draws.exponentials[draws.exponentialIndex()]);
    heap.sink();
    this.wakes++;
  }

  fill(id: number, qtyLots: number): void {
    this.desk.fill(id, qtyLots);
  }

  private layOut(sorts: readonly Sort[]): void {
    let agent = 0;
    let slot = 0;
    sorts.forEach(({ count, slots }, sort) => {
      for (let k = 0; k < count; k++, agent++, slot += slots) {
        this.sortOf[agent] = sort;
        this.numberOf[agent] = k;
        this.slotOf[agent] = slot;
      }
    });
  }
}

/** The flow of these agents as a part of a market. */
export function agentFlow(spec: AgentSpec): OrderFlowFactory {
  return (draws, firstId) => new AgentFlow(spec, draws, firstId);
}
