/**
 * Log-likelihood, gradient and information of one component of a Hawkes process with exponential kernels.
 *
 * Component i of a process with events of d types has the intensity
 *   lambda_i(t) = mu_s(t) + sum_j alpha_j R_j(t),
 *   R_j(t) = sum over events of type j before t of e^(-beta (t - t_k)),
 * mu constant over each segment s of the sample (one segment: the usual model). Its log-likelihood is
 *   sum over events of type i of ln lambda_i(t_k) - integral of lambda_i over 0..T,
 * and that of the whole process is the sum over components (Ogata 1981, "On Lewis' simulation method for
 * point processes", IEEE Trans. Inf. Theory 27; Ozaki 1979, Ann. Inst. Stat. Math. 31), so that each is
 * fitted for itself. One decay beta per component keeps one exponential per event.
 *
 * Why recursion: R_j and D_j = dR_j/dbeta decay together from event to event, which makes value and
 * gradient O(n d) instead of O(n^2), and the compensator needs R_j(T) only: sum over k of 1 - e^(-beta (T -
 * t_k)) = N_j - R_j(T). One type and one segment have a kernel of their own, hawkes-univariate.ts. Slow:
 * hundreds of types.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

/** Events in time order. Of two at one time the earlier row excites the later one. */
export interface EventStream {
  /** Ascending, from 0. Any unit; rates are per that unit. */
  readonly times: Float64Array;
  /** Type 0..types-1 of each event. */
  readonly types: Uint8Array;
  readonly typeCount: number;
  /** End of the observation, at or after the last event; its start is 0. */
  readonly horizon: number;
}

/**
 * `parameters` is [mu_0.. mu_(S-1), alpha_0.. alpha_(d-1), beta]; `segmentEnds` holds the S ends of the
 * segments, the last one the horizon. Writes the gradient in the same order and returns the log-likelihood
 * of `component`: -Infinity or NaN where an event has intensity 0 or less.
 */
export type ComponentLikelihood = (
  stream: EventStream,
  component: number,
  segmentEnds: Float64Array,
  parameters: Float64Array,
  gradient: Float64Array,
) => number;

/** See ComponentLikelihood; any number of types and segments. */
export const componentLikelihood: ComponentLikelihood = (
  stream,
  component,
  segmentEnds,
  parameters,
  gradient,
) => {
  const { times, types, typeCount: d, horizon } = stream;
  const n = times.length;
  const segments = segmentEnds.length;
  const beta = parameters[segments + d];
  const r = new Float64Array(d);
  const slope = new Float64Array(d);
  gradient.fill(0);
  let logSum = 0;
  let dBeta = 0;
  let previous = 0;
  let segment = 0;
  for (let k = 0; k < n; k++) {
    const dt = times[k] - previous;
    previous = times[k];
    if (dt > 0) {
      const decay = exp(-beta * dt);
      for (let j = 0; j < d; j++) {
        r[j] *= decay;
        slope[j] = decay * slope[j] - dt * r[j];
      }
    }
    if (types[k] === component) {
      while (segment < segments - 1 && times[k] >= segmentEnds[segment]) segment++;
      let lambda = parameters[segment];
      let weighted = 0;
      for (let j = 0; j < d; j++) {
        lambda += parameters[segments + j] * r[j];
        weighted += parameters[segments + j] * slope[j];
      }
      const inverse = 1 / lambda;
      logSum += log(lambda);
      gradient[segment] += inverse;
      for (let j = 0; j < d; j++) gradient[segments + j] += r[j] * inverse;
      dBeta += weighted * inverse;
    }
    r[types[k]]++;
  }
  const dt = horizon - previous;
  const decay = exp(-beta * dt);
  let compensator = 0;
  for (let s = 0; s < segments; s++) {
    const length = segmentEnds[s] - (s > 0 ? segmentEnds[s - 1] : 0);
    compensator += parameters[s] * length;
    gradient[s] -= length;
  }
  const counts = countTypes(stream);
  for (let j = 0; j < d; j++) {
    const left = r[j] * decay;
    const mass = (counts[j] - left) / beta;
    compensator += parameters[segments + j] * mass;
    gradient[segments + j] -= mass;
    const leftSlope = decay * slope[j] - dt * left;
    dBeta -= parameters[segments + j] * ((-leftSlope - mass) / beta);
  }
  gradient[segments + d] = dBeta;
  return logSum - compensator;
};

/** Events of each type. */
export function countTypes({ types, typeCount }: EventStream): Float64Array {
  const counts = new Float64Array(typeCount);
  for (let k = 0; k < types.length; k++) counts[types[k]]++;
  return counts;
}

/**
 * Writes the (S + d + 1)^2 information matrix sum over events of type `component` of (grad lambda)(grad
 * lambda)' / lambda^2: at the true parameters its mean is the Fisher information (Ogata 1978, "The asymptotic
 * behaviour of maximum likelihood estimators for stationary point processes"). O(n d + n_i p^2).
 */
export function componentInformation(
  { times, types, typeCount: d }: EventStream,
  component: number,
  segmentEnds: Float64Array,
  parameters: Float64Array,
  information: Float64Array,
): void {
  const segments = segmentEnds.length;
  const p = segments + d + 1;
  const beta = parameters[p - 1];
  const r = new Float64Array(d);
  const slope = new Float64Array(d);
  const v = new Float64Array(p);
  information.fill(0);
  let previous = 0;
  let segment = 0;
  for (let k = 0; k < times.length; k++) {
    const dt = times[k] - previous;
    previous = times[k];
    const decay = exp(-beta * dt);
    for (let j = 0; j < d; j++) {
      r[j] *= decay;
      slope[j] = decay * slope[j] - dt * r[j];
    }
    if (types[k] === component) {
      while (segment < segments - 1 && times[k] >= segmentEnds[segment]) segment++;
      let lambda = parameters[segment];
      v.fill(0);
      v[segment] = 1;
      for (let j = 0; j < d; j++) {
        lambda += parameters[segments + j] * r[j];
        v[segments + j] = r[j];
        v[p - 1] += parameters[segments + j] * slope[j];
      }
      const weight = 1 / (lambda * lambda);
      for (let a = 0; a < p; a++) {
        for (let b = 0; b <= a; b++) information[a * p + b] += v[a] * v[b] * weight;
      }
    }
    r[types[k]]++;
  }
  for (let a = 0; a < p; a++) for (let b = a + 1; b < p; b++) information[a * p + b] = information[b * p + a];
}

/**
 * Writes the integral of the component's intensity from each of its events to the next, the first one from
 * time 0, and returns their number: independent exponentials of mean 1 where the model is true (the time
 * change theorem; Brown et al. 2002, Neural Computation 14).
 */
export function componentResiduals(
  { times, types, typeCount: d }: EventStream,
  component: number,
  segmentEnds: Float64Array,
  parameters: Float64Array,
  residuals: Float64Array,
): number {
  const segments = segmentEnds.length;
  const beta = parameters[segments + d];
  let previous = 0;
  let segment = 0;
  /** Excitation sum_j alpha_j R_j, and the integral since the last event of the component. */
  let excitation = 0;
  let integral = 0;
  let written = 0;
  for (let k = 0; k < times.length; k++) {
    const time = times[k];
    const decayed = excitation * exp(-beta * (time - previous));
    integral += (excitation - decayed) / beta;
    excitation = decayed;
    let from = previous;
    while (segment < segments - 1 && time >= segmentEnds[segment]) {
      integral += parameters[segment] * (segmentEnds[segment] - from);
      from = segmentEnds[segment++];
    }
    integral += parameters[segment] * (time - from);
    previous = time;
    if (types[k] === component) {
      residuals[written++] = integral;
      integral = 0;
    }
    excitation += parameters[segments + types[k]];
  }
  return written;
}
