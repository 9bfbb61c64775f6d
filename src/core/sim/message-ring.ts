/**
 * Messages in flight between a trader and the exchange: a first-in first-out ring of (time, four integers).
 *
 * With a constant latency messages arrive in the order in which they were sent, so a ring is a full event
 * queue and push and pop cost O(1). A free place holds the time Infinity, so that an empty ring is no case
 * of its own. It doubles when full, which happens outside the steady state; nothing else allocates.
 */
export class MessageRing {
  declare private timesNs: Float64Array;
  declare private words: Int32Array;
  declare private mask: number;
  private head = 0;
  private size = 0;

  /**
   * `capacity` is a power of two. Few messages are on their way at a time, and so small arrays cost a run
   * nothing to set up: V8 keeps them on its own heap.
   */
  constructor(capacity = 4) {
    this.timesNs = new Float64Array(capacity).fill(Infinity);
    this.words = new Int32Array(4 * capacity);
    this.mask = capacity - 1;
  }

  /** Arrival time of the oldest message, Infinity when there is none. */
  nextNs(): number {
    return this.timesNs[this.head];
  }

  /** Adds a message; tNs must not be smaller than that of the message before. */
  push(tNs: number, what: number, a: number, b: number, c: number): void {
    if (this.size > this.mask) this.grow();
    const at = (this.head + this.size) & this.mask;
    this.timesNs[at] = tNs;
    this.words[4 * at] = what;
    this.words[4 * at + 1] = a;
    this.words[4 * at + 2] = b;
    this.words[4 * at + 3] = c;
    this.size++;
  }

  /** Word 0..3 of the oldest message. */
  word(index: number): number {
    return this.words[4 * this.head + index];
  }

  pop(): void {
    this.timesNs[this.head] = Infinity;
    this.head = (this.head + 1) & this.mask;
    this.size--;
  }

  clear(): void {
    this.timesNs.fill(Infinity);
    this.head = 0;
    this.size = 0;
  }

  private grow(): void {
    const capacity = 2 * (this.mask + 1);
    const timesNs = new Float64Array(capacity).fill(Infinity);
    const words = new Int32Array(4 * capacity);
    for (let i = 0; i < this.size; i++) {
      const from = (this.head + i) & this.mask;
      timesNs[i] = this.timesNs[from];
      for (let w = 0; w < 4; w++) words[4 * i + w] = this.words[4 * from + w];
    }
    this.timesNs = timesNs;
    this.words = words;
    this.mask = capacity - 1;
    this.head = 0;
  }
}
