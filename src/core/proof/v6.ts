/** V6: self-exciting order flow: counts, clustering, likelihood, and what looks like it but is not. */
import { Draws } from '../flow/draws.js';
import type { EventStream } from '../fit/hawkes-likelihood.js';
import type { UnivariateHawkesProcess } from '../flow/hawkes-univariate-process.js';
import { emptyMoments, meanErrorOf, momentsOf, sdErrorOf, sdOf } from '../price/moments.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import { exp } from '../math/exp.js';
import type { Bench, Check, Experiment } from './check.js';
import type { Models } from './models.js';
import type { Sheet } from './sheet.js';

const BASE_RATE = 1;
const DECAY = 1;
/** Children of an event, on average: alpha / beta. */
const BRANCHING = 0.5;
const HORIZON = 200;
const PATHS = 8_000;
const WINDOWS = 4_000;
const FIT_HORIZON = 10_000;
/** The times of a switch between a slow and a fast Poisson stream, and their rates. */
const SWITCH = 500;
const SWITCHES = 8;
const SLOW = 1;
const FAST = 5;

/** A process of one type: how its lines are called, and how it is made. */
interface Simulator {
  readonly prefix: string;
  create(
    models: Models,
    draws: Draws,
  ): Pick<UnivariateHawkesProcess, 'clear' | 'draw' | 'nextNs'> & {
    take(): unknown;
  };
}

/** The one that drives a Hawkes market. */
const market: Simulator = {
  prefix: '',
  create: (models, draws) => models.createHawkes([BASE_RATE], [[BRANCHING]], DECAY, draws),
};
/** The one for one type only. */
const clusters: Simulator = {
  prefix: 'by clusters: ',
  create: (models, draws) => models.createUnivariateHawkes(BASE_RATE, BRANCHING, DECAY, draws),
};

/** Events to `horizon` seconds from an empty start. */
function simulate(bench: Bench, simulator: Simulator, run: number, horizon: number): EventStream {
  const draws = new Draws(new Stream());
  draws.key(bench.seed, bench.streamUnit(run), FLOW);
  const hawkes = simulator.create(bench.models, draws);
  hawkes.clear();
  const times: number[] = [];
  for (hawkes.draw(); hawkes.nextNs() <= horizon * 1e9; hawkes.draw()) {
    times.push(hawkes.nextNs() * 1e-9);
    hawkes.take();
  }
  return {
    times: Float64Array.from(times),
    types: new Uint8Array(times.length),
    typeCount: 1,
    horizon,
  };
}

const sample: EventStream = {
  times: Float64Array.of(0.5, 1, 1.7, 3.2, 3.3),
  types: new Uint8Array(5),
  typeCount: 1,
  horizon: 5,
};

const likelihood: Experiment = {
  lines: [{ what: 'log-likelihood of five events', unit: '1', source: 'exact, by the double sum' }],
  measure({ models }, sheet) {
    const end = Float64Array.of(sample.horizon);
    const parameters = Float64Array.of(0.5, 0.8, 1.5);
    const value = models.hawkesLikelihood(sample, 0, end, parameters, new Float64Array(3));
    sheet.add(0, value, -6.20309664304, 1e-11);
  },
};

const counts = (simulator: Simulator): Experiment => ({
  lines: [
    {
      what: `${simulator.prefix}events to T = 200 from an empty start, 8,000 paths`,
      unit: '1',
      source: 'exact: 398.000',
    },
  ],
  measure(bench, sheet) {
    const events = new Float64Array(PATHS);
    for (let path = 0; path < PATHS && !bench.stopped(); path++) {
      events[path] = simulate(bench, simulator, path, HORIZON).times.length;
    }
    const moments = emptyMoments();
    momentsOf(events, PATHS, moments);
    sheet.add(0, moments.mean, 398, 4 * meanErrorOf(moments));
  },
});

const clustering = (simulator: Simulator): Experiment => ({
  lines: [
    { what: `${simulator.prefix}rate, 4,000 windows of 200`, unit: '1/s', source: 'exact: mu / (1 - n)' },
    {
      what: `${simulator.prefix}variance of counts over their mean`,
      unit: '1',
      source: 'exact: 1 / (1 - n)^2, less the edges',
    },
  ],
  measure: (bench, sheet) => measureClustering(bench, simulator, sheet),
});

/** Counts in windows of one long path, after a tenth of a window in which it forgets its empty start. */
function measureClustering(bench: Bench, simulator: Simulator, sheet: Sheet): void {
  const start = HORIZON / 10;
  const { times } = simulate(bench, simulator, 0, start + WINDOWS * HORIZON);
  const events = new Float64Array(WINDOWS);
  for (const time of times) {
    const window = Math.floor((time - start) / HORIZON);
    if (window >= 0 && window < WINDOWS) events[window]++;
  }
  const moments = emptyMoments();
  momentsOf(events, WINDOWS, moments);
  sheet.add(0, moments.mean / HORIZON, 1 / (1 - BRANCHING), (4 * meanErrorOf(moments)) / HORIZON);
  // Clusters that a window cuts: with kappa = 1 / (1 - n), d = beta - alpha, (kappa^2 - 1)(1 - e^-dT) / (dT)
  // less.
  const kappa = 1 / (1 - BRANCHING);
  const dT = DECAY * (1 - BRANCHING) * HORIZON;
  const expected = kappa * kappa - ((kappa * kappa - 1) * (1 - exp(-dT))) / dT;
  const sd = sdOf(moments);
  const error = (2 * sd * sdErrorOf(moments)) / moments.mean;
  sheet.add(1, (sd * sd) / moments.mean, expected, 4 * error);
}

const recovery: Experiment = {
  lines: [
    { what: 'branching ratio, fitted to a path of 10,000', unit: '1', source: 'exact: alpha / beta = 0.5' },
    { what: 'base rate, fitted to the same path', unit: '1/s', source: 'exact: 1' },
    { what: 'warnings of a change of regime on the same path', unit: '1', source: 'there is none' },
  ],
  measure(bench, sheet) {
    const path = simulate(bench, market, 0, FIT_HORIZON);
    const fit = bench.models.fitHawkes(path, 0);
    sheet.add(0, fit.branching[0].value, BRANCHING, 4 * fit.branching[0].standardError);
    sheet.add(1, fit.mu[0].value, BASE_RATE, 4 * fit.mu[0].standardError);
    sheet.add(2, Number(bench.models.findRegimes(path, fit).changes), 0, 0);
  },
};

const control: Experiment = {
  lines: [
    {
      what: 'Poisson stream that switches its rate: warnings of a change of regime',
      unit: '1',
      source: 'Filimonov & Sornette 2013: it must not pass for self-excitation',
    },
  ],
  measure(bench, sheet) {
    const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
    const times: number[] = [];
    for (let piece = 0; piece < SWITCHES; piece++) {
      const rate = piece % 2 === 0 ? SLOW : FAST;
      for (let t = stream.exponential() / rate; t < SWITCH; t += stream.exponential() / rate) {
        times.push(piece * SWITCH + t);
      }
    }
    const path: EventStream = {
      times: Float64Array.from(times),
      types: new Uint8Array(times.length),
      typeCount: 1,
      horizon: SWITCHES * SWITCH,
    };
    const regime = bench.models.findRegimes(path, bench.models.fitHawkes(path, 0));
    sheet.add(0, Number(regime.changes), 1, 0);
  },
};

export const V6: Check = {
  id: 'V6',
  title: 'Order flow that excites itself',
  asks:
    'Do Hawkes processes come out with the rate and the clustering that theory gives them, is their likelihood ' +
    'right to the last digits, does the fit find what was put in, and does it say so when a stream only looks ' +
    'self-exciting because its rate changes?',
  recipe:
    'Base rate 1, jumps of 0.5 that decay at rate 1, so that an event has 0.5 children on average; the process is the one that drives a Hawkes market, and beside it the one for one type, which draws the children of each event. From an empty ' +
    'start 398 events are expected by time 200 (8,000 paths); in windows of one long path the rate is 2 and the ' +
    'variance of counts is nearly 4 times their mean. The log-likelihood of five given events at mu 0.5, alpha ' +
    '0.8, beta 1.5 is compared with the plain double sum. A path of 10,000 seconds is fitted by maximum ' +
    'likelihood. The control is a Poisson stream whose rate alternates between 1 and 5 every 500 seconds: ' +
    'the calibration must warn of a change of regime there, and not on the real thing.',
  papers: [
    'Hawkes, "Spectra of some self-exciting and mutually exciting point processes", Biometrika 58(1), 83-90, 1971',
    'Hawkes & Oakes, "A cluster process representation of a self-exciting process", Journal of Applied Probability 11(3), 493-503, 1974',
    'Da Fonseca & Zaatour, "Hawkes process: fast calibration, application to trade clustering, and diffusive limit", Journal of Futures Markets 34(6), 548-579, 2014',
    'Filimonov & Sornette, "Apparent criticality and calibration issues in the Hawkes self-excited point process model", Quantitative Finance 15(8), 1293-1314, 2015 (arXiv 1308.6756)',
  ],
  tolerance:
    'Counts, rates and fitted parameters: 4 of their own standard errors. The likelihood must agree to 1e-11. ' +
    'A warning is there or not.',
  experiments: [
    likelihood,
    counts(market),
    clustering(market),
    recovery,
    control,
    counts(clusters),
    clustering(clusters),
  ],
};
