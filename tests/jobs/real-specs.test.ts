/** The messages for bad specs of the real kinds, as a person at the keyboard reads them. */
import { describe, expect, it } from 'vitest';
import { MmsError } from '../../src/contract/problem.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { checkCost, DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { createRegistry } from '../../src/kinds/registry.js';

const registry = createRegistry();
const refusalOf = async (kindName: string, spec: unknown): Promise<string[]> => {
  const kind = await registry.get(kindName);
  try {
    checkCost(kind, checkSpec(kind, spec), DEFAULT_LIMITS);
    return [];
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    return (error.problem.errors ?? []).map(({ pointer, message }) => `${pointer} ${message}`);
  }
};

describe('the real kinds', () => {
  it.each(registry.names())(
    '%s runs from an empty spec, within the limits, and its examples are sound',
    async (name) => {
      expect(await refusalOf(name, {})).toEqual([]);
      const kind = await registry.get(name);
      for (const { spec } of kind.examples) expect(await refusalOf(name, spec)).toEqual([]);
    },
  );

  it.each<[string, object, RegExp]>([
    [
      'market-making',
      { strategy: { type: 'adaptive', gama: 1 } },
      /^\/spec\/strategy\/gama .* Did you mean "gamma"\?$/,
    ],
    ['market-making', { stratgy: {} }, /^\/spec\/stratgy .* Did you mean "strategy"\?$/],
    [
      'market-making',
      { market: { type: 'cont-stoikov-talrej' } },
      /^\/spec\/market\/type Expected "cont-stoikov-talreja"[^;]*; .* "cont-stoikov-talreja"\?$/,
    ],
    [
      'market-making',
      { market: { type: 'replay', messages: 'a.csv' } },
      /^\/spec\/market\/orderbook .*; got nothing\. Add "orderbook"\.$/,
    ],
    [
      'market-making',
      { strategy: 'fixed' },
      /^\/spec\/strategy Expected an object with "type" "fixed", .*"adaptive", .*; got "fixed"\.$/,
    ],
    [
      'market-making',
      { instrument: { tickSize: -0.01 } },
      /^\/spec\/instrument\/tickSize Expected a number above 0 .*; got -0\.01\.$/,
    ],
    [
      'market-making',
      { market: { type: 'cont-stoikov-talreja', limitRatePerS: [1, 'x'] } },
      /^\/spec\/market\/limitRatePerS\/1 Expected a number .*; got "x"\.$/,
    ],
    ['market-making', { runs: 1.5 }, /^\/spec\/runs Expected an integer from 1 to [\d,]+; got 1\.5\.$/],
    [
      'market-making',
      { runs: 500_000 },
      /^\/spec Expected at most 3,600 core seconds; the estimate is [\d,]+\. The largest job of this size per unit has [\d,]+ units; this one has 500,000\.$/,
    ],
    ['paths', { sigma: 0.2 }, /^\/spec\/sigma .* Did you mean "model\.sigmaPerSqrtYr"\?$/],
    [
      'paths',
      { sampling: 'exakt' },
      /^\/spec\/sampling Expected "stepped" or "exact"; got "exakt"\. Did you mean "exact"\?$/,
    ],
    [
      'paths',
      { model: { type: 'gbm', s0: NaN } },
      /^\/spec\/model\/s0 Expected a number above 0.*; got NaN, which is not a finite number\.$/,
    ],
    [
      'paths',
      { horizonYr: JSON.parse('1e309') },
      /^\/spec\/horizonYr .*; got Infinity, which is not a finite number\.$/,
    ],
    ['paths', { paths: -1 }, /^\/spec\/paths Expected an integer from 1 to [\d,]+; got -1\.$/],
    ['paths', { steps: null }, /^\/spec\/steps Expected an integer .*; got null\.$/],
  ])('%s %j', async (kind, spec, message) => {
    const refusal = await refusalOf(kind, spec);
    expect(refusal).toHaveLength(1);
    expect(refusal[0]).toMatch(message);
  });
});
