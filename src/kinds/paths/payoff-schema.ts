/** The JSON schemas of payoffs: one closed object for each type. */
import { Type } from 'typebox';
import { closed } from './models/fields.js';

const named = <Name extends string>(values: readonly Name[], description: string) =>
  Type.Unsafe<Name>({ type: 'string', enum: values, default: values[0], description });

const option = named(['call', 'put'], 'Right to buy or to sell');
const strike = Type.Number({ default: 100, minimum: -1e9, maximum: 1e9, description: 'Strike [currency]' });

export const PAYOFF_SCHEMAS = [
  Type.Object({ type: Type.Literal('european'), option, strike }, closed),
  Type.Object(
    {
      type: Type.Literal('asian'),
      option,
      strike,
      average: named(['arithmetic', 'geometric'], 'Mean over the fixings, without the start'),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('barrier'),
      option,
      strike,
      direction: named(['up', 'down'], 'Side of the start on which the barrier lies'),
      knock: named(['out', 'in'], 'out: reaching the barrier ends the option; in: begins it'),
      barrier: Type.Number({
        default: 120,
        minimum: -1e9,
        maximum: 1e9,
        description: 'Level that knocks [currency]',
      }),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('lookback'),
      option,
      strike,
      style: named(
        ['fixed', 'floating'],
        'fixed: the extreme against the strike; floating: the price at the horizon against the extreme',
      ),
    },
    closed,
  ),
];
