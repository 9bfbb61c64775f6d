/**
 * The best cells of a sweep, with errors over repeats and paired differences to the best one.
 *
 * A cell's value is the mean over its repeats with s / sqrt(n) and a t interval (core/metrics/estimate.ts);
 * a cell of one repeat has what its own job says. With common random numbers repeat r of two cells met the
 * same chance, so a difference has the error of the differences by repeat (core/metrics/paired.ts). Which
 * cell is best was chosen by looking: its mean is high partly by luck, and intervals beside it do not
 * correct for that (Law 2015, section 10.4). Cost O(1) a cell and O(keep log keep) for each `keep` of them.
 */
import { estimate, meanOf, type Estimate } from '../metrics/estimate.js';

/** One metric of one job: its value, and what the job itself says of its error. */
export interface JobValue {
  readonly value: number | null;
  readonly standardError: number | null;
  readonly interval?: readonly [low: number, high: number];
}

/** One metric of one cell; entry r is repeat r, null where that has no result. */
export interface CellValues {
  readonly cell: number;
  readonly repeats: readonly (JobValue | null)[];
}

export interface RankedCell {
  /** From 1. */
  readonly rank: number;
  readonly cell: number;
  readonly estimate: Estimate;
  /** This cell less the best one; null for the best itself, without common random numbers or two pairs. */
  readonly difference: Estimate | null;
}

/** Mean over the repeats that have a value; null where none has. `runs` counts repeats. */
export function cellEstimate(repeats: readonly (JobValue | null)[]): Estimate | null {
  const known = repeats.filter((repeat) => repeat !== null && repeat.value !== null) as JobValue[];
  if (known.length !== 1) return meanOf(known.map(({ value }) => value as number));
  const [{ value, standardError, interval }] = known;
  return { ...estimate(value as number, null, 1), standardError, interval: interval ?? null };
}

/** Mean of a - b over the repeats that both have; null with fewer than two of them. */
export function repeatDifference(
  a: readonly (JobValue | null)[],
  b: readonly (JobValue | null)[],
): Estimate | null {
  const differences: number[] = [];
  for (let r = 0; r < a.length && r < b.length; r++) {
    const [left, right] = [a[r]?.value ?? null, b[r]?.value ?? null];
    if (left !== null && right !== null) differences.push(left - right);
  }
  return differences.length < 2 ? null : meanOf(differences);
}

interface Candidate extends CellValues {
  readonly estimate: Estimate;
}

/** Takes cells one by one, in any order, and keeps the best: memory does not grow with the sweep. */
export class TopCells {
  readonly #sign: number;
  readonly #keep: number;
  #kept: Candidate[] = [];

  /** `keep` cells at least 1. */
  constructor(sense: 'max' | 'min', keep: number) {
    this.#sign = sense === 'max' ? -1 : 1;
    this.#keep = keep;
  }

  /** Cells without a value are not ranked. */
  add(cell: CellValues): void {
    const found = cellEstimate(cell.repeats);
    if (found === null) return;
    this.#kept.push({ ...cell, estimate: found });
    if (this.#kept.length >= 2 * this.#keep) this.#cut();
  }

  /** Best first; equal cells by number. `common`: repeats of different cells are pairs. */
  ranked(common: boolean): RankedCell[] {
    this.#cut();
    const [best] = this.#kept;
    return this.#kept.map((candidate, i) => ({
      rank: i + 1,
      cell: candidate.cell,
      estimate: candidate.estimate,
      difference: i > 0 && common ? repeatDifference(candidate.repeats, best.repeats) : null,
    }));
  }

  #cut(): void {
    this.#kept.sort((a, b) => this.#sign * (a.estimate.value - b.estimate.value) || a.cell - b.cell);
    this.#kept = this.#kept.slice(0, this.#keep);
  }
}
