/** Random but valid order book histories: as a feed that shows every level, and cut to the best L levels. */
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';

export const TICK_E4 = 100;
/** Enough levels for every price that a history uses. */
export const ALL_LEVELS = 48;

interface Resting {
  id: number;
  lots: number;
}

interface Message {
  type: number;
  id: number;
  lots: number;
  priceTicks: number;
  side: number;
  /** Full book after the message: both sides, best first. */
  book: { priceTicks: number; lots: number }[][];
}

export type Random = (below: number) => number;

/** A small seeded generator of integers below n (mulberry32), independent of the project's own streams. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/**
 * A book with price-time priority that emits a message per event; prices 1..40 ticks, both sides never empty
 * for long.
 */
class Activity {
  readonly messages: Message[] = [];
  private readonly sides: Map<number, Resting[]>[] = [new Map(), new Map()];
  private nextId = 1;
  private readonly random: Random;

  constructor(random: Random, count: number) {
    this.random = random;
    for (let k = 0; k < 12; k++)
      this.submit(k % 2, k % 2 === 0 ? 10 + random(10) : 21 + random(10), 1 + random(9));
    this.emit(5, 0, 1, 20, 0);
    while (this.messages.length < count) this.event();
  }

  private event(): void {
    const side = this.random(2);
    const dice = this.random(100);
    if (dice < 45) {
      const best = this.best(1 - side);
      const from = side === 0 ? (best ?? 22) - 1 : (best ?? 19) + 1;
      const distance = this.random(4) === 0 ? this.random(10) : this.random(3);
      const priceTicks = side === 0 ? from - distance : from + distance;
      if (priceTicks < 1 || priceTicks > 40) return;
      const lots = 1 + this.random(9);
      const id = this.submit(side, priceTicks, lots);
      this.emit(1, id, lots, priceTicks, side);
    } else if (dice < 70) {
      this.cancel(side);
    } else if (dice < 95) {
      const priceTicks = this.best(side);
      const order = priceTicks === undefined ? undefined : this.sides[side]?.get(priceTicks)?.[0];
      if (priceTicks === undefined || order === undefined) return;
      const lots = this.random(2) === 0 ? order.lots : 1 + this.random(order.lots);
      this.reduce(side, priceTicks, order, lots);
      this.emit(4, order.id, lots, priceTicks, side);
    } else {
      this.emit(dice < 98 ? 5 : 7, 0, 1 + this.random(9), 20, side);
    }
  }

  private cancel(side: number): void {
    const prices = [...(this.sides[side]?.keys() ?? [])];
    const priceTicks = prices[this.random(Math.max(1, prices.length))];
    const queue = priceTicks === undefined ? undefined : this.sides[side]?.get(priceTicks);
    const order = queue?.[this.random(queue.length)];
    if (priceTicks === undefined || order === undefined) return;
    const part = order.lots > 1 && this.random(2) === 0;
    const lots = part ? 1 + this.random(order.lots - 1) : order.lots;
    this.reduce(side, priceTicks, order, lots);
    this.emit(part ? 2 : 3, order.id, lots, priceTicks, side);
  }

  private submit(side: number, priceTicks: number, lots: number): number {
    const id = this.nextId++;
    const book = this.sides[side] as Map<number, Resting[]>;
    book.set(priceTicks, [...(book.get(priceTicks) ?? []), { id, lots }]);
    return id;
  }

  private reduce(side: number, priceTicks: number, order: Resting, lots: number): void {
    order.lots -= lots;
    const book = this.sides[side] as Map<number, Resting[]>;
    const rest = (book.get(priceTicks) ?? []).filter((other) => other.lots > 0);
    if (rest.length === 0) book.delete(priceTicks);
    else book.set(priceTicks, rest);
  }

  private best(side: number): number | undefined {
    return this.levels(side)[0]?.priceTicks;
  }

  private levels(side: number): { priceTicks: number; lots: number }[] {
    return [...(this.sides[side] as Map<number, Resting[]>)]
      .map(([priceTicks, queue]) => ({ priceTicks, lots: queue.reduce((sum, { lots }) => sum + lots, 0) }))
      .sort((a, b) => (side === 0 ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
  }

  private emit(type: number, id: number, lots: number, priceTicks: number, side: number): void {
    this.messages.push({ type, id, lots, priceTicks, side, book: [this.levels(0), this.levels(1)] });
  }
}

/** Book row of a message: `levels` levels, empty ones -1, 0. */
function cellsOf({ book }: Message, levels: number): number[] {
  return Array.from({ length: levels }, (_, k) => {
    const [bid, ask] = [book[0]?.[k], book[1]?.[k]];
    return [
      ask ? ask.priceTicks * TICK_E4 : -1,
      ask?.lots ?? 0,
      bid ? bid.priceTicks * TICK_E4 : -1,
      bid?.lots ?? 0,
    ];
  }).flat();
}

/** The feed that a venue would publish at a depth: events outside the best `levels` levels are not in it. */
function publish(messages: readonly Message[], levels: number): ReplayFeed {
  const rows: { message: Message; tNs: number; cells: number[] }[] = [];
  messages.forEach((message, k) => {
    const cells = cellsOf(message, levels);
    const before = rows.at(-1)?.cells.join();
    if (message.type >= 5 || before !== cells.join()) rows.push({ message, tNs: 1000 + k, cells });
  });
  const dense = new Map<number, number>();
  const order = rows.map(({ message }) => {
    if (!dense.has(message.id)) dense.set(message.id, dense.size);
    return dense.get(message.id) as number;
  });
  return {
    rows: rows.length,
    levels,
    gridE4: TICK_E4,
    orders: dense.size,
    tNs: Float64Array.from(rows, ({ tNs }) => tNs),
    type: Uint8Array.from(rows, ({ message }) => message.type),
    order: Int32Array.from(order),
    lots: Int32Array.from(rows, ({ message }) => message.lots),
    priceE4: Int32Array.from(rows, ({ message }) => message.priceTicks * TICK_E4),
    side: Uint8Array.from(rows, ({ message }) => message.side),
    cells: Int32Array.from(rows.flatMap(({ cells }) => cells)),
  };
}

/** A history of `count` events: what shows everything, and what a level-`levels` file shows of it. */
export function history(seed: number, count: number, levels: number): { full: ReplayFeed; cut: ReplayFeed } {
  const { messages } = new Activity(randomFrom(seed), count);
  return { full: publish(messages, ALL_LEVELS), cut: publish(messages, levels) };
}
