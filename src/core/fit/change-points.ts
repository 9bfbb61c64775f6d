/**
 * Pieces of a sample with different event rates: the best piecewise constant Poisson rate, by dynamic
 * programming.
 *
 * Why: Filimonov & Sornette (2015, "Apparent criticality and calibration issues in the Hawkes
 * self-excited point process model", Quantitative Finance 15, 1293-1314) show that a change of the base
 * rate is taken for self-excitation near the critical point. A fit is therefore repeated with a base rate
 * that may change where this finds pieces, and the two are compared (regime.ts). The sample is cut into
 * equal bins; the best cut into m pieces maximises sum n_i ln(n_i / length_i) exactly (Jackson et al.
 * 2005, IEEE Signal Process. Lett. 12). Each cut then moves to the best event nearby: a cut that is half
 * a bin off would leave a step of the rate inside a piece, which looks like excitation again. Cost
 * O(pieces x bins^2 + events).
 */
import { log } from '../math/log.js';

const BINS = 64;
const SWEEPS = 2;

/** Ends of the best `pieces` pieces, ascending, the last one the horizon; fewer when events are fewer. */
export function changePoints(
  times: ArrayLike<number>,
  count: number,
  horizon: number,
  pieces: number,
): Float64Array {
  const sums = new Float64Array(BINS + 1);
  for (let k = 0; k < count; k++) sums[Math.min(BINS, 1 + Math.floor((times[k] / horizon) * BINS))]++;
  for (let b = 1; b <= BINS; b++) sums[b] += sums[b - 1];
  /** Log-likelihood of one rate over bins from..to-1, up to a constant. */
  const gain = (from: number, to: number): number => {
    const n = sums[to] - sums[from];
    return n > 0 ? n * log(n / (to - from)) : 0;
  };
  const most = Math.min(pieces, BINS);
  const best = Array.from({ length: most }, () => new Float64Array(BINS + 1).fill(-Infinity));
  const cut = Array.from({ length: most }, () => new Int32Array(BINS + 1));
  for (let to = 1; to <= BINS; to++) best[0][to] = gain(0, to);
  for (let m = 1; m < most; m++) {
    for (let to = m + 1; to <= BINS; to++) {
      for (let from = m; from < to; from++) {
        const value = best[m - 1][from] + gain(from, to);
        if (value > best[m][to]) {
          best[m][to] = value;
          cut[m][to] = from;
        }
      }
    }
  }
  const ends = new Float64Array(most);
  let to = BINS;
  for (let m = most - 1; m >= 0; m--) {
    ends[m] = to === BINS ? horizon : (to / BINS) * horizon;
    to = cut[m][to];
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let m = 0; m < most - 1; m++) moveCut(times, count, ends, m, horizon / BINS);
  }
  return ends;
}

/** Moves cut m to just before or after the event within two bins that separates its two pieces best. */
function moveCut(
  times: ArrayLike<number>,
  count: number,
  ends: Float64Array,
  m: number,
  binWidth: number,
): void {
  const start = m > 0 ? ends[m - 1] : 0;
  const end = ends[m + 1];
  const first = countBefore(times, count, start);
  const all = countBefore(times, count, end) - first;
  const low = Math.max(start, ends[m] - 2 * binWidth);
  const high = Math.min(end, ends[m] + 2 * binWidth);
  const worth = (n: number, length: number): number => (n > 0 ? n * log(n / length) : 0);
  let best = -Infinity;
  let cut = ends[m];
  for (let k = countBefore(times, count, low); k < count && times[k] < high; k++) {
    if (!(times[k] > start)) continue;
    // A piece ends before the event at its end: the cut falls on the event, or half way to the next one.
    const next = k + 1 < count && times[k + 1] < high ? times[k + 1] : high;
    for (let after = 0; after < 2; after++) {
      const at = after === 0 ? times[k] : 0.5 * (times[k] + next);
      if (!(at < end)) continue;
      const n = k + after - first;
      const value = worth(n, at - start) + worth(all - n, end - at);
      if (value > best) {
        best = value;
        cut = at;
      }
    }
  }
  ends[m] = cut;
}

/** Events before time `t`. */
function countBefore(times: ArrayLike<number>, count: number, t: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
}
