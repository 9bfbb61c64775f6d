/** Words that the parts of the market-making schema share. */
import { Type, type TSchema } from 'typebox';

export const closed = { additionalProperties: false };

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
