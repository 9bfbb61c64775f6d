/**
 * Heston's stochastic variance by the quadratic-exponential scheme with martingale correction.
 *
 * dS = mu S dt + sqrt(v) S dW1, dv = kappa (theta - v) dt + xi sqrt(v) dW2, corr(W1, W2) = rho. The next
 * variance is a squared normal, or a mass at 0 beside an exponential, with the first two moments of the true
 * transition; the logarithm of the price follows from the exact integral form with the mean of the two ends
 * as the integral of v. The corrected constant makes the mean price exact wherever it exists. Paper:
 * Andersen, "Simple and efficient simulation of the Heston stochastic volatility model", J. Computational
 * Finance 11(3), 2008: equations 17-18 (moments), 23-29 (variance), 33 (price), propositions 9 and 10
 * (correction). Cost per step: two normals, one or two logarithms; a distribution function where the
 * variance is low.
 */
import { exp } from '../../math/exp.js';
import { log } from '../../math/log.js';
import { normalCdf } from '../../math/normal.js';
import type { Process, TerminalLaw } from './process.js';

export interface HestonLaw {
  readonly s0: number;
  readonly driftPerYr: number;
  readonly startVariancePerYr: number;
  readonly kappaPerYr: number;
  readonly longVariancePerYr: number;
  /** Volatility of variance xi. */
  readonly xiPerYr: number;
  readonly rho: number;
}

/** Where the scheme changes from the squared normal to the exponential with a mass at 0. */
const SWITCH_PSI = 1.5;

/** 2 kappa theta >= xi^2: only then does the variance stay above 0. */
export function keepsFeller(law: HestonLaw): boolean {
  return 2 * law.kappaPerYr * law.longVariancePerYr >= law.xiPerYr * law.xiPerYr;
}

export function heston(law: HestonLaw, horizonYr: number, steps: number): Process {
  return new Heston(law, horizonYr, steps);
}

class Heston implements Process {
  readonly scale = 'log';
  readonly steps;
  readonly start;
  readonly laws: readonly TerminalLaw[];
  readonly factors = 2;
  /** The exact law needs a Fourier inversion per path (Broadie & Kaya 2006). */
  readonly exact = null;
  private readonly law: HestonLaw;
  private readonly dt: number;

  constructor(law: HestonLaw, horizonYr: number, steps: number) {
    const { s0, driftPerYr, startVariancePerYr: v0, kappaPerYr: kappa, longVariancePerYr: theta } = law;
    const meanVariance = theta * horizonYr + ((v0 - theta) * (1 - exp(-kappa * horizonYr))) / kappa;
    this.law = law;
    this.steps = steps;
    this.dt = horizonYr / steps;
    this.start = Float64Array.of(s0);
    this.laws = [
      {
        mean: s0 * exp(driftPerYr * horizonYr),
        stateMean: driftPerYr * horizonYr - 0.5 * meanVariance,
        stateSd: Math.sqrt(meanVariance),
      },
    ];
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, dt } = this;
    const {
      driftPerYr,
      startVariancePerYr,
      kappaPerYr: kappa,
      longVariancePerYr: theta,
      xiPerYr: xi,
      rho,
    } = this.law;
    const fade = exp(-kappa * dt);
    const c1 = (xi * xi * fade * (1 - fade)) / kappa;
    const c2 = (theta * xi * xi * (1 - fade) * (1 - fade)) / (2 * kappa);
    const half = 0.5 * dt * ((kappa * rho) / xi - 0.5);
    const k1 = half - rho / xi;
    const k2 = half + rho / xi;
    const k3 = 0.5 * dt * (1 - rho * rho);
    const a2 = k2 + 0.5 * k3;
    const drift = driftPerYr * dt;
    const uncorrected = (-rho * kappa * theta * dt) / xi;
    let at = 0;
    for (let path = 0; path < count; path++) {
      let z = path * 2 * steps;
      let y = 0;
      let v = startVariancePerYr;
      out[at++] = 0;
      for (let j = 0; j < steps; j++, z++) {
        const mean = theta + (v - theta) * fade;
        const psi = (v * c1 + c2) / (mean * mean);
        let next = 0;
        // ln E[exp(a2 v')], by which the mean price is made exact; NaN where it does not exist.
        let logMgf = NaN;
        if (psi <= SWITCH_PSI) {
          const r = 2 / psi;
          const b2 = r - 1 + Math.sqrt(r) * Math.sqrt(r - 1);
          const a = mean / (1 + b2);
          const root = Math.sqrt(b2) + normals[z + steps];
          next = a * root * root;
          const left = 1 - 2 * a2 * a;
          if (left > 0) logMgf = (a2 * b2 * a) / left - 0.5 * log(left);
        } else {
          const p = (psi - 1) / (psi + 1);
          const beta = (1 - p) / mean;
          const above = normalCdf(-normals[z + steps]);
          if (above < 1 - p) next = log((1 - p) / above) / beta;
          if (a2 < beta) logMgf = log(p + (beta * (1 - p)) / (beta - a2));
        }
        const k0 = logMgf === logMgf ? -logMgf - (k1 + 0.5 * k3) * v : uncorrected;
        y += drift + k0 + k1 * v + k2 * next + Math.sqrt(k3 * (v + next)) * normals[z];
        v = next;
        out[at++] = y;
      }
    }
  }
}
