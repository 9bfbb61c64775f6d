/**
 * Latencies that vary: a connection whose messages take times drawn from a law, by what they say.
 *
 * Each direction is one first-in first-out connection, as TCP is: a message arrives after its own delay, but
 * never before one that was sent earlier on the same connection. So a cancel cannot overtake the order it is
 * meant for, even if cancels are quicker, and news comes in order. A slow message holds up those behind it.
 * Laws: constant; log-normal, exp(sigma Z) times the median; empirical, the inverse of a distribution
 * function that is linear between equally likely quantiles (a list of samples is one). A speed bump adds a
 * constant to orders that take liquidity, or to all messages to the exchange, cancels among them.
 * Cost: one draw and, for the log-normal law, one exp a message; a constant law draws nothing. Constant
 * latencies alike for all messages need none of this: message-ring.ts is enough.
 */
import { Draws } from '../flow/draws.js';
import { exp } from '../math/exp.js';
import { Stream } from '../rng/stream.js';
import { MessageRing } from './message-ring.js';

export type LatencyLaw =
  | { readonly type: 'constant'; readonly ns: number }
  | { readonly type: 'log-normal'; readonly medianNs: number; readonly sigma: number }
  /** At least one quantile, in ascending order: the smallest, equally likely steps, the largest. */
  | { readonly type: 'empirical'; readonly quantilesNs: readonly number[] };

/** The law of one sort of message, and what a speed bump adds to it. */
export interface MessageLatency {
  readonly law: LatencyLaw;
  readonly bumpNs: number;
}

export class LatencyRing extends MessageRing {
  declare private readonly draws: Draws;
  /** By the word that a message begins with; the last one holds for all words beyond. */
  declare private readonly latencies: readonly MessageLatency[];
  private readonly lastNs = new Float64Array(1);
  private readonly delayNs = new Float64Array(1);

  /** Draws come from stream (seed, unit, name); see core/rng/names.ts. */
  constructor(latencies: readonly MessageLatency[], seed: number, unit: number, name: number) {
    super();
    this.latencies = latencies;
    this.draws = new Draws(new Stream());
    this.draws.key(seed, unit, name);
  }

  /** Sends a message at tNs; it arrives after its delay, and after all that were sent before. */
  override push(tNs: number, what: number, a: number, b: number, c: number): void {
    const { lastNs } = this;
    const { law, bumpNs } = this.latencies[Math.min(what, this.latencies.length - 1)];
    this.draw(law);
    lastNs[0] = Math.max(lastNs[0], tNs + bumpNs + this.delayNs[0]);
    super.push(lastNs[0], what, a, b, c);
  }

  override clear(): void {
    super.clear();
    this.lastNs[0] = 0;
  }

  /** Whole nanoseconds into delayNs. */
  private draw(law: LatencyLaw): void {
    const { delayNs, draws } = this;
    if (law.type === 'constant') delayNs[0] = law.ns;
    else if (law.type === 'log-normal') {
      delayNs[0] = Math.round(law.medianNs * exp(law.sigma * draws.normals[draws.normalIndex()]));
    } else {
      const { quantilesNs } = law;
      const x = draws.uniform() * (quantilesNs.length - 1);
      const i = Math.floor(x);
      const low = quantilesNs[i];
      const high = quantilesNs[Math.min(i + 1, quantilesNs.length - 1)];
      delayNs[0] = Math.round(low + (x - i) * (high - low));
    }
  }
}
