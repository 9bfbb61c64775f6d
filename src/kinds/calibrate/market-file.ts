/** The market file of a calibration: the part of a market-making spec that its estimates fix, as YAML. */
import type { Parameters } from './parameters.js';
import type { FileData, HawkesModel, Spec } from './spec.js';

/** Mean sizes above this are given in larger lots, so that quotes of some lots mean something. */
const MAX_MEAN_LOTS = 1_000;
const MIN_CANCEL_RATE = 0.001;
const WARMUP_S = 300;
const TYPES = 6;

/** The text of market.yaml, or null and why there is none. */
export type MarketFile =
  { readonly text: string; readonly why: '' } | { readonly text: null; readonly why: string };

const none = (why: string): MarketFile => ({ text: null, why: `No market file: ${why}` });

/** Of the whole sample of file data. */
export function marketFile(spec: Spec, parameters: Parameters): MarketFile {
  if (spec.data.type === 'simulated') return none('the data are simulated.');
  const tickE4 = parameters.value('tickE4');
  if (tickE4 === undefined) return none('nothing could be fitted.');
  const { model } = spec;
  switch (model.type) {
    case 'cont-stoikov-talreja':
      return contStoikovTalreja(spec.data, parameters);
    case 'hawkes':
      return hawkes(spec.data, model, parameters);
    case 'intensity':
    case 'queue-reactive':
      return none(`no market of this program takes the fit of ${model.type}.`);
  }
}

function contStoikovTalreja(data: FileData, parameters: Parameters): MarketFile {
  const limits = parameters.list('limitRate', 1);
  const marketRate = parameters.value('marketRate');
  if (limits.length === 0 || marketRate === undefined) return none('no rates could be fitted.');
  const cancels = parameters.list('cancelRate', 1).map((rate) => Math.max(MIN_CANCEL_RATE, rate));
  return file(data, 'cont-stoikov-talreja', parameters, [
    `  marketRatePerS: ${number(marketRate)}`,
    `  limitRatePerS: ${list(limits)}`,
    `  cancelRatePerS: ${list(cancels)}`,
  ]);
}

function hawkes(data: FileData, model: HawkesModel, parameters: Parameters): MarketFile {
  if (model.events !== 'orders') return none('a market needs all orders: --events orders.');
  const [beta, radius] = [parameters.value('beta'), parameters.value('spectralRadius')];
  if (beta === undefined || radius === undefined) return none('no excitation could be fitted.');
  if (radius >= 1) return none(`events breed without end: the spectral radius is ${number(radius)}.`);
  const range = Array.from({ length: TYPES }, (_, i) => i);
  const orders = Math.max(1, parameters.value('ordersPerSide') ?? 1);
  const baseline = range.map((i) => {
    const mu = parameters.value('mu', i) ?? 0;
    // The market's cancels have a base rate per resting order.
    return i < 4 ? mu : Math.max(MIN_CANCEL_RATE, mu / orders);
  });
  const rows = range.map((i) => `    - ${list(range.map((j) => parameters.value('branching', i, j) ?? 0))}`);
  return file(data, 'hawkes', parameters, [
    `  baselineRatePerS: ${list(baseline)}`,
    `  decayPerS: ${number(beta)}`,
    `  distanceWeights: ${list(parameters.list('limitRate', 1))}`,
    '  branching:',
    ...rows,
  ]);
}

function file(data: FileData, type: string, parameters: Parameters, lines: readonly string[]): MarketFile {
  const fact = (name: 'tickE4' | 'lotSize' | 'startTicks' | 'meanLots', otherwise: number): number =>
    parameters.value(name) ?? otherwise;
  let [meanLots, lotSize] = [fact('meanLots', 1), fact('lotSize', 1)];
  while (meanLots > MAX_MEAN_LOTS) [meanLots, lotSize] = [meanLots / 10, lotSize * 10];
  const text = [
    `# Market fitted by kind calibrate, model ${type}.`,
    `# source: ${data.file ?? `${data.messages} with ${data.orderbook}`}, from ${data.fromS} s ` +
      `${data.toS > 0 ? `to ${data.toS} s` : 'to its end'}.`,
    'market:',
    `  type: ${type}`,
    `  startMidTicks: ${Math.max(1_000, fact('startTicks', 10_000))}`,
    `  warmupS: ${WARMUP_S}`,
    `  orderSize: { type: geometric, meanLots: ${number(Math.max(1, meanLots))} }`,
    ...lines,
    'instrument:',
    `  tickSize: ${number(fact('tickE4', 100) / 10_000)}`,
    `  lotSize: ${number(lotSize)}`,
    '',
  ].join('\n');
  return { text, why: '' };
}

/** Four significant digits. */
const number = (value: number): string => String(Number(value.toPrecision(4)));
const list = (values: readonly number[]): string => `[${values.map(number).join(', ')}]`;
