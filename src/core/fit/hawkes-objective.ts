/**
 * Minus the log-likelihood of one component of a Hawkes process as a search sees it, with its second
 * derivatives.
 *
 * The parameters x are mu over the mean rate for each segment, the branching ratios n_j = alpha_j / beta >=
 * 0 and ln beta: numbers near 1 whatever the units are. The kernels of hawkes-likelihood.ts and
 * hawkes-univariate.ts do the passes; here is the change of variables, O(p^2).
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { hessianAt } from './bounded-bfgs.js';
import type { Objective } from './bounded-bfgs.js';
import type { DecayedStream } from './hawkes-decayed.js';
import { componentInformation, componentLikelihood } from './hawkes-likelihood.js';
import type { EventStream } from './hawkes-likelihood.js';
import { univariateLikelihood } from './hawkes-univariate.js';

const MIN_MU = 1e-9;
const MAX_MU = 1e3;
const MAX_BRANCHING = 20;
const MAX_BETA = 1e9;

/**
 * One component of one sample, with a base rate for each of the segments; `beta` where the decay is known.
 */
export class HawkesObjective {
  /** Parameters: a base rate for each segment, a ratio for each type, the decay. */
  readonly p: number;
  readonly segments: number;
  readonly rate: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  declare readonly segmentEnds: Float64Array;
  declare private readonly stream: EventStream;
  declare private readonly component: number;
  declare private readonly decayed: DecayedStream | null;
  private readonly natural: Float64Array;
  private readonly slope: Float64Array;
  /** One type, one base rate and an unknown decay: the kernel that gives second derivatives too. */
  readonly plain: boolean;
  /** Of the plain kernel at the point evaluated last. */
  private readonly outer = new Float64Array(9);
  private readonly bends = new Float64Array(2);

  constructor(
    stream: EventStream,
    component: number,
    events: number,
    segmentEnds: Float64Array,
    decayed: DecayedStream | null,
  ) {
    this.stream = stream;
    this.component = component;
    this.decayed = decayed;
    this.segmentEnds = segmentEnds;
    this.segments = segmentEnds.length;
    this.p = this.segments + stream.typeCount + 1;
    this.plain = this.segments === 1 && stream.typeCount === 1 && decayed === null;
    this.rate = events / stream.horizon;
    this.natural = new Float64Array(this.p);
    this.slope = new Float64Array(this.p);
    this.lower = new Float64Array(this.p).fill(0).fill(MIN_MU, 0, this.segments);
    this.upper = new Float64Array(this.p).fill(MAX_BRANCHING).fill(MAX_MU, 0, this.segments);
    // A kernel longer than the sample is a base rate, one far shorter than the gaps is no kernel.
    this.lower[this.p - 1] = log(decayed?.beta ?? 1 / stream.horizon);
    this.upper[this.p - 1] = log(decayed?.beta ?? MAX_BETA * this.rate);
  }

  /** Natural parameters at x, in an array that the next call reuses. */
  naturalAt(x: Float64Array): Float64Array {
    const { natural, segments, p, rate } = this;
    const beta = exp(x[p - 1]);
    for (let s = 0; s < segments; s++) natural[s] = rate * x[s];
    for (let j = segments; j < p - 1; j++) natural[j] = beta * x[j];
    natural[p - 1] = beta;
    return natural;
  }

  readonly value: Objective = (x, gradient) => {
    const { segments, p, rate, slope } = this;
    const natural = this.naturalAt(x);
    const value = this.pass(natural);
    const beta = natural[p - 1];
    let dLogBeta = beta * slope[p - 1];
    for (let s = 0; s < segments; s++) gradient[s] = -rate * slope[s];
    for (let j = segments; j < p - 1; j++) {
      gradient[j] = -beta * slope[j];
      dLogBeta += natural[j] * slope[j];
    }
    gradient[p - 1] = -dLogBeta;
    return value > -Infinity ? -value : Infinity;
  };

  private pass(natural: Float64Array): number {
    const { stream, component, segmentEnds, slope, decayed } = this;
    if (decayed) return decayed.likelihood(component, segmentEnds, natural, slope);
    if (!this.plain) return componentLikelihood(stream, component, segmentEnds, natural, slope);
    return univariateLikelihood(stream.times, stream.horizon, natural, slope, this.outer, this.bends);
  }

  /** The information matrix at `x`, where the objective was evaluated last; can be factorised. */
  information(x: Float64Array): Float64Array {
    const { p } = this;
    const natural = this.naturalAt(x);
    const { stream, component, segmentEnds, decayed } = this;
    const outer = this.plain ? this.outer : new Float64Array(p * p);
    if (decayed) decayed.information(component, segmentEnds, natural, outer);
    else if (!this.plain) componentInformation(stream, component, segmentEnds, natural, outer);
    const result = this.inSearched(outer, natural);
    let mean = 0;
    for (let i = 0; i < p; i++) mean += result[i * p + i] / p;
    for (let i = 0; i < p; i++) result[i * p + i] += 1e-6 * mean + 1e-12;
    return result;
  }

  /** Is the Hessian to be had without differences? */
  get bendsKnown(): boolean {
    return this.plain || this.decayed !== null;
  }

  /** The Hessian of the objective at `x`, where it was evaluated last; with a given decay but for its row. */
  curvature(x: Float64Array): Float64Array {
    if (this.decayed) return this.information(x);
    const { outer, bends, slope } = this;
    const natural = this.naturalAt(x);
    const [, alpha, beta] = natural;
    const own = outer.slice();
    own[5] = own[7] -= bends[0];
    own[8] -= bends[1];
    const result = this.inSearched(own, natural);
    // alpha = n beta and beta = e^(ln beta) bend themselves.
    result[5] -= beta * slope[1];
    result[7] = result[5];
    result[8] -= alpha * slope[1] + beta * slope[2];
    return result;
  }

  /** A matrix of second derivatives in the natural parameters, in those of the search. */
  private inSearched(matrix: Float64Array, natural: Float64Array): Float64Array {
    const { segments, p, rate } = this;
    const beta = natural[p - 1];
    /** Row of the Jacobian d natural / d x: at most its own column and that of ln beta. */
    const own = (i: number): number => (i < segments ? rate : beta);
    const viaBeta = (i: number): number => (i >= segments && i < p - 1 ? natural[i] : 0);
    const result = new Float64Array(p * p);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) {
        const value = matrix[a * p + b];
        result[a * p + b] += own(a) * own(b) * value;
        result[a * p + (p - 1)] += own(a) * viaBeta(b) * value;
        result[(p - 1) * p + b] += viaBeta(a) * own(b) * value;
        result[p * p - 1] += viaBeta(a) * viaBeta(b) * value;
      }
    }
    return result;
  }

  /**
   * The Hessian at `x` over the variables that are not held at a bound; rows and columns of held ones are
   * those of the identity. By differences of the gradient where it is not known.
   */
  observed(x: Float64Array, held: readonly boolean[]): Float64Array {
    const { p, lower } = this;
    if (!this.bendsKnown) {
      const scale = Array.from(x, (value, i) => (i === p - 1 ? 1 : Math.max(value, 1e-3)));
      return hessianAt(this.value, x, held, scale, lower);
    }
    this.value(x, new Float64Array(p));
    return this.curvature(x);
  }

  /** Half of the events as children, with a decay of so many times the mean rate. */
  start(betaOverRate: number): Float64Array {
    const { segments, p, rate } = this;
    const x = new Float64Array(p).fill(0.5 / (p - 1 - segments)).fill(0.5, 0, segments);
    x[p - 1] = log(betaOverRate * rate);
    return x;
  }

  /** Where a fit with the same segments ended. */
  startAt(parameters: Float64Array): Float64Array {
    const { segments, p, rate } = this;
    const beta = parameters[p - 1];
    return parameters.map((value, i) => {
      if (i === p - 1) return log(value);
      // Not quite 0, so that an excitation may come back.
      return i < segments ? value / rate : Math.max(1e-3, value / beta);
    });
  }
}
