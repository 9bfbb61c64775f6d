/** The judgement of the bench: musts, aims, falls from the baseline, and what is not comparable. */
import { expect, it } from 'vitest';
import { median } from './measure.js';
import { plans } from './rows.js';
import { faultOf, formatTable, type Goal, judge, type Row, rowOf } from './table.js';

const ratio: Goal = {
  name: 'full events, base',
  unit: '',
  must: 0.62,
  aim: 0.85,
  atMost: false,
  tolerance: 0.08,
  by: 'median',
};
const pause: Goal = {
  ...ratio,
  name: 'pause',
  unit: ' us',
  must: 2_000,
  aim: 500,
  atMost: true,
  tolerance: null,
};
const row = (goal: Goal, ...values: number[]): Row => rowOf(goal, values);

it('knows medians', () => {
  expect([median([5]), median([9, 1, 4]), median([4, 1, 3, 2])]).toEqual([5, 4, 2.5]);
});

it('takes the median of the values, the worst or the best of them, and keeps the range', () => {
  expect(row({ ...pause, by: 'min' }, 2, 1, 9)).toMatchObject({ value: 1, range: [1, 9] });
  expect(row(ratio, 0.7, 0.1, 0.9)).toMatchObject({ value: 0.7, range: [0.1, 0.9] });
  expect(row({ ...pause, by: 'max' }, 0, 3, 1)).toMatchObject({ value: 3, range: [0, 3] });
});

it('judges by must and aim, in the right direction', () => {
  expect([0.61, 0.62, 0.84, 0.85].map((value) => judge(row(ratio, value), null))).toEqual([
    'MISSED',
    'ok',
    'ok',
    'aim',
  ]);
  expect([2_001, 2_000, 500].map((value) => judge(row(pause, value), null))).toEqual(['MISSED', 'ok', 'aim']);
  expect(judge(row({ ...ratio, must: null, aim: null }, 0.1), null)).toBe('shown');
});

it('fails a value that is no number', () => {
  expect(judge(row(ratio), null)).toBe('MISSED');
  expect(judge(row(pause), null)).toBe('MISSED');
  expect(judge(row({ ...ratio, must: null }, NaN), { [ratio.name]: 0.7 })).toBe('REGRESSED');
});

it('sees 15 % more work in a row that still reaches its must, and forgives the noise of a machine', () => {
  const baseline = { [ratio.name]: 0.8 };
  const slower = row(ratio, 0.8 / 1.15);
  expect(slower.value).toBeGreaterThan(ratio.must!);
  expect(judge(slower, baseline)).toBe('REGRESSED');
  expect(faultOf(slower, baseline)).toBe(`full events, base: 0.6957, more than 8 % below the baseline's 0.8`);
  expect(judge(row(ratio, 0.8 * 0.95), baseline)).toBe('ok');
  expect(judge(row(ratio, 0.8 * 1.2), baseline)).toBe('aim');
});

it('compares no row with a baseline that does not hold it, and no time at all', () => {
  expect(judge(row(ratio, 0.63), {})).toBe('ok');
  expect(judge(row(ratio, 0.63), null)).toBe('ok');
  expect(judge(row(pause, 1_000), { pause: 1 })).toBe('ok');
});

it('says what must be reached by a row that misses it', () => {
  expect(faultOf(row(ratio, 0.5), null)).toBe('full events, base: 0.5, must be at least 0.62');
  expect(faultOf(row(pause, 2_500), null)).toBe('pause: 2500 us, must be at most 2000 us');
  expect(faultOf(row(ratio, 0.9), null)).toBeNull();
});

it('prints a Markdown table of equal widths', () => {
  const lines = formatTable([row(ratio, 0.7), row(pause, 123.4)], { [ratio.name]: 0.71 }).split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]!.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'full events, base',
    '0.700',
    '0.700..0.700',
    '0.620',
    '0.850',
    '0.710',
    'ok',
    '',
  ]);
  expect(lines[3]).toContain('<= 2000 us');
});

it('asks for every figure of the plan once', () => {
  const names = plans().flatMap(({ goals }) => goals.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
});
