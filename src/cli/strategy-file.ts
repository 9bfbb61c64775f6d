/** A strategy file on the command line: `mms run ./my.ts` with the parameters of the file as flags. */
import { createInputReader } from '../data/input-reader.js';
import type { ParameterValue, UserModule } from '../kinds/market-making/strategies/custom/api.js';
import { evaluate, readCode } from '../kinds/market-making/strategies/custom/evaluate.js';
import { codeInput } from '../kinds/market-making/strategies/custom/inputs.js';
import { metadataFaults, parameterFaults } from '../kinds/market-making/strategies/custom/parameters.js';
import { badInput } from './exit.js';
import { RESERVED, type Flag } from './flags.js';

type Spec = Record<string, unknown>;

export const isStrategyFile = (word: string | undefined): word is string => /\.[mc]?[jt]s$/.test(word ?? '');

/** Compiles and runs the file to see what it declares. Throws MmsError that names file and line. */
export async function readStrategyFile(file: string): Promise<UserModule> {
  const reader = createInputReader({ root: null });
  const { tables } = await reader.read(
    codeInput({ type: 'custom', file, parameters: [], maxInventoryLots: 1 }),
  );
  let module: UserModule;
  try {
    module = evaluate(readCode(tables));
  } catch (error) {
    throw badInput((error as Error).message);
  }
  const [fault] = metadataFaults(module);
  if (fault !== undefined) throw badInput(`${file}: ${fault}`);
  return module;
}

/**
 * The flags of market-making for a strategy file: its parameters take the place of the other strategies'
 * fields.
 */
export function flagsWithParameters(flags: readonly Flag[], { parameters }: UserModule): Flag[] {
  const kept = flags.filter(({ path }) => path[0] !== 'strategy' || path[1] === 'maxInventoryLots');
  const taken = new Set([...RESERVED, ...kept.map(({ name }) => name)]);
  const own = Object.entries(parameters).map(([name, decl]): Flag => {
    if (taken.has(name)) {
      throw badInput(
        `parameters: Expected a name that "mms run" does not use itself; got "${name}". Rename it.`,
      );
    }
    return {
      name,
      path: ['strategy', 'parameters', name],
      type: decl.type,
      list: false,
      choices: decl.choices ?? null,
      description: decl.unit ? `${decl.description} [${decl.unit}]` : decl.description,
      defaultValue: decl.default,
      branches: [],
      chooses: false,
    };
  });
  return [...own, ...kept];
}

/** The spec with the parameters, as flags have put them in, in the form of the kind's schema. */
export function withParameterList(spec: Spec, module: UserModule): Spec {
  const strategy = spec['strategy'] as Spec;
  const given = (strategy['parameters'] ?? {}) as Record<string, ParameterValue>;
  const parameters = Object.entries(given).map(([name, value]) => ({ name, value }));
  const [fault] = parameterFaults(module, parameters);
  if (fault) {
    const { name } = parameters[fault.index]!;
    throw badInput(`--${name}: ${fault.message.replace(`${name}: `, '')}`);
  }
  return { ...spec, strategy: { ...strategy, parameters } };
}
