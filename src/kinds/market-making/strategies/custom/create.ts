/** A strategy of the user's own file: the spec and the thread side. */
import type { Table } from '../../../../contract/columns.js';
import type { Quoter } from '../../../../core/agent/quoter.js';
import { baseOf, isTwin, turnedUniform } from '../../../../core/rng/antithetic.js';
import { STRATEGY } from '../../../../core/rng/names.js';
import { Stream } from '../../../../core/rng/stream.js';
import type { ParameterValue } from './api.js';
import { evaluate, located, readCode } from './evaluate.js';
import { UserQuoter } from './user-quoter.js';
import { valuesOf } from './values.js';

export interface CustomSpec {
  readonly type: 'custom';
  readonly file: string;
  readonly source?: string;
  readonly parameters: readonly { readonly name: string; readonly value: ParameterValue }[];
  readonly maxInventoryLots: number;
}

/** Name of the input that holds the compiled file. */
export const CODE_INPUT = 'strategy';

/**
 * The strategy at the start of a unit. The file is run anew for each, so that nothing it keeps outside its
 * objects can pass from one unit to the next. Throws an Error that names file and line.
 */
export function createCustom(
  strategy: CustomSpec,
  tables: readonly Table[],
  seed: number,
  unit: number,
): Quoter {
  const code = readCode(tables);
  const module = evaluate(code);
  const stream = new Stream(seed, baseOf(unit), STRATEGY);
  const random = () => (isTwin(unit) ? turnedUniform(stream.uniform()) : stream.uniform());
  try {
    const tools = { random };
    const own = module.create(valuesOf(module, strategy.parameters), tools);
    return new UserQuoter(own, module.sizes === true);
  } catch (error) {
    throw located(error, code);
  }
}

/** An error of the strategy while it ran, with its line in the file. */
export const locatedError = (error: unknown, tables: readonly Table[]): Error =>
  located(error, readCode(tables));
