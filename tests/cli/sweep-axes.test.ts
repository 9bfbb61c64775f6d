/** Axes as people type them. */
import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../src/cli/flags.js';
import { axisPath, readAxis } from '../../src/cli/sweep-axes.js';
import { schema } from '../../src/kinds/market-making/schema.js';

const flags = flagsOf(JSON.parse(JSON.stringify(schema)));
const read = (text: string, drawn = false): unknown => {
  const { path, axis } = readAxis('--grid', text, flags, drawn);
  return { [path]: axis };
};

describe('an axis', () => {
  it.each([
    ['gamma=0.01..1:log25', { 'strategy.gamma': { from: 0.01, to: 1, n: 25, scale: 'log' } }],
    ['gamma=-1e-3..1.5:3', { 'strategy.gamma': { from: -0.001, to: 1.5, n: 3 } }],
    ['gamma=0.1,0.2', { 'strategy.gamma': [0.1, 0.2] }],
    ['runs=1..4', { runs: { from: 1, to: 4, n: 4, integer: true } }],
    ['runs=1..64:log7', { runs: { from: 1, to: 64, n: 7, scale: 'log', integer: true } }],
    ['every-ms=1..8:4:integer', { 'requote.everyMs': { from: 1, to: 8, n: 4, integer: true } }],
    ['strategy=fixed,adaptive', { 'strategy.type': ['fixed', 'adaptive'] }],
    ['strategy=[{"type":"glft"}]', { strategy: [{ type: 'glft' }] }],
    ['antithetic=true,false', { antithetic: [true, false] }],
    ['seed=1,2,3', { seed: [1, 2, 3] }],
    ['market.rates.0=1..2:2', { 'market.rates.0': { from: 1, to: 2, n: 2 } }],
  ])('%s', (text, expected) => expect(read(text)).toEqual(expected));

  it('that is drawn has no points', () => {
    expect(read('runs=1..64:log', true)).toEqual({ runs: { from: 1, to: 64, scale: 'log', integer: true } });
  });

  it.each([
    ['gamma', 'Expected NAME=VALUES, e.g. gamma=0.01..1:log25; got "gamma"'],
    ['gamma=', 'Expected NAME=VALUES'],
    ['gamma=0.1..1:lg5', '--grid gamma: Expected FROM..TO with points'],
    ['gamma=0.1..1:5:5', '--grid gamma: Expected FROM..TO with points'],
    ['strategy=[1', 'Expected a JSON list'],
  ])('%s is refused', (text, message) => expect(() => read(text)).toThrow(message));

  it('is found by its name or its path, in any case', () => {
    for (const name of ['halfSpreadTicks', 'half-spread-ticks', 'strategy.halfSpreadTicks'])
      expect(axisPath(name, flags).path).toBe('strategy.halfSpreadTicks');
    expect(axisPath('nowhere', flags)).toEqual({ path: 'nowhere', flag: null });
  });
});
