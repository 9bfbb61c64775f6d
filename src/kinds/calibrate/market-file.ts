/** The market file of a calibration: the part of a market-making spec that its estimates fix, as YAML. */
import type { Parameters } from './parameters.js';
import type { FileData, HawkesModel, FlowSpec, QueueReactiveModel } from './spec.js';

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
export function marketFile(spec: FlowSpec, parameters: Parameters): MarketFile {
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
      return intensity(spec.data, parameters);
    case 'queue-reactive':
      return queueReactive(spec.data, model, parameters);
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

/** The toy market of Avellaneda & Stoikov. Its step keeps the chance of a fill at the mid to a tenth. */
function intensity(data: FileData, parameters: Parameters): MarketFile {
  const [a, k] = [parameters.value('intensityA'), parameters.value('intensityK')];
  if (a === undefined || k === undefined) return none('no decay could be fitted.');
  return file(data, 'avellaneda-stoikov', parameters, [
    `  fillRatePerS: ${number(a)}`,
    `  fillDecayPerTick: ${number(k)}`,
    `  midSigmaTicksPerSqrtS: ${number(parameters.value('sigma') ?? 0)}`,
    `  stepMs: ${number(Math.min(500, 100 / a))}`,
  ]);
}

const QUEUES = [
  ['limitBySizePerS', 'queueLimitRate'],
  ['cancelBySizePerS', 'queueCancelRate'],
  ['marketBySizePerS', 'queueMarketRate'],
] as const;
/** Queues of the largest class must shrink on average, or they grow without end. */
const SHRINK = 1.05;

function queueReactive(data: FileData, model: QueueReactiveModel, parameters: Parameters): MarketFile {
  const unitLots = parameters.value('unitLots');
  if (unitLots === undefined) return none('no intensities could be fitted.');
  const [limits, cancels, markets] = QUEUES.map(([, name]) =>
    Array.from({ length: model.levels }, (_, level) => bySize(parameters, name, level, model.maxQueue)),
  ) as [number[][], number[][], number[][]];
  const last = model.maxQueue;
  let raised = 0;
  limits.forEach((rates, level) => {
    // Nothing leaves an empty queue.
    cancels[level]![0] = markets[level]![0] = 0;
    const least = SHRINK * rates[last]! - (level === 0 ? markets[0]![last]! : 0);
    if (cancels[level]![last]! > least) return;
    cancels[level]![last] = Math.max(MIN_CANCEL_RATE, least);
    raised++;
  });
  const tables = [limits, cancels, markets].flatMap((rows, kind) => [
    `  ${QUEUES[kind]![0]}:`,
    ...rows.map((row) => `    - ${list(row)}`),
  ]);
  const theta = parameters.value('theta');
  const told =
    raised > 0
      ? [`  # Cancels of the largest size were raised in ${raised} queues, so that they do not grow.`]
      : [];
  return file(data, 'queue-reactive', parameters, [
    ...told,
    ...tables,
    ...(theta === undefined ? [] : [`  theta: ${number(Math.min(1, theta))}`]),
  ]);
}

/**
 * Rates of sizes 0..maxQueue; a size that never was takes the rate of the next smaller one, or larger
 * ones first.
 */
function bySize(
  parameters: Parameters,
  name: (typeof QUEUES)[number][1],
  level: number,
  maxQueue: number,
): number[] {
  const known = Array.from({ length: maxQueue + 1 }, (_, size) => parameters.value(name, level, size));
  let before = known.find((rate) => rate !== undefined) ?? 0;
  return known.map((rate) => (before = rate ?? before));
}

function file(data: FileData, type: string, parameters: Parameters, lines: readonly string[]): MarketFile {
  const fact = (name: 'tickE4' | 'lotSize' | 'startTicks', otherwise: number): number =>
    parameters.value(name) ?? otherwise;
  let meanLots = parameters.value('meanLots') ?? parameters.value('unitLots') ?? 1;
  let lotSize = fact('lotSize', 1);
  while (meanLots > MAX_MEAN_LOTS) [meanLots, lotSize] = [meanLots / 10, lotSize * 10];
  // The toy market has neither orders of others nor a past.
  const ofFlow = [
    `  warmupS: ${WARMUP_S}`,
    `  orderSize: { type: geometric, meanLots: ${number(Math.max(1, meanLots))} }`,
  ];
  const text = [
    `# source: ${data.file ?? `${data.messages} with ${data.orderbook}`}, from ${data.fromS} s ` +
      `${data.toS > 0 ? `to ${data.toS} s` : 'to its end'}.`,
    `# method: kind calibrate, model of ${type}.`,
    'market:',
    `  type: ${type}`,
    `  startMidTicks: ${Math.max(1_000, fact('startTicks', 10_000))}`,
    ...(type === 'avellaneda-stoikov' ? [] : ofFlow),
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
