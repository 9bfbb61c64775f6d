/** Random choices of one fuzzed input: everything about it follows from the decoder's name and its number. */

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Input `number` of the decoder `name`: neighbours have nothing in common. */
  constructor(name: string, number: number) {
    let hash = 0x811c9dc5;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    this.#a = hash;
    this.#b = number | 0;
    this.#c = (number / 2 ** 32) | 0;
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits (sfc32, from the PractRand suite of Chris Doty-Humphrey). */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer 0..n-1. */
  below(n: number): number {
    return Math.floor((this.bits() / 2 ** 32) * n);
  }

  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** Few most of the time, up to `most` now and then: 1 with a half, 2 with a quarter, and so on. */
  few(most: number): number {
    let n = 1;
    while (n < most && this.chance(0.5)) n++;
    return n;
  }
}
