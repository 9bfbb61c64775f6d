/** Virtual time: what happens next is the earliest event, of equals the one that was planned first. */

interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

export class Timeline {
  readonly #heap: Planned[] = [];
  #order = 0;
  nowMs = 0;

  at(delayMs: number, act: () => void): void {
    const heap = this.#heap;
    heap.push({ atMs: this.nowMs + delayMs, order: this.#order++, act });
    for (let i = heap.length - 1; i > 0;) {
      const up = (i - 1) >> 1;
      if (!before(heap[i]!, heap[up]!)) break;
      [heap[i], heap[up]] = [heap[up]!, heap[i]!];
      i = up;
    }
  }

  /** Repeats `act` until it says false. */
  every(ms: number, act: () => boolean): void {
    this.at(ms, () => {
      if (act()) this.every(ms, act);
    });
  }

  /** Runs one event; false when there is none. */
  next(): boolean {
    const heap = this.#heap;
    const top = heap[0];
    if (!top) return false;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    this.nowMs = top.atMs;
    top.act();
    return true;
  }

  #sink(entry: Planned): void {
    const heap = this.#heap;
    heap[0] = entry;
    for (let i = 0; ;) {
      let least = i;
      for (let child = 2 * i + 1; child <= 2 * i + 2; child++) {
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
