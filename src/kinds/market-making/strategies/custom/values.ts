/** The values that a strategy gets: the given ones over the defaults of its file. */
import type { ParameterValue, UserModule } from './api.js';

export function valuesOf(
  { parameters }: UserModule,
  given: readonly { readonly name: string; readonly value: ParameterValue }[],
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const [name, decl] of Object.entries(parameters)) values[name] = decl.default;
  for (const { name, value } of given) values[name] = value;
  return values;
}
