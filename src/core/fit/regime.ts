/**
 * Does the base rate of a Hawkes process change during the sample? The check against spurious
 * self-excitation.
 *
 * The same component is fitted with one base rate and with one for each of 2, 4 and 16 pieces of the
 * sample that differ most in their event rate. The smallest Bayesian information criterion wins, with two
 * parameters for each piece beyond the first (its rate and where it begins). A win of the pieces by more
 * than `MARGIN` is a change of regime, and the branching ratio of that fit is the one to believe:
 * Filimonov & Sornette (2015).
 */
import { log } from '../math/log.js';
import { changePoints } from './change-points.js';
import { fitHawkes } from './hawkes.js';
import type { HawkesFit } from './hawkes.js';
import type { EventStream } from './hawkes-likelihood.js';

/** "Very strong" evidence by Kass & Raftery (1995), JASA 90, section 3.2. */
const MARGIN = 10;
const PIECES = [2, 4, 16];
/** Pieces with fewer events on average say nothing about a rate. */
const EVENTS_PER_PIECE = 20;

export interface Regime {
  /** True where the pieces win. */
  readonly changes: boolean;
  /** Ends of the pieces of the better description, the last one the horizon. */
  readonly segmentEnds: Float64Array;
  /** The fit with these pieces; `fit` itself where nothing changes. */
  readonly fit: HawkesFit;
  /** By how much the criterion falls; 0 where nothing changes. */
  readonly gain: number;
}

/**
 * `fit` is that of the component with one base rate, at the decay `beta` where that was given. Cost:
 * three more fits.
 */
export function findRegimes(stream: EventStream, fit: HawkesFit, beta?: number): Regime {
  const times = timesOf(stream, fit.component, fit.events);
  const weight = log(fit.events);
  const criterion = (logLikelihood: number, extra: number): number => -2 * logLikelihood + 2 * extra * weight;
  const base = criterion(fit.logLikelihood, 0);
  let best: Regime = { changes: false, segmentEnds: Float64Array.of(stream.horizon), fit, gain: 0 };
  for (const pieces of PIECES) {
    if (fit.events < pieces * EVENTS_PER_PIECE) break;
    const segmentEnds = changePoints(times, fit.events, stream.horizon, pieces);
    const other = fitHawkes(stream, fit.component, {
      segmentEnds,
      starts: 1,
      errors: false,
      ...(beta !== undefined && { beta }),
    });
    const gain = base - criterion(other.logLikelihood, pieces - 1);
    if (gain > MARGIN && gain > best.gain) best = { changes: true, segmentEnds, fit: other, gain };
  }
  return best;
}

function timesOf({ times, types }: EventStream, component: number, count: number): Float64Array {
  const result = new Float64Array(count);
  let written = 0;
  for (let k = 0; k < times.length; k++) if (types[k] === component) result[written++] = times[k];
  return result;
}
