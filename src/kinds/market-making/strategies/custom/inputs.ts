/** The file of a custom strategy as an input of the job, and what its parameters must be. */
import type { InputData, InputRef } from '../../../../contract/kind.js';
import type { Fault } from '../../rule-faults.js';
import { CODE_INPUT, type CustomSpec } from './create.js';
import { evaluate, readCode } from './evaluate.js';
import { metadataFaults, parameterFaults } from './parameters.js';

export const codeInput = ({ file, source }: CustomSpec): InputRef => ({
  name: CODE_INPUT,
  importer: 'strategy',
  files: { code: file },
  ...(source !== undefined && { texts: { code: source } }),
  pointers: { code: '/strategy/file' },
});

export function codeFaults(
  strategy: CustomSpec,
  inputs: Readonly<Record<string, InputData>>,
): readonly Fault[] {
  const data = inputs[CODE_INPUT];
  if (!data) return [];
  const file = (message: string): Fault => ({ pointer: '/strategy/file', message });
  try {
    const module = evaluate(readCode(data.tables));
    const faults = metadataFaults(module);
    if (faults.length > 0) return faults.map(file);
    return parameterFaults(module, strategy.parameters).map(({ index, message }) => ({
      pointer: `/strategy/parameters/${index}`,
      message,
    }));
  } catch (error) {
    return [file((error as Error).message)];
  }
}
