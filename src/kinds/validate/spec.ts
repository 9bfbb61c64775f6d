/** The spec of a validate job as its run sees it: schema.ts checks it and fills in the defaults. */
import type { CheckId } from '../../core/proof/check.js';

export interface ValidateSpec {
  /** Checks to run; none means all. */
  readonly only: readonly CheckId[];
}
