/** The table of parameters as a list of named numbers. */
import type { Table } from '../../contract/columns.js';
import type { Estimate } from '../../core/fit/estimate.js';
import { PARAMETERS, type ParameterName } from './tables.js';

export interface Parameter extends Estimate {
  readonly sample: number;
  readonly name: ParameterName;
  readonly i: number;
  readonly j: number;
  readonly unit: string;
  readonly meaning: string;
  /** The name with its indices: alpha[0,1], limitRate[3]. */
  readonly label: string;
}

/** Indices that a parameter has: none, one or two. */
const INDICES: Partial<Record<ParameterName, number>> = {
  mu: 1,
  alpha: 2,
  beta: 1,
  branching: 2,
  limitRate: 1,
  cancelRate: 1,
  queueLimitRate: 2,
  queueCancelRate: 2,
  queueMarketRate: 2,
  unitLots: 1,
  regimeMean: 1,
  regimeSd: 1,
  transition: 2,
  regimeShare: 1,
  regimeStay: 1,
  phi: 1,
};

export function labelOf(name: ParameterName, i: number, j: number): string {
  const indices = INDICES[name] ?? 0;
  return indices === 0 ? name : `${name}[${[i, j].slice(0, indices).join(',')}]`;
}

export class Parameters {
  readonly all: readonly Parameter[];

  constructor(tables: readonly Table[]) {
    const table = tables.find(({ name }) => name === 'parameters');
    if (!table) throw new Error('a calibration has a table of parameters');
    this.all = Array.from({ length: table.rows }, (_, row): Parameter => {
      const [sample, code, i, j, value, standardError, low, high] = table.columns.map((c) => c[row]!) as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const { name, unit, meaning } = PARAMETERS[code]!;
      return {
        sample,
        name,
        i,
        j,
        value,
        standardError,
        low,
        high,
        unit,
        meaning,
        label: labelOf(name, i, j),
      };
    });
  }

  ofUnit(unit: number): Parameter[] {
    return this.all.filter(({ sample }) => sample === unit);
  }

  /** The value in the whole sample; undefined where it was not fitted. */
  value(name: ParameterName, i = 0, j = 0): number | undefined {
    return this.all.find((one) => one.sample === 0 && one.name === name && one.i === i && one.j === j)?.value;
  }

  /** Values of the whole sample with first index from, from + 1, ... as long as there are some. */
  list(name: ParameterName, from: number): number[] {
    const values: number[] = [];
    for (
      let value = this.value(name, from);
      value !== undefined;
      value = this.value(name, from + values.length)
    ) {
      values.push(value);
    }
    return values;
  }
}
