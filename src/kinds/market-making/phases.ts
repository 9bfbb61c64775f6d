/** Tells in sentences what the calls and halts of a first run were. */
import type { Table } from '../../contract/columns.js';
import { CALL, MAX_PHASE_ROWS, WHY_BATCH } from '../../core/sim/phase-log.js';
import type { Spec } from './spec.js';

const NAMES = ['opening', 'closing', 'batch', 'interruption', 'circuit breaker'];
/** More auctions than this are counted instead of told. */
const MAX_TOLD = 4;

/** `phases` is the table of that name; no sentence where it has no rows. */
export function describePhases({ instrument }: Spec, phases: Table): string[] {
  if (phases.rows === 0) return [];
  const [fromNs, toNs, what, why, priceTicks, volumeLots] = phases.columns as readonly ArrayLike<number>[];
  const rows = Array.from({ length: phases.rows }, (_, i) => i);
  const calls = rows.filter((i) => what![i] === CALL);
  const halts = rows.filter((i) => what![i] !== CALL);
  const sum = (list: readonly number[], of: (i: number) => number) => list.reduce((all, i) => all + of(i), 0);
  const lots = sum(calls, (i) => volumeLots![i]!);
  const price = (i: number) => Number((priceTicks![i]! * instrument.tickSize).toPrecision(12));
  const notes: string[] = [];
  if (calls.length > 0 && calls.length <= MAX_TOLD) {
    const told = calls.map((i) => {
      const name = NAMES[why![i]!]!;
      return priceTicks![i]! < 0
        ? `${name}: nothing traded`
        : `${name}: ${volumeLots![i]!} lots at ${price(i)}`;
    });
    notes.push(`Call auctions of the first run: ${told.join('; ')}.`);
  } else if (calls.length > 0) {
    const traded = calls.filter((i) => priceTicks![i]! >= 0).length;
    const sort = calls.every((i) => why![i] === WHY_BATCH) ? 'batch auctions' : 'call auctions';
    notes.push(`${calls.length} ${sort} in the first run, ${traded} with trades, ${lots} lots in all.`);
  }
  if (halts.length > 0) {
    const seconds = sum(halts, (i) => toNs![i]! - fromNs![i]!) / 1e9;
    const word = halts.length === 1 ? 'halt' : 'halts';
    notes.push(`${halts.length} ${word} in the first run, ${Number(seconds.toPrecision(6))} s in all.`);
  }
  if (phases.rows === MAX_PHASE_ROWS) {
    notes.push(`The table phases holds the first ${MAX_PHASE_ROWS} calls and halts of the first run.`);
  }
  return notes;
}
