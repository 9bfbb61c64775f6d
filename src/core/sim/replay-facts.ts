/** What a replay learnt about its file: how well book and messages agree, what was traded and assumed. */
import { NIL } from './market.js';
import { UNITS_PER_CURRENCY } from './replay-feed.js';
import type { FeedTable } from './replay-feed.js';

/** Columns of the one-row result table `replay`, in order; writeReplayFacts fills them. */
export const REPLAY_FACT_COLUMNS = [
  { name: 'startNs', type: 'f64', unit: 'ns', meaning: 'time of the first row, since midnight' },
  { name: 'rows', type: 'i32', unit: '1', meaning: 'rows replayed; the first one only seeds the book' },
  {
    name: 'rowsEqual',
    type: 'i32',
    unit: '1',
    meaning: 'rows whose book equals the orderbook file on every level',
  },
  {
    name: 'reseededRows',
    type: 'i32',
    unit: '1',
    meaning: 'rows at which the bottom level came from the file',
  },
  {
    name: 'mismatchRows',
    type: 'i32',
    unit: '1',
    meaning: 'rows at which messages and orderbook file disagree',
  },
  {
    name: 'firstMismatchRow',
    type: 'i32',
    unit: '1',
    meaning: 'first such row, counted from 0; -1 when there is none',
  },
  { name: 'anonymousMessages', type: 'i32', unit: '1', meaning: 'messages about orders older than the file' },
  { name: 'haltMessages', type: 'i32', unit: '1', meaning: 'trading halt messages' },
  { name: 'visibleTrades', type: 'i32', unit: '1', meaning: 'executions of visible orders' },
  { name: 'hiddenTrades', type: 'i32', unit: '1', meaning: 'executions of hidden orders' },
  { name: 'visibleLots', type: 'f64', unit: 'lots', meaning: 'lots executed against visible orders' },
  { name: 'hiddenLots', type: 'f64', unit: 'lots', meaning: 'lots executed against hidden orders' },
  { name: 'buyerLots', type: 'f64', unit: 'lots', meaning: 'visible lots whose aggressor bought' },
  { name: 'crossLots', type: 'f64', unit: 'lots', meaning: 'lots of auction trades, in no other volume' },
  {
    name: 'notionalE4',
    type: 'f64',
    unit: '1e-4 currency',
    meaning: 'price x lots of visible and hidden executions, exact',
  },
  { name: 'unsureOrders', type: 'i32', unit: '1', meaning: 'own orders whose queue place is an upper bound' },
] as const;

/** Facts as they grow while a replay runs. */
export class ReplayFacts {
  startNs = 0;
  rows = 0;
  rowsEqual = 0;
  reseededRows = 0;
  mismatchRows = 0;
  firstMismatchRow = NIL;
  anonymousMessages = 0;
  haltMessages = 0;
  visibleTrades = 0;
  hiddenTrades = 0;
  visibleLots = 0;
  hiddenLots = 0;
  buyerLots = 0;
  crossLots = 0;
  notionalE4 = 0;
  unsureOrders = 0;

  /** Volume-weighted average price of all executions in currency, null when nothing was traded. */
  vwap(): number | null {
    const lots = this.visibleLots + this.hiddenLots;
    return lots > 0 ? this.notionalE4 / lots / UNITS_PER_CURRENCY : null;
  }
}

/** The facts as the table that REPLAY_FACT_COLUMNS declares. */
export function writeReplayFacts(facts: ReplayFacts): {
  name: string;
  rows: number;
  columns: (Float64Array | Int32Array)[];
} {
  return {
    name: 'replay',
    rows: 1,
    columns: REPLAY_FACT_COLUMNS.map(({ name, type }) =>
      type === 'f64' ? new Float64Array([facts[name]]) : new Int32Array([facts[name]]),
    ),
  };
}

/**
 * The facts back from such a table; null when it has no row. Throws Error when the columns are not those
 * declared.
 */
export function readReplayFacts(table: FeedTable): ReplayFacts | null {
  if (table.columns.length !== REPLAY_FACT_COLUMNS.length) {
    throw new Error(`a replay table has ${REPLAY_FACT_COLUMNS.length} columns; got ${table.columns.length}`);
  }
  if (table.rows === 0) return null;
  const facts = new ReplayFacts();
  REPLAY_FACT_COLUMNS.forEach(({ name }, i) => {
    facts[name] = table.columns[i][0];
  });
  return facts;
}

/** Sentences that a reader of a replay's result must know. */
export function describeReplay(facts: ReplayFacts): string[] {
  const notes = [
    facts.mismatchRows === 0 && facts.rowsEqual === facts.rows
      ? `Book equal to the orderbook file on every one of ${facts.rows} rows.`
      : `Book equal to the orderbook file on ${facts.rowsEqual} of ${facts.rows} rows; the first of ` +
        `${facts.mismatchRows} disagreements is row ${facts.firstMismatchRow + 1}. From each such row the file's book was used.`,
    `The bottom visible level was re-seeded from the orderbook file on ${facts.reseededRows} rows: messages do not tell ` +
      'what lies below the window when a level empties.',
    'Replay has no impact: history is never altered, and each historical share fills own orders at most once.',
  ];
  if (facts.anonymousMessages > 0) {
    notes.push(
      `${facts.anonymousMessages} messages concern orders that the file never saw arrive; they count as size that was there first.`,
    );
  }
  if (facts.unsureOrders > 0) {
    notes.push(
      `${facts.unsureOrders} own orders rested where the file did not show their level; their queue place is an upper ` +
        'bound from then on, so they may fill later than they would have, never earlier.',
    );
  }
  if (facts.haltMessages > 0)
    notes.push(`The file holds ${facts.haltMessages} trading halt messages; the book rests meanwhile.`);
  if (facts.crossLots > 0)
    notes.push(`${facts.crossLots} lots traded in auctions are not part of volume and VWAP.`);
  return notes;
}
