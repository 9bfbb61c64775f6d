/** The spec of a paths job as its kernel sees it: schema.ts checks it and fills in the defaults. */

export interface PathsSpec {
  readonly model: 'gbm';
  readonly s0: number;
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly horizonYr: number;
  readonly sampling: 'exact' | 'stepped';
  readonly steps: number;
  readonly paths: number;
}
