/**
 * Real against simulated: stylised facts of two tapes side by side, with errors and distances.
 *
 * Blocks of time are the sample: a value is the mean over blocks, its error that between them (batch means;
 * Law 2015, section 9.5.3). Laws are pooled over blocks and compared by three distances: Kolmogorov-Smirnov,
 * total variation (half the L1 distance) and Wasserstein-1, as LOB-Bench does (Nagy et al. 2025). What a
 * distance of nought looks like is told by the band: the 95 % quantile of the distance between a bootstrap
 * copy of the real blocks and the real law. Cost: copies x blocks x bins.
 */
import { meanOf, type Estimate } from '../metrics/estimate.js';
import { RESAMPLE } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import { FACTS, type FactDefinition } from './definitions.js';

const COPIES = 400;

/** Columns of the table `facts`. */
export interface FactRows {
  readonly run: ArrayLike<number>;
  readonly block: ArrayLike<number>;
  readonly fact: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

export interface FactPoint {
  readonly x: number;
  /** Null where the tape has no such value. */
  readonly real: Estimate | null;
  readonly simulated: Estimate | null;
}

export interface Distance {
  readonly value: number;
  /** 95 % of the copies of the real blocks are nearer than this. */
  readonly band: number;
}

export interface ComparedFact {
  readonly definition: FactDefinition;
  readonly points: readonly FactPoint[];
  /** Of a law; null of other facts. `wasserstein` is in the unit of x. */
  readonly distances: {
    readonly kolmogorovSmirnov: Distance;
    readonly totalVariation: Distance;
    readonly wasserstein: Distance;
  } | null;
}

/** All facts that either side has, in the order of their definitions. */
export function compareFacts(real: FactRows, simulated: FactRows): ComparedFact[] {
  return FACTS.flatMap((definition, number) => {
    const [ofReal, ofSimulated] = [gather(real, number), gather(simulated, number)];
    const xs = [...new Set([...ofReal.keys(), ...ofSimulated.keys()])].sort((a, b) => a - b);
    if (xs.length === 0) return [];
    const mean = (of: Map<number, number[]>, x: number): Estimate | null => meanOf(of.get(x) ?? []);
    const points = xs.map((x) => ({ x, real: mean(ofReal, x), simulated: mean(ofSimulated, x) }));
    return [
      {
        definition,
        points,
        distances: definition.form === 'law' ? distances(xs, ofReal, ofSimulated) : null,
      },
    ];
  });
}

/** Values by x, one of each block. */
function gather(rows: FactRows, number: number): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let i = 0; i < rows.fact.length; i++) {
    if (rows.fact[i] !== number) continue;
    const values = found.get(rows.x[i]);
    if (values === undefined) found.set(rows.x[i], [rows.value[i]]);
    else values.push(rows.value[i]);
  }
  return found;
}

function distances(
  xs: readonly number[],
  real: Map<number, number[]>,
  simulated: Map<number, number[]>,
): ComparedFact['distances'] {
  const blocks = real.get(xs[0])?.length ?? 0;
  if (blocks === 0 || (simulated.get(xs[0])?.length ?? 0) === 0) return null;
  const lawOf = (of: Map<number, number[]>, pick?: Int32Array): Float64Array =>
    Float64Array.from(xs, (x) => {
      const values = of.get(x) ?? [];
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[pick === undefined ? i : pick[i]];
      return values.length > 0 ? sum / values.length : 0;
    });
  const law = lawOf(real);
  const stream = new Stream(0, 1, RESAMPLE);
  const pick = new Int32Array(blocks);
  const copies = Array.from({ length: COPIES }, () => {
    for (let i = 0; i < blocks; i++) pick[i] = stream.below(blocks);
    return lawOf(real, pick);
  });
  const other = lawOf(simulated);
  const of = (measure: typeof wasserstein): Distance => {
    const own = copies.map((copy) => measure(copy, law, xs)).sort((a, b) => a - b);
    return { value: measure(other, law, xs), band: own[Math.floor(0.95 * COPIES)] };
  };
  return {
    kolmogorovSmirnov: of(kolmogorovSmirnov),
    totalVariation: of(totalVariation),
    wasserstein: of(wasserstein),
  };
}

/** Largest difference of the two distribution functions. */
export function kolmogorovSmirnov(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let [ahead, largest] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    ahead += p[i] - q[i];
    largest = Math.max(largest, Math.abs(ahead));
  }
  return largest;
}

/** Half the sum of the absolute differences of the shares. */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i] - q[i]);
  return sum / 2;
}

/** Area between the distribution functions, the bins standing at their starts `xs`. */
export function wasserstein(p: ArrayLike<number>, q: ArrayLike<number>, xs: ArrayLike<number>): number {
  let [ahead, area] = [0, 0];
  for (let i = 0; i + 1 < p.length; i++) {
    ahead += p[i] - q[i];
    area += Math.abs(ahead) * (xs[i + 1] - xs[i]);
  }
  return area;
}
