/** The faults of one run, each under a number of its own, so that a run can be repeated without some. */

export class Faults {
  readonly #without: ReadonlySet<number>;
  readonly #taken: Map<number, string> | null;

  /** `taken`, where given, is filled with a sentence for each fault that happened. */
  constructor(without: ReadonlySet<number> = new Set(), taken: Map<number, string> | null = null) {
    this.#without = without;
    this.#taken = taken;
  }

  /** Whether this fault shall happen. */
  happens(id: number, text: () => string): boolean {
    if (this.#without.has(id)) return false;
    this.#taken?.set(id, text());
    return true;
  }
}
