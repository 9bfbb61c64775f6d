/** What a schema cannot say of a stat-arb spec, before and after its files were read. */
import type { InputData } from '../../contract/kind.js';
import { LEAST_FORMATION } from '../../core/pairs/formation.js';
import { alignedBars } from './prices.js';
import { formationRows, samplesOf, type BooksSource, type SeriesSource, type Spec } from './spec.js';

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Fewest observations that are traded. */
const LEAST_TRADED = 10;
/** Most observations of a run, and of them times the lags of a test: what a thread has room for. */
const MOST_OBSERVATIONS = 200_000;
const MOST_LAGGED = 1_000_000;
/** Largest |ln price| that six standard deviations may reach. */
const MAX_LOG_PRICE = 150;

export function faults(spec: Spec): Fault[] {
  const { source } = spec;
  const found = [...strategyFaults(spec)];
  if (source.type === 'books') {
    const samples = samplesOf(source);
    found.push(...bookFaults(spec, source), ...windowFaults(spec, samples, '/source/durationS'));
  } else if (source.type === 'series') {
    found.push(...lawFaults(source), ...windowFaults(spec, source.observations, '/source/observations'));
  } else if (source.type === 'values') {
    const [y, x] = [source.yValues, source.xValues];
    if (y.length !== x.length) {
      const message = `Expected as many prices as yValues has (${y.length}); got ${x.length}.`;
      return [...found, { pointer: '/source/xValues', message }];
    }
    found.push(...priceFaults(spec, y, '/source/yValues'), ...priceFaults(spec, x, '/source/xValues'));
    found.push(...windowFaults(spec, y.length, '/source/yValues'), ...sameFaults(y, x, '/source/xValues'));
  }
  return found;
}

function bookFaults({ pair }: Spec, { flow, venueX, venueY }: BooksSource): Fault[] {
  const found: Fault[] = [];
  const [limits, cancels] = [flow.limitRatePerS.length, flow.cancelRatePerS.length];
  if (limits !== cancels) {
    const message = `Expected as many rates as limitRatePerS has (${limits}); got ${cancels}.`;
    found.push({ pointer: '/source/flow/cancelRatePerS', message });
  }
  for (const [name, { makerBps, takerBps }] of Object.entries({ venueY, venueX })) {
    if (makerBps + takerBps < 0) {
      const message = `Expected a rebate of at most what takers pay (${takerBps} bps); got ${makerBps}.`;
      found.push({ pointer: `/source/${name}/makerBps`, message });
    }
  }
  if (pair.formationShare === 1) {
    const message = 'Expected less than 1: books are traded after their formation; got 1.';
    found.push({ pointer: '/pair/formationShare', message });
  }
  return found;
}

function strategyFaults({ source, strategy, pair, execution }: Spec): Fault[] {
  const found: Fault[] = [];
  const fault = (pointer: string, message: string): unknown => found.push({ pointer, message });
  if (strategy.type === 'lead-lag') {
    const { entryTicks, exitTicks } = strategy;
    if (source.type !== 'books') {
      fault(
        '/strategy/type',
        `Expected zscore, bands or bertram over ${source.type}: lead-lag needs books; got lead-lag.`,
      );
    }
    if (exitTicks >= entryTicks) {
      fault('/strategy/exitTicks', `Expected less than entryTicks (${entryTicks}); got ${exitTicks}.`);
    }
  } else if (strategy.type === 'bertram') {
    if (source.type !== 'books' && execution.costBps === 0 && execution.costPerLot === 0) {
      fault(
        '/execution/costBps',
        'Expected costs above 0: without any, the best bands of bertram have no width; got 0.',
      );
    }
  } else {
    const { entry, exit, stop } = strategy;
    if (exit >= entry) fault('/strategy/exit', `Expected less than entry (${entry}); got ${exit}.`);
    if (stop > 0 && stop <= entry) {
      fault('/strategy/stop', `Expected more than entry (${entry}), or 0 for never; got ${stop}.`);
    }
  }
  if (strategy.type === 'zscore' && strategy.window === 1) {
    fault('/strategy/window', 'Expected at least 2 spreads, or 0 for those of the formation window; got 1.');
  }
  if (pair.method === 'kalman' && pair.formationShare === 1 && source.type !== 'books') {
    fault(
      '/pair/formationShare',
      'Expected less than 1: a Kalman filter has no second look at its rows; got 1.',
    );
  }
  return found;
}

function lawFaults({
  observations,
  observationsPerYr,
  driftPerYr,
  sigmaPerSqrtYr,
  hedgeRatio,
}: SeriesSource): Fault[] {
  const years = observations / observationsPerYr;
  const drift = driftPerYr - (sigmaPerSqrtYr * sigmaPerSqrtYr) / 2;
  const reach =
    (Math.abs(drift) * years + 6 * sigmaPerSqrtYr * Math.sqrt(years)) * Math.max(1, Math.abs(hedgeRatio));
  if (reach <= MAX_LOG_PRICE) return [];
  const message =
    `Expected |drift - sigma^2 / 2| years + 6 sigma sqrt(years), times the hedge ratio, of at most ${MAX_LOG_PRICE}, so ` +
    `that prices stay finite; got ${reach.toPrecision(4)}. Lower sigmaPerSqrtYr or raise observationsPerYr.`;
  return [{ pointer: '/source/sigmaPerSqrtYr', message }];
}

function priceFaults({ pair }: Spec, prices: ArrayLike<number>, pointer: string): Fault[] {
  const all = Array.from(prices);
  const low = all.findIndex((price) => !(price > 0));
  if (pair.scale === 'log' && low >= 0) {
    const message =
      `Expected prices above 0 for a spread of logarithms; ` +
      `bar ${low + 1} of ${all.length} has ${all[low]}. Choose scale price.`;
    return [{ pointer, message }];
  }
  if (all.every((price) => price === all[0])) {
    return [{ pointer, message: `Expected prices that vary; got ${all.length} times ${all[0]}.` }];
  }
  return [];
}

function windowFaults(spec: Spec, rows: number, pointer: string): Fault[] {
  const formed = formationRows(spec, rows);
  const traded = formed === rows ? rows : rows - formed;
  const { formationShare, lags, method } = spec.pair;
  // Each lag of both series costs a row and two coefficients; a Kalman filter leaves its burn-in out.
  const least = LEAST_FORMATION + Math.max(0, 4 * lags) + (method === 'kalman' ? 10 : 0);
  if (formed < least || traded < LEAST_TRADED) {
    const message =
      `Expected at least ${least} observations for the formation and ${LEAST_TRADED} to trade; got ${rows}, of which ` +
      `${formed} for the formation at a formationShare of ${formationShare}.`;
    return [{ pointer, message }];
  }
  if (rows > MOST_OBSERVATIONS) {
    const message = `Expected at most ${MOST_OBSERVATIONS} observations; got ${rows}. Take a part, or longer bars or samples.`;
    return [{ pointer, message }];
  }
  if (rows * lags > MOST_LAGGED) {
    const most = Math.floor(MOST_LAGGED / rows);
    return [
      {
        pointer: '/pair/lags',
        message: `Expected at most ${most} lags for ${rows} observations; got ${lags}.`,
      },
    ];
  }
  const { strategy } = spec;
  if (strategy.type === 'zscore' && strategy.window > formed) {
    const message = `Expected at most the ${formed} observations of the formation; got ${strategy.window}.`;
    return [{ pointer: '/strategy/window', message }];
  }
  return [];
}

/** What only the files can tell: enough common times, and prices that can be used. */
export function inputFaults(spec: Spec, inputs: Readonly<Record<string, InputData>>): Fault[] {
  const { source } = spec;
  if (source.type !== 'files') return [];
  const tables = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.tables]));
  const { y, x, onlyX, onlyY } = alignedBars(source, tables);
  if (y.length === 0) {
    const message = `Expected bars at the times of yFile; got none at a common time (${onlyY} and ${onlyX} bars).`;
    return [{ pointer: '/source/xFile', message }];
  }
  for (const [prices, pointer] of [
    [y, '/source/yFile'],
    [x, '/source/xFile'],
  ] as const) {
    if (Number.isNaN(prices[0]!)) {
      const message = `Expected a column that both files have; ${pointer.slice(-5)} has no ${source.column}.`;
      return [{ pointer: '/source/column', message }];
    }
    const found = priceFaults(spec, prices, pointer);
    if (found.length > 0) return found;
  }
  return [...windowFaults(spec, y.length, '/source/yFile'), ...sameFaults(y, x, '/source/xFile')];
}

/** A series beside itself has no spread: a file that was named twice, or its copy. */
function sameFaults(y: ArrayLike<number>, x: ArrayLike<number>, pointer: string): Fault[] {
  if (!Array.from(y).every((price, i) => price === x[i])) return [];
  const message = `Expected other prices than those of y; got the same ${y.length}, which leave no spread to trade.`;
  return [{ pointer, message }];
}
