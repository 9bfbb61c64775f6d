/** What a price process is to the rest of the house: normals in, states of whole paths out. */

/**
 * Law of the state of a series at the horizon, where to lay a histogram, and the mean price as closed form.
 */
export interface TerminalLaw {
  readonly mean: number;
  /**
   * Mean and standard deviation of the state: of ln(S_T / S_0) on the log scale, of S_T on the linear one.
   */
  readonly stateMean: number;
  readonly stateSd: number;
}

/**
 * A process on steps + 1 equally spaced times, the start among them. `log`: states are ln(S / S_0); `linear`:
 * states are prices. Objects hold no state of a path, so any number of batches may follow one another.
 */
export interface Process {
  readonly scale: 'log' | 'linear';
  readonly steps: number;
  /** Price of each series at the start; its length is the number of series. */
  readonly start: Float64Array;
  readonly laws: readonly TerminalLaw[];
  /** Runs of `steps` normals that a path consumes; see NormalSource for their order. */
  readonly factors: number;
  /**
   * Writes out[(path * series + s) * (steps + 1) + j], the state of series s at time j, for `count` paths
   * from `normals` (count x factors x steps).
   */
  walk(normals: Float64Array, count: number, out: Float64Array): void;
  /** Null where the law at the horizon has no sampler without steps. */
  readonly exact: ExactSampler | null;
}

export interface ExactSampler {
  /** Normals of a path. */
  readonly normals: number;
  /** Whether the extremes in continuous time are drawn too. */
  readonly hasExtremes: boolean;
  /**
   * Writes the states of `count` paths at places at..at+count-1 of each series' arrays. Maximum and minimum
   * have each the right law given the terminal state, but not jointly; untouched without `hasExtremes`.
   */
  sample(normals: Float64Array, count: number, at: number, out: readonly ExactStates[]): void;
}

export interface ExactStates {
  readonly terminal: Float64Array;
  readonly maximum: Float64Array;
  readonly minimum: Float64Array;
}
