/** What a market's submitting side says: its fields, its cost, and what its schema cannot express. */
import type { TSchema } from 'typebox';
import type { Example, InputData, InputRef } from '../../../contract/kind.js';
import type { Fault } from '../rule-faults.js';
import type { Spec } from '../spec.js';

/** What a market costs, before anything is allocated. */
export interface MarketLoad {
  /** Events of the market in one run, warm-up and news included. */
  readonly steps: number;
  /** Simulated time of one run; 0 where only the files know it. */
  readonly seconds: number;
  /** Bytes in a thread, on top of what every run needs. */
  readonly threadBytes: number;
  /** Nanoseconds of one event, everything included. */
  readonly nsPerStep: number;
}

export interface MarketModel<MarketSpec> {
  /** A closed object whose `type` is a literal. */
  readonly schema: TSchema;
  /** Specs that the conformance suite runs; none where a market needs files. */
  readonly examples: readonly Example[];
  load(market: MarketSpec): MarketLoad;
  faults(spec: Spec, market: MarketSpec): Fault[];
  inputs?(market: MarketSpec): readonly InputRef[];
  inputFaults?(spec: Spec, inputs: Readonly<Record<string, InputData>>): Fault[];
}
