/** Words that the parts of the market-making schema share. */
import { Type, type TSchema } from 'typebox';

export const closed = { additionalProperties: false };

export const DAY_S = 86_400;
export const LOTS_MAX = 1_000_000;

/** A union that the `type` of the object chooses, so that only the chosen branch is judged. */
export function oneOf(branches: readonly TSchema[], value: object, description: string): TSchema {
  return Type.Unsafe({
    type: 'object',
    discriminator: { propertyName: 'type' },
    required: ['type'],
    oneOf: branches,
    default: value,
    description,
  });
}

export const group = (properties: Record<string, TSchema>, description: string) =>
  Type.Object(properties, { ...closed, default: {}, description });

/** A time above 0 and up to a day. */
export const timeS = (value: number, description: string) =>
  Type.Number({
    exclusiveMinimum: 0,
    maximum: DAY_S,
    default: value,
    description: `${description} [s]`,
  });

export const named = <Name extends string>(values: readonly Name[], description: string) =>
  Type.Unsafe<Name>({ type: 'string', enum: values, default: values[0], description });
