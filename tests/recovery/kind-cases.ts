/** Every calibrator of kind `calibrate` on samples that it simulates itself from known parameters. */
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import calibrate from '../../src/kinds/calibrate/index.js';
import { Parameters } from '../../src/kinds/calibrate/parameters.js';
import { run } from '../../src/kinds/calibrate/run.js';
import type { Spec } from '../../src/kinds/calibrate/spec.js';
import { truthOf } from '../../src/kinds/calibrate/truth-of.js';
import type { RecoveryCase } from './case.js';

const SEED = 1;

function kindCase(
  calibrator: string,
  sample: string,
  given: unknown,
  [seeds, shortSeeds]: readonly [seeds: number, shortSeeds: number],
): RecoveryCase {
  const spec = checkSpec(calibrate as never, given) as Spec;
  const truth = truthOf(spec);
  const control = new Int32Array(CONTROL_SLOTS);
  const fit = (unit: number) => {
    const tables = run({ spec, seed: SEED, from: unit, to: unit + 1, inputs: {}, control })!;
    return new Parameters(tables).all.flatMap(({ label, low, high }) => {
      const known = truth.get(label);
      return known === undefined ? [] : [{ parameter: label, truth: known, low, high }];
    });
  };
  return { calibrator, sample, seeds, shortSeeds, fit };
}

const flow = (durationS: number) => ({ type: 'simulated', durationS, samples: 1 });
const series = (observations: number) => ({ type: 'simulated-series', observations, samples: 1 });
const many = [400, 100] as const;

export const KIND_CASES: readonly RecoveryCase[] = [
  kindCase('intensity', '400 s', { data: flow(400), model: { type: 'intensity' } }, many),
  kindCase('cont-stoikov-talreja', '300 s', { data: flow(300), model: { type: 'cont-stoikov-talreja' } }, many),
  kindCase('queue-reactive', '600 s', { data: flow(600), model: { type: 'queue-reactive' } }, many),
  ...(['trades', 'trade-sides', 'orders'] as const).map((events) => {
    const durationS = events === 'orders' ? 300 : 1_000;
    const model = { type: 'hawkes', events };
    return kindCase(`hawkes ${events}`, `${durationS} s`, { data: flow(durationS), model }, many);
  }),
  kindCase('gbm', '1,000 days', { data: series(1_000), model: { type: 'gbm' } }, many),
  kindCase('ornstein-uhlenbeck', '1,000 days', { data: series(1_000), model: { type: 'ornstein-uhlenbeck' } }, many),
  kindCase('merton', '1,000 days', { data: series(1_000), model: { type: 'merton', starts: 1 } }, many),
  kindCase('garch', '2,000 days', { data: series(2_000), model: { type: 'garch', starts: 1 } }, many),
  kindCase('markov-switching', '800 days', { data: series(800), model: { type: 'markov-switching', starts: 1 } }, many),
  kindCase('heston', '21 quotes', { data: series(21), model: { type: 'heston', starts: 1 } }, many),
];
