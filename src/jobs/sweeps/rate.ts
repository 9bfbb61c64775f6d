/** How many jobs end in a second, over the last ten seconds. */

const SLOTS = 100;
const SLOT_MS = 100;

export class Rate {
  readonly #startMs: number;
  readonly #ended = new Float64Array(SLOTS);
  /** Number of the slot that was written last, counted from the start. */
  #slot = 0;

  constructor(nowMs: number) {
    this.#startMs = nowMs;
  }

  /** Monotonic milliseconds. */
  note(nowMs: number, jobs: number): void {
    this.#advance(nowMs);
    this.#ended[this.#slot % SLOTS]! += jobs;
  }

  /** Null while none has ended. */
  perS(nowMs: number): number | null {
    this.#advance(nowMs);
    let ended = 0;
    for (const jobs of this.#ended) ended += jobs;
    if (ended === 0) return null;
    const spanMs = Math.min(
      nowMs - this.#startMs,
      (SLOTS - 1) * SLOT_MS + ((nowMs - this.#startMs) % SLOT_MS),
    );
    return spanMs > 0 ? (ended * 1e3) / spanMs : null;
  }

  /** Forgets what is older than all slots. */
  #advance(nowMs: number): void {
    const slot = Math.floor((nowMs - this.#startMs) / SLOT_MS);
    const from = Math.max(this.#slot + 1, slot - SLOTS + 1);
    for (let passed = from; passed <= slot; passed++) this.#ended[passed % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}
