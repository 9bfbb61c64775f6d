/**
 * Each price process, fed with a hundred million normals, keeps to its law: increments and ends by moments,
 * chi-square, Kolmogorov-Smirnov, tails and neighbours (tests/support/draw-tests.ts).
 */
import { describe, expect, it } from 'vitest';
import { hestonPrice } from '../../../../src/core/price/closed-form/heston.js';
import { arithmeticBrownian, gbm } from '../../../../src/core/price/processes/brownian.js';
import { correlatedGbm } from '../../../../src/core/price/processes/correlated-gbm.js';
import { heston } from '../../../../src/core/price/processes/heston.js';
import { merton } from '../../../../src/core/price/processes/merton.js';
import { ornsteinUhlenbeck } from '../../../../src/core/price/processes/ornstein-uhlenbeck.js';
import type { Process } from '../../../../src/core/price/processes/process.js';
import { regimeSwitching } from '../../../../src/core/price/processes/regime-switching.js';
import { SimdNormals } from '../../../../src/core/price/simd/normals.js';
import { chiSquareZ } from '../../../support/statistics.js';
import { DrawTests, failures, type Law, mixture, NORMAL } from '../../../support/draw-tests.js';

const NORMALS = 1e8;
const BATCH = 128;
const SEED = 20_261_122;

const normal = (mean: number, sd: number): Law => mixture([{ weight: 1, mean, sd }]);

/** Walks paths until the process has had its normals; `take` gets `count` paths of states at a time. */
function walked(process: Process, take: (states: Float64Array, count: number) => void): void {
  const perPath = process.factors * process.steps;
  const source = new SimdNormals(SEED);
  const normals = new Float64Array(BATCH * perPath);
  const states = new Float64Array(BATCH * process.start.length * (process.steps + 1));
  const batches = Math.ceil(NORMALS / perPath / BATCH);
  for (let batch = 0; batch < batches; batch++) {
    source.fill(batch * BATCH, BATCH, perPath, normals);
    process.walk(normals, BATCH, states);
    take(states, BATCH);
  }
}

/** Tests x_j - phi x_{j-1} of one series and its end. */
function testSeries(process: Process, phi: number, increment: Law, end: Law): string[] {
  const { steps } = process;
  const [increments, ends] = [new DrawTests(increment), new DrawTests(end)];
  const [moved, last] = [new Float64Array(BATCH * steps), new Float64Array(BATCH)];
  walked(process, (states, count) => {
    let to = 0;
    for (let path = 0; path < count; path++) {
      const from = path * (steps + 1);
      for (let j = from + 1; j <= from + steps; j++) moved[to++] = states[j]! - phi * states[j - 1]!;
      last[path] = states[from + steps]!;
    }
    increments.add(moved);
    ends.add(last);
  });
  return [...failures(increments), ...failures(ends).map((failure) => `end: ${failure}`)];
}

describe('a hundred million normals', () => {
  it('geometric Brownian motion', () => {
    const [steps, sigma] = [50, 0.3];
    const process = gbm({ s0: 100, driftPerYr: 0.1, sigmaPerSqrtYr: sigma }, 2, steps);
    const [mean, sd] = [(0.1 - sigma ** 2 / 2) * 2, sigma * Math.sqrt(2)];
    expect(testSeries(process, 1, normal(mean / steps, sd / Math.sqrt(steps)), normal(mean, sd))).toEqual([]);
  });

  it('arithmetic Brownian motion', () => {
    const process = arithmeticBrownian({ s0: 5, driftCurrencyPerYr: -1, sigmaCurrencyPerSqrtYr: 4 }, 1, 100);
    expect(testSeries(process, 1, normal(-0.01, 0.4), normal(4, 4))).toEqual([]);
  });

  it('Ornstein-Uhlenbeck', () => {
    const [kappa, centre, sigma, steps, s0] = [3, 50, 2, 40, 52];
    const law = { s0, kappaPerYr: kappa, meanPrice: centre, sigmaCurrencyPerSqrtYr: sigma };
    const process = ornsteinUhlenbeck(law, 1, steps);
    const phi = Math.exp(-kappa / steps);
    const sdOver = (years: number): number =>
      sigma * Math.sqrt(-Math.expm1(-2 * kappa * years) / (2 * kappa));
    const increment = normal(centre * (1 - phi), sdOver(1 / steps));
    const end = normal(centre + (s0 - centre) * Math.exp(-kappa), sdOver(1));
    expect(testSeries(process, phi, increment, end)).toEqual([]);
  });

  it('Merton: every step a mixture of normals by the number of its jumps', () => {
    const [steps, lambda, jumpMean, jumpSd, sigma, drift] = [25, 6, -0.1, 0.15, 0.2, 0.05];
    const process = merton(
      {
        s0: 100,
        driftPerYr: drift,
        sigmaPerSqrtYr: sigma,
        jumpsPerYr: lambda,
        jumpLogMean: jumpMean,
        jumpLogSd: jumpSd,
      },
      1,
      steps,
    );
    const over = (years: number): Law => {
      const growth = Math.exp(jumpMean + jumpSd ** 2 / 2) - 1;
      const mean = (drift - sigma ** 2 / 2 - lambda * growth) * years;
      let weight = Math.exp(-lambda * years);
      return mixture(
        Array.from({ length: 60 }, (_, n) => {
          if (n > 0) weight *= (lambda * years) / n;
          return {
            weight,
            mean: mean + n * jumpMean,
            sd: Math.sqrt(sigma ** 2 * years + n * jumpSd ** 2),
          };
        }),
      );
    };
    expect(testSeries(process, 1, over(1 / steps), over(1))).toEqual([]);
  });

  it('correlated geometric Brownian motions: the drivers behind them are independent', () => {
    const [steps, rho, sigmas, drifts] = [25, -0.6, [0.2, 0.5], [0.05, -0.1]];
    const process = correlatedGbm(
      {
        startPrices: [100, 20],
        driftsPerYr: drifts,
        sigmasPerSqrtYr: sigmas,
        correlation: [
          [1, rho],
          [rho, 1],
        ],
        weights: [1, -1],
      },
      1,
      steps,
    );
    const tests = new DrawTests(NORMAL);
    const drivers = new Float64Array(2 * steps * BATCH);
    const [sd1, sd2] = sigmas.map((sigma) => sigma / Math.sqrt(steps));
    const [mean1, mean2] = sigmas.map((sigma, i) => (drifts[i]! - sigma ** 2 / 2) / steps);
    const left = Math.sqrt(1 - rho * rho);
    let basket = 0;
    walked(process, (states, count) => {
      let to = 0;
      for (let path = 0; path < count; path++) {
        const first = path * 3 * (steps + 1);
        const second = first + steps + 1;
        for (let j = 1; j <= steps; j++) {
          const z = (Math.log(states[first + j]! / states[first + j - 1]!) - mean1!) / sd1!;
          const other = (Math.log(states[second + j]! / states[second + j - 1]!) - mean2!) / sd2!;
          drivers[to++] = z;
          drivers[to++] = (other - rho * z) / left;
        }
        const end = second + steps;
        basket = Math.max(
          basket,
          Math.abs(states[end + steps + 1]! - states[end - steps - 1]! + states[end]!),
        );
      }
      tests.add(drivers);
    });
    expect(failures(tests)).toEqual([]);
    expect(basket).toBeLessThan(1e-10);
  });

  it('regime switching: moves that tell their regime keep to its law, and the regimes to the chain', () => {
    const steps = 50;
    const transition = [
      [0.9, 0.02, 0.08],
      [0.02, 0.9, 0.08],
      [0.15, 0.15, 0.7],
    ];
    // Moves of about +1, -1 and 0 with a deviation of 1/16: eight deviations between them.
    const sigma = Math.sqrt(steps) / 16;
    const drift = (move: number): number => steps * (move + 1 / 512);
    const process = regimeSwitching(
      {
        s0: 1,
        regimeDriftsPerYr: [1, -1, 0].map(drift),
        regimeSigmasPerSqrtYr: [sigma, sigma, sigma],
        transition,
        startRegime: 2,
      },
      1,
      steps,
    );
    const tests = new DrawTests(normal(0, 1 / 16));
    const residuals = new Float64Array(BATCH * steps);
    const seen = new Float64Array(9);
    walked(process, (states, count) => {
      let to = 0;
      for (let path = 0; path < count; path++) {
        let before = -1;
        for (let j = path * (steps + 1) + 1; j < (path + 1) * (steps + 1); j++) {
          const move = states[j]! - states[j - 1]!;
          const rounded = Math.round(move);
          const regime = rounded === 0 ? 2 : rounded > 0 ? 0 : 1;
          residuals[to++] = move - rounded;
          if (before >= 0) seen[3 * before + regime]!++;
          before = regime;
        }
      }
      tests.add(residuals);
    });
    expect(failures(tests)).toEqual([]);
    for (let i = 0; i < 3; i++) {
      const row = seen.subarray(3 * i, 3 * i + 3);
      const total = row.reduce((sum, count) => sum + count, 0);
      expect(
        chiSquareZ(
          row,
          Float64Array.from(transition[i]!, (p) => p * total),
        ),
      ).toBeLessThan(5);
    }
  });

  it('Heston: the end keeps to the inverted characteristic function, to the bias of the scheme', () => {
    const law = { v0: 0.04, kappa: 2, theta: 0.04, xi: 0.3, rho: -0.6 };
    const process = heston(
      {
        s0: 100,
        driftPerYr: 0,
        startVariancePerYr: law.v0,
        kappaPerYr: law.kappa,
        longVariancePerYr: law.theta,
        xiPerYr: law.xi,
        rho: law.rho,
      },
      1,
      50,
    );
    const tests = new DrawTests(hestonLaw(law));
    const ends = new Float64Array(BATCH);
    walked(process, (states, count) => {
      for (let path = 0; path < count; path++) ends[path] = states[path * 51 + 50]!;
      tests.add(ends);
    });
    expect(failures(tests)).toEqual([]);
  });
});

/**
 * The law of ln(S_1 / S_0) without drift, by the slope of the call in its strike; moments by the trapezium.
 */
function hestonLaw(law: Parameters<typeof hestonPrice>[2]): Law {
  const market = { spot: 100, ratePerYr: 0, yieldPerYr: 0, horizonYr: 1 };
  const cdf = (x: number): number => {
    const strike = 100 * Math.exp(x);
    const h = 1e-4 * strike;
    const [up, down] = [strike + h, strike - h].map((k) => hestonPrice(market, k, law, 'call'));
    return 1 + (up! - down!) / (2 * h);
  };
  const [low, high, cells] = [-2.5, 1.5, 4_000];
  const weights: [x: number, p: number][] = [];
  let before = cdf(low);
  for (let i = 0; i < cells; i++) {
    const x = low + ((high - low) * (i + 1)) / cells;
    const p = cdf(x);
    weights.push([x - (high - low) / cells / 2, p - before]);
    before = p;
  }
  const expected = (f: (x: number) => number): number => weights.reduce((sum, [x, p]) => sum + p * f(x), 0);
  const mean = expected((x) => x);
  const sd = Math.sqrt(expected((x) => (x - mean) ** 2) - ((high - low) / cells) ** 2 / 12);
  const moment = (k: number): number => expected((x) => ((x - mean) / sd) ** k);
  const moments = { 3: moment(3), 4: moment(4), 6: moment(6), 8: moment(8) };
  return { mean, sd, cdf, from: mean - 6 * sd, to: mean + 6 * sd, moments };
}
