/** Errors that somebody could make about regimes of a Markov chain and bars of a day: check V9. */
import { MODELS } from '../../../src/core/proof/models.js';
import type { Planted } from './planted.js';

/** The chain that moves with half of its probabilities. */
function halfAsFast(transition: readonly (readonly number[])[]): number[][] {
  return transition.map((row, i) => row.map((p, j) => (p + (i === j ? 1 : 0)) / 2));
}

/** The chain seen at its changes of regime only. */
function jumpsOf(transition: readonly (readonly number[])[]): number[][] {
  return transition.map((row, i) => row.map((p, j) => (i === j ? 0 : p / (1 - row[i]!))));
}

export const PLANTED_REGIMES: readonly Planted[] = [
  {
    error: 'a mean stay that does not count the step of entering',
    models: { meanStays: (transition) => transition.map((row, i) => row[i]! / (1 - row[i]!)) },
    turns: /^V9 mean stay/,
    within: /^V9 mean stay/,
  },
  {
    error: 'shares of time taken for those of the states that are entered',
    models: { stationaryLaw: (transition) => MODELS.stationaryLaw(jumpsOf(transition)) },
    turns: /^V9 share of time/,
    within: /^V9 share of time/,
  },
  {
    error: 'a chain that is asked every second step only',
    models: {
      reversibleEigenvalues: (transition) => MODELS.reversibleEigenvalues(halfAsFast(transition)),
      regimeSwitching: (law, ...rest) =>
        MODELS.regimeSwitching({ ...law, transition: halfAsFast(law.transition) }, ...rest),
    },
    turns: /^V9 (eigenvalues|600 paths: (mean stay|what a step leaves))/,
    within: /^V9 (eigenvalues|600 paths: (mean stay|what a step leaves))/,
  },
  {
    error: 'bars cut from midnight in the place of the opening',
    models: { aggregateBars: (bars, widthS) => MODELS.aggregateBars(bars, widthS, null) },
    turns: /^V9 (bars of a day|bars that reach over)/,
    within: /^V9 (bars of a day|bars that reach over)/,
  },
  {
    error: 'the highest open of a bar in the place of its high',
    models: {
      aggregateBars: (bars, ...rest) => MODELS.aggregateBars({ ...bars, high: bars.open }, ...rest),
    },
    turns: /^V9 20 days with gaps: bars that are not/,
    within: /^V9 20 days with gaps: bars that are not/,
  },
  {
    error: 'a volume that misses a minute now and then',
    models: {
      aggregateBars: (bars, ...rest) =>
        MODELS.aggregateBars(
          { ...bars, volume: bars.volume.map((lots, i) => (i % 97 === 0 ? 0 : lots)) },
          ...rest,
        ),
    },
    turns: /^V9 20 days with gaps/,
    within: /^V9 20 days with gaps/,
  },
];
