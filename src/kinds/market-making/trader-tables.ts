/** The optional tables of what the trader had to do: its parent order, and the limits that held it back. */
import type { ColumnDecl, Table, TableDecl } from '../../contract/columns.js';
import type { ExecutionQuoter } from '../../core/agent/execution.js';
import type { Quoter } from '../../core/agent/quoter.js';
import { BUY, NIL } from '../../core/sim/market.js';
import type { Simulation, SimulationOptions } from '../../core/sim/loop.js';
import type { Spec } from './spec.js';
import { currencyPerTickLot } from './spec.js';

/** A finished run, as the columns of these tables read it. */
interface Finished {
  readonly unit: number;
  readonly money: number;
  readonly simulation: Simulation;
  readonly quoter: Quoter;
}

interface Column extends ColumnDecl {
  readonly type: 'f64';
  of(run: Finished): number;
}

const column = (name: string, unit: string, meaning: string, of: (run: Finished) => number): Column => ({
  name,
  type: 'f64',
  unit,
  meaning,
  of,
});

const parentOf = ({ quoter }: Finished): ExecutionQuoter => quoter as ExecutionQuoter;

/**
 * Implementation shortfall (Perold 1988) in tick-lots: what the parent cost more than all of it at the mid of
 * its arrival, fees included, the part that was not done valued at the last mid. 0 where no mid was ever
 * seen.
 */
function shortfall(run: Finished): number {
  const { ledger } = run.simulation;
  const { options, arrivalMidHalfTicks } = parentOf(run);
  if (arrivalMidHalfTicks === NIL) return 0;
  const arrival = arrivalMidHalfTicks / 2;
  const signed = options.side === BUY ? options.parentLots : -options.parentLots;
  const left = signed - ledger.inventoryLots;
  const paid = -ledger.cashTickLots - ledger.inventoryLots * arrival;
  return paid + left * (ledger.midHalfTicks / 2 - arrival) + ledger.feesTickLots();
}

const EXECUTION: readonly Column[] = [
  column('run', '1', 'number of the replication', (r) => r.unit),
  column('filledLots', 'lots', 'lots of the parent that were done', (r) =>
    Math.abs(r.simulation.ledger.inventoryLots),
  ),
  column('takerLots', 'lots', 'those that crossed the spread', (r) => r.simulation.ledger.takerLots),
  column(
    'arrivalMidTicks',
    'ticks',
    'mid when the parent arrived',
    (r) => parentOf(r).arrivalMidHalfTicks / 2,
  ),
  column('averagePriceTicks', 'ticks', 'mean price of what was done; 0 when nothing was', (r) => {
    const { inventoryLots, cashTickLots } = r.simulation.ledger;
    return inventoryLots === 0 ? 0 : -cashTickLots / inventoryLots;
  }),
  column(
    'shortfall',
    'currency',
    'cost against the mid at arrival, fees and what was left undone included',
    (r) => shortfall(r) * r.money,
  ),
  column('shortfallBps', 'bps', 'the same in parts of the value of the parent at arrival', (r) => {
    const value = (parentOf(r).options.parentLots * parentOf(r).arrivalMidHalfTicks) / 2;
    return value > 0 ? (1e4 * shortfall(r)) / value : 0;
  }),
  column(
    'doneNs',
    'ns',
    'when the trader heard that all was done; -1 when it was not',
    (r) => parentOf(r).doneNs,
  ),
];

const LIMITS: readonly Column[] = [
  column('run', '1', 'number of the replication', (r) => r.unit),
  column(
    'stoppedNs',
    'ns',
    'when the loss limit stopped the trader; -1 when it did not',
    (r) => r.simulation.trader.limits.stoppedNs,
  ),
  column(
    'heldMessages',
    '1',
    'times that an order or cancel had to wait for the message rate',
    (r) => r.simulation.trader.limits.heldMessages,
  ),
];

const declare = (name: string, title: string, columns: readonly Column[]): TableDecl => ({
  name,
  title,
  columns: columns.map(({ name: column, type, unit, meaning }) => ({ name: column, type, unit, meaning })),
  optional: true,
});

/** In the order in which they end the kind's tables. */
export const TRADER_TABLES: readonly TableDecl[] = [
  declare('execution', 'The parent order', EXECUTION),
  declare('limits', 'Limits of the trader', LIMITS),
];

/** Bytes of a row of both tables. */
export const TRADER_ROW_BYTES = 8 * (EXECUTION.length + LIMITS.length);

export const hasLimits = ({ limits }: Spec): boolean => limits.maxLoss > 0 || limits.messagesPerS > 0;

/** The limits of a spec as the simulation takes them. */
export function toLimits(spec: Spec): Partial<SimulationOptions> {
  const { maxLoss, onLoss, messagesPerS, messageBurst } = spec.limits;
  return {
    ...(maxLoss > 0 && {
      maxLossTickLots: maxLoss / currencyPerTickLot(spec),
      flattenOnLoss: onLoss === 'flatten',
    }),
    ...(messagesPerS > 0 && { messagesPerS, messageBurst }),
  };
}

/** The rows of a chunk, filled run by run. */
export class TraderRows {
  readonly #money: number;
  readonly #execution: Float64Array[] | null;
  readonly #limits: Float64Array[] | null;

  constructor(spec: Spec, units: number, isExecution: boolean) {
    this.#money = currencyPerTickLot(spec);
    this.#execution = isExecution ? EXECUTION.map(() => new Float64Array(units)) : null;
    this.#limits = hasLimits(spec) ? LIMITS.map(() => new Float64Array(units)) : null;
  }

  write(row: number, unit: number, simulation: Simulation, quoter: Quoter): void {
    const run = { unit, money: this.#money, simulation, quoter };
    this.#execution?.forEach((data, c) => (data[row] = EXECUTION[c]!.of(run)));
    this.#limits?.forEach((data, c) => (data[row] = LIMITS[c]!.of(run)));
  }

  /** The two tables, null where a spec has none. */
  tables(): readonly (Table | null)[] {
    const table = (name: string, columns: Float64Array[] | null): Table | null =>
      columns && { name, rows: columns[0]!.length, columns };
    return [table('execution', this.#execution), table('limits', this.#limits)];
  }
}
