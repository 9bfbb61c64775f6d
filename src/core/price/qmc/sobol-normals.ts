/**
 * Normals of paths from scrambled Sobol points in the order of a Brownian bridge: randomised quasi-Monte
 * Carlo.
 *
 * Paths 0..points-1 are the points of the first randomisation, the next `points` those of the second, and so
 * on. The mean over one randomisation is unbiased and far nearer to the truth than that of independent
 * paths; the scatter of the means over randomisations, which are independent, is its error (L'Ecuyer &
 * Lemieux 2002; at least 16 of them). Paths of one randomisation are not independent: an error from their
 * own scatter is wrong. With several drivers, coordinate level x factors + factor of a point feeds level
 * `level` of the bridge of driver `factor`: the ends of all drivers first. Cost a normal: 5 ns for the
 * point, 15 ns for the quantile (AS 241), 5 ns for the bridge.
 */
import { normalQuantiles } from '../../math/normal.js';
import type { NormalSource } from '../normal-source.js';
import { BrownianBridge } from './brownian-bridge.js';
import { MAX_DIMENSIONS, SobolPoints } from './sobol.js';

export { MAX_DIMENSIONS };

/** Below so many randomisations the scatter of their means says too little about the error. */
export const MIN_RANDOMISATIONS = 16;

export interface SobolOptions {
  readonly seed: number;
  /** Points of one randomisation: a power of two, 1..2^31. */
  readonly points: number;
  /** Drivers of the process: perPath = factors x steps; 1 by default. */
  readonly factors?: number;
  /** False leaves the coordinates in the order of time. */
  readonly bridge?: boolean;
}

/**
 * How a budget of paths is spent: the largest power of two of points that leaves at least 16
 * randomisations.
 */
export interface Randomisations {
  readonly points: number;
  readonly randomisations: number;
}

/** Splits `paths` >= 16 into 16..31 randomisations; what does not fill a whole one is left out. */
export function splitPaths(paths: number): Randomisations {
  let points = 1;
  while (2 * points * MIN_RANDOMISATIONS <= paths) points *= 2;
  return { points, randomisations: Math.floor(paths / points) };
}

export class SobolNormals implements NormalSource {
  private readonly seed: number;
  private readonly points: number;
  private readonly factors: number;
  private readonly bridged: boolean;
  private sequence: SobolPoints | null = null;
  private bridge = new BrownianBridge(1);
  private normals = new Float64Array(0);

  constructor({ seed, points, factors = 1, bridge = true }: SobolOptions) {
    if (!(points >= 1 && points <= 2147483648 && isPowerOfTwo(points))) {
      throw new RangeError(`points: expected a power of two, 1..2^31; got ${points}`);
    }
    this.seed = seed;
    this.points = points;
    this.factors = factors;
    this.bridged = bridge;
  }

  /** Throws a RangeError where `perPath` is above MAX_DIMENSIONS or no multiple of the factors. */
  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void {
    const sequence = this.sequence?.dimensions === perPath ? this.sequence : this.sized(perPath);
    const { normals, factors, bridge } = this;
    const steps = perPath / factors;
    let place = firstPath % this.points;
    let randomisation = (firstPath - place) / this.points;
    sequence.seek(randomisation, place);
    for (let path = 0; path < count; path++) {
      sequence.next(normals);
      normalQuantiles(normals, perPath);
      const at = path * perPath;
      for (let factor = 0; factor < factors; factor++) {
        if (this.bridged) bridge.increments(normals, factor, factors, out, at + factor * steps);
        else {
          for (let step = 0; step < steps; step++) {
            out[at + factor * steps + step] = normals[factor + step * factors];
          }
        }
      }
      if (++place === this.points) {
        place = 0;
        sequence.seek(++randomisation, 0);
      }
    }
  }

  private sized(perPath: number): SobolPoints {
    if (perPath % this.factors !== 0) {
      throw new RangeError(`perPath: expected a multiple of ${this.factors} factors; got ${perPath}`);
    }
    this.sequence = new SobolPoints(this.seed, perPath);
    this.bridge = new BrownianBridge(perPath / this.factors);
    this.normals = new Float64Array(perPath);
    return this.sequence;
  }
}

function isPowerOfTwo(n: number): boolean {
  let power = 1;
  while (power < n) power *= 2;
  return power === n;
}
