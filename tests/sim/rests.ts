/**
 * Rests, watched from outside: a chunk that was lost again is sent no sooner than it should, and one that
 * was lost once or came back unrun is not kept waiting.
 */
import type { RouterEffect, RouterState } from '../../src/router/state.js';

/** No chunk rests for longer, however often it was lost. */
const LONGEST_MS = 2_000;

interface Lost {
  readonly losses: number;
  readonly atMs: number;
}

export class RestWatch {
  readonly #fault: (text: string) => void;
  /** The last loss of each open chunk, by the router's clock. */
  readonly #lost = new Map<string, Lost>();

  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  /** A new router has seen no losses. */
  restarted(): void {
    this.#lost.clear();
  }

  after(router: RouterState, nowMs: number, effects: readonly RouterEffect[]): void {
    for (const { key, losses, peer } of router.open.values()) {
      const lost = this.#lost.get(key);
      if (losses > (lost?.losses ?? 0)) this.#lost.set(key, { losses, atMs: nowMs });
      if (losses < 2 && router.resting.has(key)) this.#fault(`I4 ${key} rests after ${losses} losses`);
      if (peer !== null && router.resting.has(key)) this.#fault(`I8 ${key} rests while ${peer} has it`);
    }
    for (const effect of effects) {
      if (effect.type !== 'send' || effect.message.type !== 'work') continue;
      for (const { jobId, chunk } of effect.message.items) this.#sent(`${jobId}/${chunk}`, nowMs);
    }
  }

  #sent(key: string, nowMs: number): void {
    const { losses, atMs } = this.#lost.get(key) ?? { losses: 0, atMs: 0 };
    if (losses < 2) return;
    const leastMs = Math.min(LONGEST_MS, 100 * 2 ** (losses - 2)) / 2;
    const restedMs = nowMs - atMs;
    if (restedMs < leastMs)
      this.#fault(`I4 ${key} is sent ${Math.round(restedMs)} ms after its loss ${losses}, not ${leastMs}`);
  }
}
