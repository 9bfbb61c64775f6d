/** Kind calibrate: models of order flow and prices fitted to data, with errors and a file that runs. */
import { defineKind } from '../../contract/kind.js';
import type { Cost, InputData, InputRef } from '../../contract/kind.js';
import { NIL } from '../../core/sim/market.js';
import { readReplayFeed, tickE4Of } from '../../core/sim/replay-feed.js';
import { spanOf } from './sample.js';
import { schema } from './schema.js';
import { SERIES_DATA, SERIES_MODELS } from './series/spec.js';
import { SERIES_EXAMPLES } from './series/examples.js';
import { seriesFaults, seriesInputFaults } from './series/faults.js';
import { seriesCost, seriesInputs } from './series/job.js';
import { quoteFaults } from './series/quotes.js';
import { isFlow, isSeries, unitsOf, type FlowSpec, type Spec } from './spec.js';
import { summarise } from './summarise.js';
import { TABLES } from './tables.js';

/** Rows of a file are not known before it is read; a busy day has about so many. */
const FILE_EVENTS = 300_000;
const SIMULATED_EVENTS_PER_S = 10;
/** Of a pass of a fit over one event. */
const NS_PER_STEP = 40;

/** How many passes a fit makes, its data's simulation among them (measured: make costs). */
function passesOf(model: FlowSpec['model']): number {
  switch (model.type) {
    case 'hawkes':
      return model.events === 'orders' ? 1_000 : 30;
    case 'intensity':
      return 6;
    case 'cont-stoikov-talreja':
      return 180;
    case 'queue-reactive':
      return 80;
  }
}
/** Rows of all tables of one unit at most, and bytes of a row. */
const ROWS_PER_UNIT = 900;
const ROW_BYTES = 60;

export default defineKind<Spec>({
  name: 'calibrate',
  version: 2,
  title: 'Calibration',
  description:
    'Fits models of order flow and of prices by maximum likelihood: the fill intensity A e^(-k delta), the rates of ' +
    'Cont, Stoikov & Talreja (2010) by distance, Hawkes processes, and the queue-reactive intensities of Huang, ' +
    'Lehalle & Rosenbaum (2015); geometric Brownian motion, Ornstein-Uhlenbeck, Merton jumps, GARCH, Markov ' +
    'switching and Heston. Every estimate has a standard error and a 95 % interval, every fit a test by its ' +
    'time-rescaled residuals, and a market file comes out that a simulation takes as it is.',
  schema,
  tables: TABLES,
  units: unitsOf,
  cost,
  inputs,
  faults,
  inputFaults,
  summarise,
  examples: [
    {
      title: 'Seven Hawkes processes of known parameters, fitted',
      spec: { data: { type: 'simulated', durationS: 400, samples: 7 } },
      seed: 1,
      digest: 'af26426a1123dfe1bce5184f0b6662801d75d3c373957bf2e8fe981b46dee4fe',
    },
    {
      title: 'All orders of two sides with one decay',
      spec: {
        data: { type: 'simulated', durationS: 100, samples: 2 },
        model: { type: 'hawkes', events: 'orders' },
      },
      seed: 2,
      digest: 'a80694073d7fa032089e31c6fd9c274bfccbb8b80e07affff186759862c52fac',
    },
    {
      title: 'The reach of market orders',
      spec: { data: { type: 'simulated', samples: 7 }, model: { type: 'intensity' } },
      seed: 3,
      digest: 'd4d6fb4e2b4528dc131b6d4acfbaff87ce7d2c5aedff272d523114490a075156',
    },
    {
      title: 'Rates by distance from a recorded order book',
      spec: {
        data: { type: 'simulated', durationS: 200, samples: 3 },
        model: { type: 'cont-stoikov-talreja' },
      },
      seed: 4,
      digest: '64cddec833d26ff428c92e795584e4d6047587b13cd0d5c4c2377a226bcdf66f',
    },
    {
      title: 'Intensities by queue size',
      spec: { data: { type: 'simulated', durationS: 200, samples: 3 }, model: { type: 'queue-reactive' } },
      seed: 5,
      digest: 'aae49e3783add8e7f016eab67df590e0836f0fe216dd643bead33bbc3b1258d3',
    },
    ...SERIES_EXAMPLES,
  ],
});

function cost(spec: Spec): Cost {
  return isFlow(spec) ? flowCost(spec) : seriesCost(spec);
}

function flowCost(spec: FlowSpec): Cost {
  const { data } = spec;
  const units = unitsOf(spec);
  const events = data.type === 'simulated' ? SIMULATED_EVENTS_PER_S * data.durationS : FILE_EVENTS;
  // The windows together are as long as the whole.
  const perUnit = data.type === 'simulated' ? events : (2 * events) / units;
  return {
    stepsPerUnit: perUnit * passesOf(spec.model),
    nsPerStep: NS_PER_STEP,
    resultBytes: units * ROWS_PER_UNIT * ROW_BYTES,
    threadBytes: 8e6 + 200 * events,
  };
}

function inputs(spec: Spec): readonly InputRef[] {
  if (!isFlow(spec)) return seriesInputs(spec);
  const { data } = spec;
  if (data.type === 'simulated') return [];
  const files: Record<string, string> =
    data.type === 'lobster'
      ? { messages: data.messages ?? '', orderbook: data.orderbook ?? '' }
      : { file: data.file ?? '' };
  const pointers = Object.fromEntries(Object.keys(files).map((role) => [role, `/data/${role}`]));
  return [{ name: 'feed', importer: data.type, files, pointers }];
}

type Fault = { readonly pointer: string; readonly message: string };

function faults(spec: Spec): Fault[] {
  if (isSeries(spec)) return seriesFaults(spec.data, spec.model);
  return isFlow(spec) ? flowFaults(spec) : [mismatch(spec)];
}

function mismatch({ data, model }: Spec): Fault {
  const message =
    `Expected a model of ${SERIES_DATA.includes(data.type) ? `a price series (${SERIES_MODELS.join(', ')})` : 'order flow'} ` +
    `for data of type ${data.type}; got ${model.type}.`;
  return { pointer: '/model/type', message };
}

function flowFaults({ data, model }: FlowSpec): Fault[] {
  if (data.type === 'simulated') return [];
  const found: Fault[] = [];
  if (data.toS > 0 && data.toS <= data.fromS) {
    const message = `Expected more than fromS (${data.fromS}), or 0 for the end of the file; got ${data.toS}.`;
    found.push({ pointer: '/data/toS', message });
  }
  const onlyTrades = model.type === 'hawkes' && model.events !== 'orders';
  if (data.type === 'trades' && !onlyTrades) {
    const message =
      'Expected hawkes with events trades or trade-sides: a file of trades holds no book. Use lobster, depth or orders data.';
    found.push({ pointer: '/model/type', message });
  }
  return found;
}

/** What only the file can tell: its prices must be whole ticks, and the sample must lie inside it. */
function inputFaults(spec: Spec, inputs: Readonly<Record<string, InputData>>): Fault[] {
  const series = inputs['series'];
  if (isSeries(spec) && series && spec.data.type !== 'simulated-series') {
    if (spec.data.type === 'option-quotes') return quoteFaults(spec.data, series.tables);
    return seriesInputFaults(spec.data, spec.model, series.tables);
  }
  const input = inputs['feed'];
  if (!isFlow(spec) || !input || spec.data.type === 'simulated') return [];
  const feed = readReplayFeed(input.tables);
  const found: Fault[] = [];
  if (spec.tickSize > 0 && tickE4Of(feed, spec.tickSize) === NIL) {
    const largest = feed.gridE4 / 10_000;
    const message = `Expected a tick that divides every price of the file, ${largest} at most; got ${spec.tickSize}.`;
    found.push({ pointer: '/tickSize', message });
  }
  const [fromS, toS] = spanOf(spec, feed);
  if (!(toS > fromS)) {
    const message = `Expected a start before the end of the file, ${toS} s after its first row; got ${fromS}.`;
    found.push({ pointer: '/data/fromS', message });
  }
  return found;
}
