/** The event heap against a sorted list: earliest first, equal times in the order in which they came. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NIL } from '../../../src/core/book/codes.js';
import { EventHeap } from '../../../src/core/market-agents/event-heap.js';

interface Entry {
  tNs: number;
  rank: number;
  thing: number;
}

const before = (a: Entry, b: Entry): number => a.tNs - b.tNs || a.rank - b.rank;

describe('EventHeap', () => {
  it('gives what a sorted list gives under random pushes, sinks, pops and shifts', () => {
    const command = fc.tuple(fc.nat(5), fc.nat(6));
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
        const heap = new EventHeap(1);
        let list: Entry[] = [];
        let rank = 0;
        commands.forEach(([what, by], thing) => {
          const first = list[0];
          if (what <= 2 || first === undefined) {
            const tNs = (first?.tNs ?? 0) + by;
            heap.push(tNs, thing);
            list.push({ tNs, rank: rank++, thing });
          } else if (what === 3) {
            heap.timesNs[0]! += by;
            heap.sink();
            first.tNs += by;
            first.rank = rank++;
          } else if (what === 4) {
            heap.pop();
            list.shift();
          } else {
            heap.shift(by);
            list = list.map((entry) => ({ ...entry, tNs: entry.tNs + by }));
          }
          list.sort(before);
          expect([heap.size, heap.top()]).toEqual([list.length, list[0]?.thing ?? NIL]);
          expect(heap.timesNs[0]).toBe(list[0]?.tNs ?? Infinity);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is empty after clear, and then gives the same order again', () => {
    const heap = new EventHeap();
    const drain = () => {
      for (let i = 0; i < 100; i++) heap.push((i * 7) % 5, i);
      const out: number[] = [];
      for (; heap.size > 0; heap.pop()) out.push(heap.top());
      return out;
    };
    const once = drain();
    heap.push(3, 3);
    heap.clear();
    expect([heap.size, heap.top(), heap.timesNs[0]]).toEqual([0, NIL, Infinity]);
    expect(drain()).toEqual(once);
    expect(once.slice(0, 3)).toEqual([0, 5, 10]);
  });
});
