/**
 * What the legs of two books did, as metrics: the parts of the PnL, what was not hedged, queues, who leads.
 */
import type { Table } from '../../contract/columns.js';
import type { Metric } from '../../contract/kind.js';
import { meanOf, ratioOf, type Estimate } from '../../core/metrics/estimate.js';
import type { Spec } from './spec.js';
import { BOOK_COLUMNS } from './tables.js';

/** None without books. */
export function bookMetrics({ source }: Spec, books: Table): Metric[] {
  if (source.type !== 'books' || books.rows === 0) return [];
  const at = (name: string): number[] => [...books.columns[1 + BOOK_COLUMNS.indexOf(name)]!];
  const metric = (name: string, unit: string, meaning: string, found: Estimate | null): Metric => ({
    name,
    value: found?.value ?? null,
    standardError: found?.standardError ?? null,
    unit,
    meaning,
    ...(found?.interval && { interval: found.interval }),
    ...(found && found.runs > 1 && found.runs < 10 && { flag: `small sample: ${found.runs} runs` }),
  });
  const mean = (name: string, unit: string, meaning: string): Metric =>
    metric(name, unit, meaning, meanOf(at(name)));
  const seconds = at('unhedgedS').map(() => source.durationS);
  return [
    mean('paperPnl', 'currency', 'what the decisions earned at the mids that they saw'),
    mean('spreadCost', 'currency', 'prices against the mids at the fills'),
    mean(
      'leggingCost',
      'currency',
      'moves of the mids between the first fill of a decision and each other one',
    ),
    mean('latencyCost', 'currency', 'moves of the mids from what a decision saw to its first fill'),
    metric(
      'unhedgedShare',
      '1',
      'share of the time with lots of x not hedged',
      ratioOf(at('unhedgedS'), seconds),
    ),
    metric(
      'unhedgedLots',
      'lots',
      'lots of x not hedged, mean over time',
      ratioOf(at('unhedgedLotS'), seconds),
    ),
    mean('maxUnhedgedLots', 'lots', 'most lots of x not hedged'),
    mean('partialFills', '1', 'own orders that were filled in part'),
    mean('takerLots', 'lots', 'own lots taken, both legs'),
    mean('makerLots', 'lots', 'own lots filled while resting'),
    metric(
      'queueAheadLots',
      'lots',
      'lots ahead in the queue when an own order came to rest',
      ratioOf(at('queueAheadLots'), at('restedOrders')),
    ),
    metric(
      'timeToFillS',
      's',
      'time from coming to rest to the fill, per lot',
      ratioOf(at('waitLotS'), at('makerLots')),
    ),
    mean('leadS', 's', 'lag at which the mids correlate most; above 0 x leads y'),
    mean('leadCorrelation', '1', 'correlation of the changes of the mids there'),
    mean('events', '1', 'events of a run'),
  ];
}
