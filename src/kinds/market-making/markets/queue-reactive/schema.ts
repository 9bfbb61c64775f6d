/** Order flow that reacts to queue sizes: the submitting side. */
import { Type } from 'typebox';
import { ruleFaults, type Fault } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { QueueReactiveSpec } from './open.js';

const NS_PER_EVENT = 300;

const bySize = (values: readonly (readonly number[])[], what: string) =>
  Type.Array(Type.Array(Type.Number({ minimum: 0, maximum: 10_000 }), { minItems: 2, maxItems: 1_000 }), {
    minItems: 1,
    maxItems: 20,
    default: values.map((row) => [...row]),
    description: `${what}: row i is level i from the reference price, entry n the size n = 0, 1, ...; the last one holds beyond [1/s]`,
  });
const chance = (value: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1, default: value, description });

const schema = Type.Object(
  {
    type: Type.Literal('queue-reactive'),
    ...flowFields,
    limitBySizePerS: bySize(
      [
        [0.93, 1.85, 1.76, 1.68, 1.61, 1.54, 1.48, 1.42, 1.37, 1.32, 1.28],
        [1.51, 1.37, 1.26, 1.16, 1.08, 1.01, 0.94, 0.89, 0.84, 0.79, 0.75],
        [1.09, 0.99, 0.91, 0.84, 0.78, 0.73, 0.68, 0.64, 0.61, 0.57, 0.55],
      ],
      'Limit orders that join a queue of a size, which counts in mean order sizes, rounded up',
    ),
    cancelBySizePerS: bySize(
      [
        [0, 0.19, 0.36, 0.52, 0.66, 0.79, 0.9, 1.01, 1.1, 1.19, 1.26],
        [0, 0.14, 0.27, 0.39, 0.49, 0.59, 0.68, 0.76, 0.83, 0.89, 0.95],
        [0, 0.1, 0.18, 0.26, 0.33, 0.39, 0.45, 0.5, 0.55, 0.59, 0.63],
      ],
      'Cancels from a queue of a size',
    ),
    marketBySizePerS: bySize(
      [
        [0, 1.13, 1.02, 0.93, 0.84, 0.76, 0.69, 0.62, 0.56, 0.51, 0.46],
        [0, 0.85, 0.77, 0.7, 0.63, 0.57, 0.52, 0.47, 0.42, 0.38, 0.35],
        [0, 0.57, 0.51, 0.46, 0.42, 0.38, 0.34, 0.31, 0.28, 0.25, 0.23],
      ],
      'Market orders into a queue of a size while it is the best',
    ),
    theta: chance(
      0.7,
      'Chance that the reference price follows when a first queue is empty and the mid moves [1]',
    ),
    thetaReinit: chance(
      0.85,
      'Chance that such a move redraws the whole book, as news from outside does [1]',
    ),
    orderSize,
  },
  closed,
);

export const queueReactive: MarketModel<QueueReactiveSpec> = {
  schema,
  examples: [
    {
      title: 'A minute of queue-reactive order flow, seven runs',
      spec: { market: { type: 'queue-reactive', durationS: 60 }, runs: 7, seriesPoints: 50 },
      seed: 14,
      digest: '29f437b90ddb33debc2f37cbc61a9bdd65d75b6e98ada3c75fb5d79eec65716b',
    },
    {
      title: 'The same flow in batch auctions',
      spec: {
        market: { type: 'queue-reactive', durationS: 60, orderSize: { type: 'constant', lots: 5 } },
        rules: { session: { type: 'batch', intervalMs: 500 } },
        runs: 2,
        seriesPoints: 50,
      },
      seed: 15,
      digest: '76f1b3018953aecd7be3fa215e8b70bbe3b0cc38f9bf01285c757c8addec6cc8',
    },
  ],
  load(market) {
    const highest = (rows: readonly (readonly number[])[]) =>
      rows.reduce((sum, row) => sum + Math.max(...row), 0);
    const levels = market.limitBySizePerS.length;
    // Cancels and market orders together are as many as limit orders in the long run.
    const eventsPerS = 4 * highest(market.limitBySizePerS);
    return flowLoad(market, eventsPerS, 2 * levels * market.limitBySizePerS[0]!.length, NS_PER_EVENT);
  },
  faults: ({ rules }, market) => [...sizeFaults(market), ...ruleFaults(rules, market.durationS)],
};

/** Three tables of one shape, and queues that do not grow without end. */
function sizeFaults({ limitBySizePerS, cancelBySizePerS, marketBySizePerS }: QueueReactiveSpec): Fault[] {
  const found: Fault[] = [];
  const [levels, sizes] = [limitBySizePerS.length, limitBySizePerS[0]!.length];
  for (const [name, rows] of Object.entries({ limitBySizePerS, cancelBySizePerS, marketBySizePerS })) {
    const pointer = `/market/${name}`;
    if (rows.length !== levels) {
      const message = `Expected as many levels as limitBySizePerS has (${levels}); got ${rows.length}.`;
      found.push({ pointer, message });
    }
    rows.forEach((row, i) => {
      if (row.length === sizes) return;
      const message = `Expected as many sizes as limitBySizePerS/0 has (${sizes}); got ${row.length}.`;
      found.push({ pointer: `${pointer}/${i}`, message });
    });
  }
  if (found.length > 0) return found;
  return cancelBySizePerS.flatMap((row, i) => {
    const limit = limitBySizePerS[i]![sizes - 1]!;
    if (row[sizes - 1]! > limit || (i === 0 && row[sizes - 1]! + marketBySizePerS[0]![sizes - 1]! > limit))
      return [];
    const message =
      `Expected more than the ${limit} limit orders at the largest size, or the queue grows without end; ` +
      `got ${row[sizes - 1]!}. Raise its last entry or lower that of limitBySizePerS/${i}.`;
    return [{ pointer: `/market/cancelBySizePerS/${i}/${sizes - 1}`, message }];
  });
}
