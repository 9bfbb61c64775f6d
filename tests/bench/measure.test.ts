/** The arithmetic and the fairness of the bench: medians, interleaving, and a case that does not repeat. */
import { expect, it } from 'vitest';
import { mad, measure, median, speedRatios } from './measure.js';

it('knows medians and their deviations', () => {
  expect([median([5]), median([9, 1, 4]), median([4, 1, 3, 2])]).toEqual([5, 4, 2.5]);
  expect([mad([5]), mad([1, 2, 3, 4, 100])]).toEqual([0, 1]);
});

it('runs the cases in turn, prepares each run untimed and counts no warm-up', () => {
  const log: string[] = [];
  let clockNs = 0n;
  const one = (name: string, costNs: bigint) => ({
    count: 10,
    before: () => {
      log.push(`before ${name}`);
      clockNs += 1_000n;
    },
    run: () => {
      log.push(`run ${name}`);
      clockNs += costNs;
      return name;
    },
  });
  const cases = new Map([
    ['a', one('a', 20n)],
    ['b', one('b', 80n)],
  ]);
  const [a, b] = measure(cases, 1, 2, () => clockNs);
  const round = ['before a', 'run a', 'before b', 'run b'];
  expect(log).toEqual([...round, ...round, ...round]);
  expect(a).toEqual({ name: 'a', count: 10, digest: 'a', nsPerUnit: [2, 2] });
  expect(speedRatios(a!, b!)).toEqual([4, 4]);
});

it('refuses a case whose digest changes', () => {
  let runs = 0;
  const cases = new Map([['odd', { count: 1, run: () => String(runs++) }]]);
  expect(() => measure(cases, 0, 2, () => 0n)).toThrow(/odd: digest 1 after 0/);
});
