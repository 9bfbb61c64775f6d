/** A calibrator of kind `calibrate` on samples that it simulates itself from known parameters. */
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import calibrate from '../../src/kinds/calibrate/index.js';
import { Parameters } from '../../src/kinds/calibrate/parameters.js';
import { run } from '../../src/kinds/calibrate/run.js';
import type { Spec } from '../../src/kinds/calibrate/spec.js';
import { truthOf } from '../../src/kinds/calibrate/truth-of.js';
import { SEED, type RecoveryCase } from './case.js';

/** Every parameter of the kind's table whose truth is known, which is every one with an interval. */
export function kindCase(
  calibrator: string,
  sample: string,
  [data, model]: readonly [data: unknown, model: unknown],
  shortSeeds = 100,
): RecoveryCase {
  const spec = checkSpec(calibrate as never, { data, model }) as Spec;
  const truth = truthOf(spec);
  const control = new Int32Array(CONTROL_SLOTS);
  const fit = (unit: number) => {
    const tables = run({ spec, seed: SEED, from: unit, to: unit + 1, inputs: {}, control })!;
    return new Parameters(tables).all.flatMap(({ label, standardError, low, high }) => {
      const known = truth.get(label);
      if (known === undefined && standardError >= 0 && low < high) {
        throw new Error(`${calibrator}: no truth is known of ${label}`);
      }
      return known === undefined ? [] : [{ parameter: label, truth: known, low, high }];
    });
  };
  return { calibrator, sample, shortSeeds, fit };
}
