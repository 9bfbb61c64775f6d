/** What a price model's submitting side says: its fields, its speed, and what its schema cannot express. */
import type { TSchema } from 'typebox';
import type { Example } from '../../../contract/kind.js';
import type { Fault, PathsSpec } from '../spec.js';

export interface PriceModel<Model> {
  /** A closed object whose `type` is a literal. */
  readonly schema: TSchema;
  /** Specs that the conformance suite runs. */
  readonly examples: readonly Example[];
  /** Nanoseconds of one step of one path, everything included. */
  nsPerStep(model: Model, spec: PathsSpec): number;
  faults(model: Model, spec: PathsSpec): Fault[];
  /** What a reader must know of this law; empty where nothing is unusual. */
  notes(model: Model): string[];
}
