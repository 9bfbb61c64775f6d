/** V9: regimes of a Markov chain, and the bars of a trading day with a break. */
import type { Bars } from '../bars/bars.js';
import { CHINA_SESSION } from '../bars/sessions.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';
import type { Sheet } from './sheet.js';

const REGIMES = ['bull', 'bear', 'sideways'];
const TRANSITION = [
  [0.9, 0.02, 0.08],
  [0.02, 0.9, 0.08],
  [0.15, 0.15, 0.7],
];
const SHARES = [15 / 38, 15 / 38, 8 / 38];
const STAYS = [10, 10, 10 / 3];
/** Functions of the regime that shrink by the second and the third eigenvalue with every step. */
const MODES = [
  { eigenvalue: 0.88, values: [1, -1, 0] },
  { eigenvalue: 0.62, values: [1, 1, -3.75] },
];
const ROUNDING = 1e-12;

/** Names the regimes: 0, 1 or 2 of it a step. */
const DRIFT = 1e-3;
const PATHS = 600;
const STEPS = 900;
/** The start is forgotten as 0.88^step; a stay of 200 steps has probability 1e-9. */
const WARMUP = 100;
const LAST_ENTRY = STEPS - 200;

const EXACT = 'exact: from the matrix';

const chainForms: Experiment = {
  lines: [
    { what: 'share of time in each regime', unit: '1', source: EXACT, cells: REGIMES },
    { what: 'eigenvalues', unit: '1', source: EXACT, cells: ['first', 'second', 'third'] },
    { what: 'mean stay in each regime', unit: 'steps', source: EXACT, cells: REGIMES },
  ],
  measure({ models }, sheet) {
    sheet.addCells(0, models.stationaryLaw(TRANSITION), SHARES, ROUNDING);
    sheet.addCells(1, models.reversibleEigenvalues(TRANSITION) ?? [], [1, 0.88, 0.62], ROUNDING);
    sheet.addCells(2, models.meanStays(TRANSITION), STAYS, ROUNDING);
  },
};

const chainPlayed: Experiment = {
  lines: [
    { what: '600 paths: share of time in each regime', unit: '1', source: EXACT, cells: REGIMES },
    { what: '600 paths: mean stay in each regime', unit: 'steps', source: EXACT, cells: REGIMES },
    {
      what: '600 paths: what a step leaves of the modes of the eigenvalues',
      unit: '1',
      source: EXACT,
      cells: ['second', 'third'],
    },
  ],
  measure: playChain,
};

/** The regimes of paths of the real price process, whose only movement is a drift that names the regime. */
function regimesOf(bench: Bench): Uint8Array {
  const law = {
    s0: 1,
    regimeDriftsPerYr: [0, DRIFT, 2 * DRIFT],
    regimeSigmasPerSqrtYr: [0, 0, 0],
    transition: TRANSITION,
    startRegime: 0,
  };
  const prices = bench.models.regimeSwitching(law, STEPS, STEPS);
  const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
  const normals = new Float64Array(2 * STEPS);
  const path = new Float64Array(STEPS + 1);
  const regimes = new Uint8Array(PATHS * STEPS);
  for (let k = 0; k < PATHS; k++) {
    stream.fillNormals(normals, normals.length);
    prices.walk(normals, 1, path);
    for (let i = 0; i < STEPS; i++) regimes[k * STEPS + i] = Math.round((path[i + 1] - path[i]) / DRIFT);
  }
  return regimes;
}

function playChain(bench: Bench, sheet: Sheet): void {
  const regimes = regimesOf(bench);
  const shares = REGIMES.map(() => ({ n: 0, sum: 0, squares: 0 }));
  const stays = REGIMES.map(() => ({ n: 0, sum: 0, squares: 0 }));
  const add = (to: { n: number; sum: number; squares: number }, value: number): void => {
    to.n++;
    to.sum += value;
    to.squares += value * value;
  };
  for (let k = 0; k < PATHS; k++) {
    const path = regimes.subarray(k * STEPS, (k + 1) * STEPS);
    const counts = [0, 0, 0];
    let entered = 0;
    for (let i = WARMUP; i < STEPS; i++) {
      counts[path[i]]++;
      if (path[i] === path[i - 1]) continue;
      if (entered > 0 && entered < LAST_ENTRY) add(stays[path[i - 1]], i - entered);
      entered = i;
    }
    counts.forEach((count, regime) => add(shares[regime], count / (STEPS - WARMUP)));
  }
  for (let regime = 0; regime < REGIMES.length; regime++) {
    const share = shares[regime];
    sheet.add(0, share.sum / share.n, SHARES[regime], 4 * errorOf(share), regime);
  }
  for (let regime = 0; regime < REGIMES.length; regime++) {
    const stay = stays[regime];
    sheet.add(1, stay.sum / stay.n, STAYS[regime], 4 * errorOf(stay), regime);
  }
  MODES.forEach(({ eigenvalue, values }, cell) => {
    let [squares, products, misses] = [0, 0, 0];
    for (let at = 1; at < regimes.length; at++) {
      if (at % STEPS <= WARMUP) continue;
      const [before, after] = [values[regimes[at - 1]], values[regimes[at]]];
      const miss = before * (after - eigenvalue * before);
      squares += before * before;
      products += before * after;
      misses += miss * miss;
    }
    // Steps are uncorrelated once what the regime foretells is taken off.
    sheet.add(2, products / squares, eigenvalue, (4 * Math.sqrt(misses)) / squares, cell);
  });
}

function errorOf({ n, sum, squares }: { n: number; sum: number; squares: number }): number {
  return Math.sqrt((squares / n - (sum / n) * (sum / n)) / (n - 1));
}

const MINUTES = [1, 5, 15, 30, 60, 120];
const COUNTS = [240, 48, 16, 8, 4, 2];
const WIDTHS = MINUTES.map((minutes) => `${minutes} min`);
const RULE = 'exact: 9:30-11:30 and 13:00-15:00';
const DAYS = 20;

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** A number of days of minute bars, each bar there with probability `kept`; days are whole where it is 1. */
function minuteBars(days: number, kept: number, stream: Stream): Bars {
  const rows: number[][] = [];
  let price = 100;
  for (let day = 0; day < days; day++) {
    for (const [openS, closeS] of CHINA_SESSION) {
      for (let secondS = openS; secondS < closeS; secondS += 60) {
        const open = price;
        price += stream.uniform() - 0.5;
        const [top, bottom] = open > price ? [open, price] : [price, open];
        const high = top + stream.uniform();
        const low = bottom - stream.uniform();
        const volume = Math.floor(1_000 * stream.uniform());
        if (stream.uniform() < kept)
          rows.push([86_400 * day + secondS, open, high, low, price, price, volume]);
      }
    }
  }
  const column = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c]);
  const [timeS, open, high, low, close, adjClose, volume] = [0, 1, 2, 3, 4, 5, 6].map(column);
  return { timeS, open, high, low, close, adjClose, volume };
}

/** True for a bar that lies in neither half of the session as a whole. */
function straddles(startS: number, widthS: number): boolean {
  const secondS = startS % 86_400;
  return !CHINA_SESSION.some(([openS, closeS]) => secondS >= openS && secondS + widthS <= closeS);
}

/** Wide bars whose numbers differ from those of the minutes that lie within them, or that hold none. */
function wrongBars(minutes: Bars, wide: Bars, widthS: number): number {
  let wrong = 0;
  for (let b = 0; b < wide.timeS.length; b++) {
    const startS = wide.timeS[b];
    const from = minutes.timeS.findIndex((timeS) => timeS >= startS);
    const within = minutes.timeS.subarray(from).findIndex((timeS) => timeS >= startS + widthS);
    const to = within < 0 ? minutes.timeS.length : from + within;
    const right =
      to > from &&
      wide.open[b] === minutes.open[from] &&
      wide.close[b] === minutes.close[to - 1] &&
      wide.high[b] === Math.max(...minutes.high.subarray(from, to)) &&
      wide.low[b] === Math.min(...minutes.low.subarray(from, to)) &&
      wide.volume[b] === sum(minutes.volume.subarray(from, to));
    if (!right) wrong++;
  }
  return wrong;
}

const bars: Experiment = {
  lines: [
    { what: 'bars of a day', unit: 'bars', source: RULE, cells: WIDTHS },
    {
      what: 'bars that reach over the break or beyond the day',
      unit: 'bars',
      source: 'exact: 0',
      cells: WIDTHS,
    },
    {
      what: '20 days with gaps: bars that are not what their minutes are',
      unit: 'bars',
      source: 'exact: 0',
      cells: WIDTHS,
    },
    {
      what: '20 days with gaps: volume of the bars minus that of the minutes',
      unit: 'units',
      source: 'exact: 0',
      cells: WIDTHS,
    },
  ],
  measure(bench, sheet) {
    const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
    const whole = minuteBars(1, 1, stream);
    const gaps = minuteBars(DAYS, 0.7, stream);
    MINUTES.forEach((minutes, cell) => {
      const widthS = 60 * minutes;
      const day = bench.models.aggregateBars(whole, widthS, CHINA_SESSION).bars;
      sheet.add(0, day.timeS.length, COUNTS[cell], 0, cell);
      const { bars: wide } = bench.models.aggregateBars(gaps, widthS, CHINA_SESSION);
      const over = [...day.timeS, ...wide.timeS].filter((startS) => straddles(startS, widthS));
      sheet.add(1, over.length, 0, 0, cell);
      sheet.add(2, wrongBars(gaps, wide, widthS), 0, 0, cell);
      sheet.add(3, sum(wide.volume) - sum(gaps.volume), 0, 0, cell);
    });
  },
};

export const V9: Check = {
  id: 'V9',
  title: 'Regimes and sessions',
  asks:
    'Does a market that switches between bull, bear and sideways spend its time, stay and forget as its matrix says, ' +
    'and are minute bars of a day with a break put together to the right wider ones?',
  recipe:
    'Bull and bear stay with probability 0.90, go over to each other with 0.02 and sideways with 0.08; sideways stays ' +
    'with 0.70 and leaves with 0.15 either way. Shares of time, eigenvalues and mean stays come from the matrix; then ' +
    '600 paths of 900 steps of the price process are played with drifts that give the regime away, without their first ' +
    '100 steps. The difference of bull and bear must shrink by the second eigenvalue with every step, that of trend ' +
    'and sideways by the third. A day of 9:30-11:30 and 13:00-15:00 is put together to bars of 5 to 120 minutes, as ' +
    'are 20 days of which three minutes in ten are missing; each bar is compared with the minutes that lie within it.',
  papers: [
    'Hamilton, "A new approach to the economic analysis of nonstationary time series and the business cycle", Econometrica 57(2), 357-384, 1989',
    'Norris, "Markov Chains", Cambridge University Press, 1997, sections 1.7 and 1.9',
  ],
  tolerance:
    'Closed forms must agree to 1e-12, which is rounding. Played chains must meet them within 4 of their own standard ' +
    'errors: between paths for shares, between stays for stays. Bars are counted and compared exactly.',
  experiments: [chainForms, chainPlayed, bars],
};
