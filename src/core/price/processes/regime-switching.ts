/**
 * Geometric Brownian motion whose drift and volatility follow a Markov chain on the steps.
 *
 * A step is spent in one regime; after it the chain moves by its transition matrix (Hamilton, "A new approach
 * to the economic analysis of nonstationary time series and the business cycle", Econometrica 57(2), 1989).
 * The matrix belongs to one step: other steps are another law. The next regime comes from a normal compared
 * with the normal quantiles of the row's cumulated probabilities. Mean and variance at the horizon are exact,
 * by recursion over the regimes.
 */
import { exp } from '../../math/exp.js';
import { normalQuantile } from '../../math/normal.js';
import type { Process, TerminalLaw } from './process.js';

export interface RegimeSwitchingLaw {
  readonly s0: number;
  readonly regimeDriftsPerYr: readonly number[];
  readonly regimeSigmasPerSqrtYr: readonly number[];
  /** Row i: probabilities of the regimes that follow regime i after a step. */
  readonly transition: readonly (readonly number[])[];
  readonly startRegime: number;
}

export function regimeSwitching(law: RegimeSwitchingLaw, horizonYr: number, steps: number): Process {
  return new RegimeSwitching(law, horizonYr, steps);
}

class RegimeSwitching implements Process {
  readonly scale = 'log';
  readonly steps;
  readonly start;
  readonly laws: readonly TerminalLaw[];
  readonly factors = 2;
  /** The time spent in each regime has no simple law. */
  readonly exact = null;
  private readonly first: number;
  private readonly drift: Float64Array;
  private readonly sd: Float64Array;
  private readonly bounds: Float64Array;

  constructor(law: RegimeSwitchingLaw, horizonYr: number, steps: number) {
    const dt = horizonYr / steps;
    const n = law.transition.length;
    this.steps = steps;
    this.start = Float64Array.of(law.s0);
    this.first = law.startRegime;
    this.sd = Float64Array.from(law.regimeSigmasPerSqrtYr, (sigma) => sigma * Math.sqrt(dt));
    this.drift = Float64Array.from(law.regimeDriftsPerYr, (mu, i) => mu * dt - 0.5 * this.sd[i] * this.sd[i]);
    this.bounds = new Float64Array(n * n);
    law.transition.forEach((row, i) => {
      let sum = 0;
      row.forEach((p, j) => {
        sum += p;
        this.bounds[i * n + j] = j === n - 1 ? Infinity : normalQuantile(sum < 1 ? sum : 1);
      });
    });
    this.laws = [lawAt(law, this.drift, this.sd, dt, steps)];
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, drift, sd, bounds } = this;
    const n = drift.length;
    let at = 0;
    for (let path = 0; path < count; path++) {
      let z = path * 2 * steps;
      let y = 0;
      let regime = this.first;
      out[at++] = 0;
      for (let j = 0; j < steps; j++, z++) {
        y += drift[regime] + sd[regime] * normals[z];
        out[at++] = y;
        let next = 0;
        while (normals[z + steps] > bounds[regime * n + next]) next++;
        regime = next;
      }
    }
  }
}

/** Moments by regime: probability, E[y; regime], E[y^2; regime] and E[e^y; regime], step by step. */
function lawAt(
  law: RegimeSwitchingLaw,
  drift: Float64Array,
  sd: Float64Array,
  dt: number,
  steps: number,
): TerminalLaw {
  const n = drift.length;
  let now = Array.from({ length: n }, (_, i) => [i === law.startRegime ? 1 : 0, 0, 0, 0]);
  now[law.startRegime][3] = 1;
  const growth = law.regimeDriftsPerYr.map((mu) => exp(mu * dt));
  for (let j = 0; j < steps; j++) {
    const next = now.map(() => [0, 0, 0, 0]);
    for (let i = 0; i < n; i++) {
      const [p, y, y2, e] = now[i];
      const m = drift[i];
      const moved = [p, y + m * p, y2 + 2 * m * y + (m * m + sd[i] * sd[i]) * p, e * growth[i]];
      for (let to = 0; to < n; to++) {
        for (let k = 0; k < 4; k++) next[to][k] += law.transition[i][to] * moved[k];
      }
    }
    now = next;
  }
  const total = [0, 0, 0, 0];
  for (const row of now) for (let k = 0; k < 4; k++) total[k] += row[k];
  const variance = total[2] - total[1] * total[1];
  return { mean: law.s0 * total[3], stateMean: total[1], stateSd: Math.sqrt(variance > 0 ? variance : 0) };
}
