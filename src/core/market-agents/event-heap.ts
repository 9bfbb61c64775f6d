/**
 * A queue of things by time: a 4-ary heap in typed arrays; what is due at the same time comes in the order
 * in which it was put there.
 *
 * Why this structure: thousands of agents sleep and one wakes at a time. Four children a node halve the
 * levels of a binary heap and lie side by side in the cache (Johnson 1975, d-heaps). The commonest step is
 * one call: the agent that wakes goes to sleep again, so the top is given a later time and sinks, without a
 * removal and an insertion. Cost: O(log4 n) per step, about 50 ns for 4,000 entries; no allocation after
 * the arrays have grown to the number of entries. Slow: nothing finds an entry that is not at the top.
 * Times are read and written through `timesNs`, because V8 boxes a double that crosses a call.
 */
import { NIL } from '../book/codes.js';

export class EventHeap {
  size = 0;
  /** Times in ns in heap order; [0] is the earliest, Infinity while the heap is empty. */
  declare timesNs: Float64Array;
  /** Rank among equal times: a count of pushes and sinks. */
  declare private ranks: Float64Array;
  declare private things: Int32Array;
  private count = 0;

  constructor(capacity = 64) {
    this.timesNs = new Float64Array(Math.max(1, capacity)).fill(Infinity);
    this.ranks = new Float64Array(this.timesNs.length);
    this.things = new Int32Array(this.timesNs.length);
  }

  /** What is earliest; NIL while the heap is empty. */
  top(): number {
    return this.size === 0 ? NIL : this.things[0];
  }

  /** Adds a thing, an integer, due at tNs. */
  push(tNs: number, thing: number): void {
    if (this.size === this.timesNs.length) this.grow();
    const { timesNs, ranks, things } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // The newest goes behind what is due at the same time.
      if (timesNs[parent] <= tNs) break;
      timesNs[at] = timesNs[parent];
      ranks[at] = ranks[parent];
      things[at] = things[parent];
      at = parent;
    }
    timesNs[at] = tNs;
    ranks[at] = this.count++;
    things[at] = thing;
  }

  /** After timesNs[0] was set to another, not earlier, time: puts the top where it belongs now. */
  sink(): void {
    this.place(this.timesNs[0], this.count++, this.things[0]);
  }

  /** Takes the earliest out; nothing happens while the heap is empty. */
  pop(): void {
    if (this.size === 0) return;
    const last = --this.size;
    const { timesNs, ranks, things } = this;
    const [tNs, rank, thing] = [timesNs[last], ranks[last], things[last]];
    timesNs[last] = Infinity;
    if (last > 0) this.place(tNs, rank, thing);
  }

  /** Moves all times by so many ns: the order stays. */
  shift(byNs: number): void {
    for (let i = 0; i < this.size; i++) this.timesNs[i] += byNs;
  }

  clear(): void {
    this.size = 0;
    this.count = 0;
    this.timesNs.fill(Infinity);
  }

  /** Lets an entry sink from the top, whose own entry is overwritten. */
  private place(tNs: number, rank: number, thing: number): void {
    const { timesNs, ranks, things, size } = this;
    let at = 0;
    for (let first = 1; first < size; first = 4 * at + 1) {
      let least = first;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) {
        const isLess =
          timesNs[child] < timesNs[least] ||
          (timesNs[child] === timesNs[least] && ranks[child] < ranks[least]);
        if (isLess) least = child;
      }
      if (tNs < timesNs[least] || (tNs === timesNs[least] && rank < ranks[least])) break;
      timesNs[at] = timesNs[least];
      ranks[at] = ranks[least];
      things[at] = things[least];
      at = least;
    }
    timesNs[at] = tNs;
    ranks[at] = rank;
    things[at] = thing;
  }

  private grow(): void {
    const capacity = 2 * this.timesNs.length;
    const timesNs = new Float64Array(capacity).fill(Infinity);
    timesNs.set(this.timesNs);
    const ranks = new Float64Array(capacity);
    ranks.set(this.ranks);
    const things = new Int32Array(capacity);
    things.set(this.things);
    this.timesNs = timesNs;
    this.ranks = ranks;
    this.things = things;
  }
}
