/** Runs a calibration as a job does: checks the spec, reads its files, runs all units, settles. */
import type { InputData } from '../../../src/contract/kind.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { createInputReader } from '../../../src/data/input-reader.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { settle } from '../../../src/wire/settle.js';
import calibrate from '../../../src/kinds/calibrate/index.js';
import { run } from '../../../src/kinds/calibrate/run.js';
import type { Spec } from '../../../src/kinds/calibrate/spec.js';

/** Faults that only the files show come back; those of the spec alone are thrown. */
export async function calibrateJob(given: unknown, seed = 1) {
  const spec = checkSpec(calibrate as never, given) as Spec;
  const inputs: Record<string, InputData> = {};
  const reader = createInputReader({ root: null });
  for (const ref of calibrate.inputs?.(spec) ?? []) inputs[ref.name] = await reader.read(ref);
  const faults = [...(calibrate.faults?.(spec) ?? []), ...(calibrate.inputFaults?.(spec, inputs) ?? [])];
  if (faults.length > 0) return { faults, summary: null, tables: [], value: () => NaN };
  const input = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.tables]));
  const control = new Int32Array(CONTROL_SLOTS);
  const made = run({ spec, seed, from: 0, to: calibrate.units(spec), inputs: input, control })!;
  const { summary, tables } = settle(calibrate, spec, [made], inputs);
  const value = (name: string) => summary.metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { faults, summary, tables, value };
}
