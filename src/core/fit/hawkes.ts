/**
 * Maximum likelihood of one component of a Hawkes process: several starts, standard errors, residuals.
 *
 * Parameters inside: mu over the mean rate, the branching ratios n_j = alpha_j / beta >= 0 and ln beta.
 * For a given beta the log-likelihood is concave in mu and n (Ogata 1978), so that local maxima can only
 * come from beta: starts are laid over its scale, judged by one evaluation each, and the best are
 * followed: by Newton's method with one type and one base rate, whose second derivatives come with the
 * value, else by scoring and BFGS. Standard errors come from the observed information (the Hessian at the
 * maximum); a ratio that is estimated as 0 lies on its bound and gets an interval from its likelihood.
 * Sources of the likelihood: hawkes-likelihood.ts. Cost: about 4 evaluations of one type, 15 of several.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { minimise } from './bounded-bfgs.js';
import type { Minimum } from './bounded-bfgs.js';
import { inverse } from './cholesky.js';
import { boundEstimate, positiveEstimate, ratioEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';
import { DecayedStream } from './hawkes-decayed.js';
import { componentResiduals, countTypes } from './hawkes-likelihood.js';
import type { EventStream } from './hawkes-likelihood.js';
import { HawkesObjective } from './hawkes-objective.js';

export interface HawkesOptions {
  /** Ends of the pieces with a base rate of their own, the last one the horizon; default: one piece. */
  readonly segmentEnds?: Float64Array;
  /** The decay where it is known: then it is no parameter, and its standard error is -1. */
  readonly beta?: number;
  /** The stream at that decay, where it is at hand. */
  readonly decayed?: DecayedStream;
  /** A fit of the same component from whose rates and ratios the search starts; then it is the only start. */
  readonly near?: HawkesFit;
  /** How many of the starts are followed to their maximum, 1 to 5; default 2. */
  readonly starts?: number;
  /** False leaves the intervals out: standard errors are -1. Default true. */
  readonly errors?: boolean;
}

export interface HawkesFit {
  readonly component: number;
  /** Base rate of each segment. */
  readonly mu: readonly Estimate[];
  /** Jump of the intensity at an event of each type. */
  readonly alpha: readonly Estimate[];
  readonly beta: Estimate;
  /** Mean number of direct children of an event of each type: alpha / beta. */
  readonly branching: readonly Estimate[];
  /** [mu.., alpha.., beta] as hawkes-likelihood.ts takes them. */
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  /** Of events at the mean rate, without excitation. */
  readonly poissonLogLikelihood: number;
  readonly events: number;
  readonly iterations: number;
  /** Passes over the whole sample. */
  readonly evaluations: number;
  /** Log-likelihood that a last Newton step would still have promised. */
  readonly decrement: number;
  readonly converged: boolean;
  /** Derivative of the maximum in ln beta: 0 but where beta was given or lies on a bound. */
  readonly slope: number;
  /** beta ended on a bound: the kernel is shorter than any gap, or longer than the sample. */
  readonly betaAtBound: boolean;
}

/** Multiples of the mean rate at which the search for beta starts. */
const BETA_STARTS = [0.3, 3, 30, 300, 3000];
/** The search for a shared decay ends at this slope of the log-likelihood in ln beta, or at this width. */
const ROOT_SLOPE = 1e-3;
const ROOT_WIDTH = 1e-6;
const MAX_ROOT_STEPS = 40;
const CURVATURE_STEP = 0.01;
/** Events of the first look at a long sample. */
const COARSE_EVENTS = 1_000;
/**
 * Fits component `component`. Throws Error where it has fewer than two events or the sample no duration: a
 * caller checks that first. Cost: 5 passes over the events and those of the search.
 */
export function fitHawkes(stream: EventStream, component: number, options: HawkesOptions = {}): HawkesFit {
  const events = countTypes(stream)[component];
  if (events < 2 || !(stream.horizon > 0)) throw new Error('a Hawkes fit needs two events over some time');
  const likelihood = new HawkesObjective(
    stream,
    component,
    events,
    options.segmentEnds ?? Float64Array.of(stream.horizon),
    options.decayed ?? (options.beta === undefined ? null : new DecayedStream(stream, options.beta)),
  );
  let iterations = 0;
  let best: Minimum | null = null;
  const near = options.near ?? coarseFit(stream, component, options);
  let evaluations = near ? 0 : BETA_STARTS.length;
  const starts = near ? [likelihood.startAt(near.parameters)] : promising(likelihood, options);
  for (const start of starts) {
    const minimum = minimise({
      objective: likelihood.value,
      start,
      lower: likelihood.lower,
      upper: likelihood.upper,
      hessian: (x) => likelihood.information(x),
      ...(likelihood.bendsKnown && { exact: (x) => likelihood.curvature(x) }),
    });
    evaluations += minimum.evaluations;
    iterations += minimum.iterations;
    if (best === null || minimum.value < best.value) best = minimum;
  }
  const { rate } = likelihood;
  return {
    component,
    events,
    evaluations,
    iterations,
    poissonLogLikelihood: events * (log(rate) - 1),
    ...describe(likelihood, best!, options),
  };
}

/**
 * A single start in a long sample of one type: where a fit of its first events ends, at a tenth of the
 * cost. Null where several starts were asked for, which are judged by all events.
 */
function coarseFit(stream: EventStream, component: number, options: HawkesOptions): HawkesFit | null {
  const { times, types, typeCount } = stream;
  const isLong = typeCount === 1 && times.length >= 4 * COARSE_EVENTS && times[COARSE_EVENTS - 1] > 0;
  if (options.starts !== 1 || options.segmentEnds || options.beta !== undefined || !isLong) return null;
  const first = {
    times: times.subarray(0, COARSE_EVENTS),
    types: types.subarray(0, COARSE_EVENTS),
    typeCount,
    horizon: times[COARSE_EVENTS - 1],
  };
  return fitHawkes(first, component, { starts: 1, errors: false });
}

/** The starts of least value, best first: one where the decay is given. */
function promising(likelihood: HawkesObjective, { beta, starts }: HawkesOptions): Float64Array[] {
  const count = beta === undefined ? (starts ?? 2) : 1;
  const gradient = new Float64Array(likelihood.p);
  return BETA_STARTS.map((ratio) => likelihood.start(ratio))
    .map((x) => ({ x, value: likelihood.value(x, gradient) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, count)
    .map(({ x }) => x);
}

type Described = Omit<
  HawkesFit,
  'component' | 'events' | 'evaluations' | 'iterations' | 'poissonLogLikelihood'
>;

function describe(likelihood: HawkesObjective, minimum: Minimum, options: HawkesOptions): Described {
  const { p, segments, rate, lower, upper } = likelihood;
  const { x } = minimum;
  const last = p - 1;
  const parameters = likelihood.naturalAt(x).slice();
  const held = Array.from(x, (value, i) => value <= lower[i] || value >= upper[i]);
  const excited = x.subarray(segments, last).some((value) => value > 0);
  // Without any excitation nothing tells how fast it decays.
  if (!excited) held[last] = true;
  /** Ratios at 0 are held by that alone: they may rise. */
  const fixed = held.map((is, i) => is && !(i >= segments && i < last && x[i] <= lower[i]));
  const hessian = (options.errors ?? true) ? likelihood.observed(x, fixed) : null;
  const covariance = hessian && inverse(without(hessian, held), p);
  const variance = (i: number, j: number): number =>
    covariance === null || held[i] || held[j] ? NaN : covariance[i * p + j];
  const error = (i: number): number => Math.sqrt(variance(i, i));
  const branching = range(segments, last).map((j) =>
    x[j] > 0 ? ratioEstimate(x[j], error(j)) : atZero(minimum, hessian, held, j),
  );
  const beta = positiveEstimate(parameters[last], parameters[last] * error(last));
  const alpha = range(segments, last).map((j, at) => {
    if (x[j] <= 0) return scaled(branching[at], parameters[last]);
    // ln alpha = ln n + ln beta.
    const viaBeta = held[last] ? 0 : variance(last, last) + (2 * variance(j, last)) / x[j];
    const relative = variance(j, j) / (x[j] * x[j]) + viaBeta;
    return ratioEstimate(parameters[j], parameters[j] * Math.sqrt(relative));
  });
  return {
    mu: range(0, segments).map((s) => positiveEstimate(rate * x[s], rate * error(s))),
    alpha,
    beta,
    branching,
    parameters,
    logLikelihood: -minimum.value,
    slope: -minimum.gradient[last],
    decrement: minimum.decrement,
    converged: minimum.converged,
    betaAtBound: options.beta === undefined && excited && held[last],
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const scaled = ({ value, standardError, low, high }: Estimate, by: number): Estimate => ({
  value: value * by,
  standardError: standardError < 0 ? -1 : standardError * by,
  low: low * by,
  high: high * by,
});

/** `matrix` with the rows and columns of held variables replaced by those of the identity. */
function without(matrix: Float64Array, held: readonly boolean[]): Float64Array {
  const p = held.length;
  return matrix.map((value, at) => {
    const [i, j] = [Math.floor(at / p), at % p];
    return held[i] || held[j] ? Number(i === j) : value;
  });
}

/** The interval of a branching ratio that was estimated as 0, while the parameters that are free give way. */
function atZero(
  { gradient }: Minimum,
  hessian: Float64Array | null,
  held: readonly boolean[],
  j: number,
): Estimate {
  if (hessian === null) return boundEstimate(0, 0);
  const p = held.length;
  const own = held.map((is, i) => is && i !== j);
  const curvature = 1 / (inverse(without(hessian, own), p)?.[j * p + j] ?? Infinity);
  return boundEstimate(Math.max(0, gradient[j]), curvature);
}

/** Fits of all components with one decay. */
export interface SharedDecayFit {
  readonly beta: Estimate;
  readonly fits: readonly HawkesFit[];
  readonly logLikelihood: number;
}

/**
 * The decay that all components share, as the market of an order flow has it: the root of the summed
 * slope of the maxima in ln beta, by regula falsi (Illinois) around the best of the starts. Each step
 * fits every component at a given decay, which is a concave problem; the slope of a maximum is the
 * partial derivative there (envelope theorem). The intervals of `fits` allow for the error of the decay.
 * Cost: about 12 fits of each component.
 */
export function fitSharedDecay(stream: EventStream, components: readonly number[]): SharedDecayFit {
  let last: readonly HawkesFit[] | null = null;
  const at = (logBeta: number, errors: boolean): DecayTrial => {
    const beta = exp(logBeta);
    const decayed = new DecayedStream(stream, beta);
    const fits = components.map((component, i) => {
      return fitHawkes(stream, component, { beta, decayed, errors, ...(last && { near: last[i] }) });
    });
    last = fits;
    return {
      logBeta,
      fits,
      value: fits.reduce((sum, fit) => sum + fit.logLikelihood, 0),
      slope: fits.reduce((sum, fit) => sum + fit.slope, 0),
    };
  };
  const rate = stream.times.length / (stream.horizon * stream.typeCount);
  const grid = BETA_STARTS.map((ratio) => at(log(ratio * rate), false));
  const best = grid.reduce((one, other, i) => (other.value > grid[one].value ? i : one), 0);
  let root = grid[best].logBeta;
  const [low, high] = grid[best].slope > 0 ? [best, best + 1] : [best - 1, best];
  if (low >= 0 && high < grid.length) {
    let [a, b] = [grid[low], grid[high]];
    let [slopeA, slopeB] = [a.slope, b.slope];
    for (let step = 0; step < MAX_ROOT_STEPS && b.logBeta - a.logBeta > ROOT_WIDTH; step++) {
      const next = at((a.logBeta * slopeB - b.logBeta * slopeA) / (slopeB - slopeA), false);
      root = next.logBeta;
      if (Math.abs(next.slope) < ROOT_SLOPE) break;
      // The end that stays counts half, or it would stay for ever.
      if (next.slope > 0) [a, slopeA, slopeB] = [next, next.slope, slopeB / 2];
      else [b, slopeB, slopeA] = [next, next.slope, slopeA / 2];
    }
  }
  const found = at(root, true);
  const beta = exp(root);
  const [below, above] = [at(root - CURVATURE_STEP, false), at(root + CURVATURE_STEP, false)];
  const bend = (below.slope - above.slope) / (2 * CURVATURE_STEP);
  return {
    beta: positiveEstimate(beta, bend > 0 ? beta / Math.sqrt(bend) : NaN),
    fits:
      bend > 0 ? found.fits.map((fit, i) => widened(fit, below.fits[i], above.fits[i], bend)) : found.fits,
    logLikelihood: found.value,
  };
}

/**
 * A fit at a given decay with errors as of one that was estimated: the variance of an estimate grows by its
 * squared change with ln beta times the variance 1 / bend of that (the inverse of a partitioned matrix).
 */
function widened(fit: HawkesFit, below: HawkesFit, above: HawkesFit, bend: number): HawkesFit {
  const error = (own: Estimate, low: Estimate, high: Estimate): number => {
    const change = (high.value - low.value) / (2 * CURVATURE_STEP);
    return Math.sqrt(own.standardError * own.standardError + (change * change) / bend);
  };
  const ratios = (of: (one: HawkesFit) => readonly Estimate[]): Estimate[] =>
    of(fit).map((own, j) =>
      own.standardError < 0 ? own : ratioEstimate(own.value, error(own, of(below)[j], of(above)[j])),
    );
  return {
    ...fit,
    mu: fit.mu.map((own, s) => positiveEstimate(own.value, error(own, below.mu[s], above.mu[s]))),
    alpha: ratios((one) => one.alpha),
    branching: ratios((one) => one.branching),
  };
}

interface DecayTrial {
  readonly logBeta: number;
  readonly fits: readonly HawkesFit[];
  readonly value: number;
  readonly slope: number;
}

/** Time-rescaled residuals of a fit, one for each event of its component. */
export function hawkesResiduals(
  stream: EventStream,
  fit: Pick<HawkesFit, 'component' | 'parameters' | 'events'>,
  segmentEnds: Float64Array = Float64Array.of(stream.horizon),
): Float64Array {
  const residuals = new Float64Array(fit.events);
  componentResiduals(stream, fit.component, segmentEnds, fit.parameters, residuals);
  return residuals;
}
