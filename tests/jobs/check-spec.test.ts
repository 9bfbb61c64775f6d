/** Bad specs get one clear fault for each wrong field; good ones come back complete. */
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { defineKind } from '../../src/contract/kind.js';
import { MmsError } from '../../src/contract/problem.js';
import { checkSeed, checkSpec, DEFAULT_SEED } from '../../src/jobs/check-spec.js';

const strict = { additionalProperties: false };
const fixed = Type.Object(
  { type: Type.Literal('fixed'), halfSpreadTicks: Type.Integer({ minimum: 1, maximum: 1000, default: 2 }) },
  strict,
);
const adaptive = Type.Object(
  {
    type: Type.Literal('adaptive'),
    gamma: Type.Number({ exclusiveMinimum: 0, maximum: 10 }),
    sigma: Type.Union([Type.Number({ minimum: 0 }), Type.Literal('online')], { default: 'online' }),
  },
  strict,
);
const schema = Type.Object(
  {
    runs: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
    durationS: Type.Number({ exclusiveMinimum: 0, default: 60 }),
    mode: Type.Union([Type.Literal('exact'), Type.Literal('stepped')], { default: 'exact' }),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 8, pattern: '^[a-z]+$' })),
    verbose: Type.Optional(Type.Boolean()),
    closes: Type.Optional(Type.Array(Type.Number())),
    rates: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, maxItems: 3, default: [1, 2] }),
    strategy: Type.Union([fixed, adaptive], { default: { type: 'fixed' } }),
    // The same union as plain JSON Schema, as some kinds write it.
    hedge: Type.Optional(
      Type.Unsafe({
        type: 'object',
        discriminator: { propertyName: 'type' },
        required: ['type'],
        oneOf: [fixed, adaptive],
      }),
    ),
    cap: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { default: null }),
    instrument: Type.Object({ tickSize: Type.Number({ default: 0.01 }), lotSize: Type.Integer() }, strict),
  },
  strict,
);
const kind = defineKind<any>({
  name: 'toy',
  version: 1,
  title: 'Toy',
  description: 'Toy',
  schema,
  units: () => 1,
  cost: () => ({ stepsPerUnit: 1, nsPerStep: 1, resultBytes: 1, threadBytes: 1 }),
  tables: [],
  summarise: () => ({ metrics: [], notes: [] }),
  examples: [],
  faults: (spec) =>
    spec.runs > 10 && spec.durationS > 100
      ? [
          {
            pointer: '/durationS',
            message: `Expected at most 100 with more than 10 runs; got ${spec.durationS}.`,
          },
        ]
      : [],
});
const good = { instrument: { lotSize: 1 } };
const faultsOf = (spec: unknown) => {
  try {
    checkSpec(kind, spec);
  } catch (error) {
    if (error instanceof MmsError && error.problem.code === 'E_SPEC') return error.problem.errors!;
    throw error;
  }
  return [];
};
/** Makes any spec one of the large ones, which are judged up to their first fault. */
const LONG = Array<number>(20_000).fill(1);
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

describe('checkSpec', () => {
  it('fills defaults at every depth, on a copy', () => {
    const spec = { ...good, hedge: { type: 'adaptive', gamma: 1 } };
    const before = structuredClone(spec);
    expect(checkSpec(kind, spec)).toEqual({
      runs: 1,
      durationS: 60,
      mode: 'exact',
      rates: [1, 2],
      strategy: { type: 'fixed', halfSpreadTicks: 2 },
      hedge: { type: 'adaptive', gamma: 1, sigma: 'online' },
      cap: null,
      instrument: { tickSize: 0.01, lotSize: 1 },
    });
    expect(spec).toEqual(before);
  });

  it('never shares a default between two specs', () => {
    checkSpec(kind, good).rates.push(7);
    expect(checkSpec(kind, good).rates).toEqual([1, 2]);
  });

  it.each<[unknown, string, string, string?]>([
    [null, '/spec', 'Expected an object; got null.'],
    ['x', '/spec', 'Expected an object; got "x".'],
    [[], '/spec', 'Expected an object; got a list of 0.'],
    [{}, '/spec/instrument', 'Expected an object; got nothing. Add "instrument".'],
    [{ instrument: {} }, '/spec/instrument/lotSize', 'Expected an integer; got nothing. Add "lotSize".'],
    [{ instrument: null }, '/spec/instrument', 'Expected an object; got null.'],
    [{ ...good, run: 3 }, '/spec/run', 'Did you mean "runs"?', 'runs'],
    [{ ...good, durations: 3 }, '/spec/durations', 'Did you mean "durationS"?', 'durationS'],
    [{ ...good, dur: 3 }, '/spec/dur', 'Did you mean "durationS"?', 'durationS'],
    [{ ...good, Runs: 3 }, '/spec/Runs', 'Did you mean "runs"?', 'runs'],
    [{ ...good, zzzzzzzz: 3 }, '/spec/zzzzzzzz', 'Leave it out.'],
    [{ ...good, 'a/b~c': 3 }, '/spec/a~1b~0c', 'got "a/b~c"'],
    [{ ...good, constructor: 1 }, '/spec/constructor', 'got "constructor"'],
    [JSON.parse('{"instrument":{"lotSize":1},"__proto__":{"runs":2}}'), '/spec/__proto__', 'got "__proto__"'],
    [{ ...good, runs: '3' }, '/spec/runs', 'Expected an integer from 1 to 100,000; got "3".'],
    [{ ...good, runs: 0 }, '/spec/runs', 'Expected an integer from 1 to 100,000; got 0.'],
    [{ ...good, runs: -5 }, '/spec/runs', 'got -5.'],
    [{ ...good, runs: 100_001 }, '/spec/runs', 'got 100001.'],
    [{ ...good, runs: 1.5 }, '/spec/runs', 'Expected an integer from 1 to 100,000; got 1.5.'],
    [{ ...good, runs: -1.5 }, '/spec/runs', 'Expected an integer from 1 to 100,000; got -1.5.'],
    [{ ...good, runs: NaN }, '/spec/runs', 'got NaN, which is not a finite number.'],
    [{ ...good, runs: JSON.parse('1e309') }, '/spec/runs', 'got Infinity, which is not a finite number.'],
    [{ ...good, durationS: -Infinity }, '/spec/durationS', 'got -Infinity, which is not a finite number.'],
    [{ ...good, durationS: 0 }, '/spec/durationS', 'Expected a number above 0; got 0.'],
    [{ ...good, durationS: true }, '/spec/durationS', 'Expected a number above 0; got true.'],
    [{ ...good, runs: null }, '/spec/runs', 'got null.'],
    [
      { ...good, mode: 'exakt' },
      '/spec/mode',
      'Expected "exact" or "stepped"; got "exakt". Did you mean "exact"?',
      'exact',
    ],
    [{ ...good, mode: 3 }, '/spec/mode', 'Expected "exact" or "stepped"; got 3.'],
    [{ ...good, label: '' }, '/spec/label', 'Expected a string of 1 to 8 characters like ^[a-z]+$; got "".'],
    [{ ...good, label: 'x'.repeat(99) }, '/spec/label', `got "${'x'.repeat(40)}...".`],
    [{ ...good, label: 'A' }, '/spec/label', 'like ^[a-z]+$; got "A".'],
    [{ ...good, verbose: 'yes' }, '/spec/verbose', 'Expected true or false; got "yes".'],
    [{ ...good, rates: [] }, '/spec/rates', 'Expected a list of 1 to 3 items; got a list of 0.'],
    [{ ...good, rates: 5 }, '/spec/rates', 'Expected a list of 1 to 3 items; got 5.'],
    [{ ...good, rates: [1, -2] }, '/spec/rates/1', 'Expected a number of at least 0; got -2.'],
    [{ ...good, strategy: {} }, '/spec/strategy/type', 'Expected "fixed" or "adaptive"; got nothing.'],
    [
      { ...good, strategy: { type: 'adaptiv' } },
      '/spec/strategy/type',
      'Did you mean "adaptive"?',
      'adaptive',
    ],
    [{ ...good, strategy: { type: 7 } }, '/spec/strategy/type', 'Expected "fixed" or "adaptive"; got 7.'],
    [
      { ...good, strategy: 'fixed' },
      '/spec/strategy',
      'Expected an object with "type" "fixed" or "adaptive"; got "fixed".',
    ],
    [
      { ...good, strategy: { type: 'adaptive' } },
      '/spec/strategy/gamma',
      'Expected a number above 0 and of at most 10; got nothing.',
    ],
    [
      { ...good, strategy: { type: 'fixed', gamma: 1 } },
      '/spec/strategy/gamma',
      'keys type, halfSpreadTicks; got "gamma". It goes with another type: choose that, or leave it out.',
    ],
    [{ ...good, strategy: { type: 'adaptive', gamma: 0 } }, '/spec/strategy/gamma', 'got 0.'],
    [
      { ...good, strategy: { type: 'adaptive', gamma: 1, sigma: -1 } },
      '/spec/strategy/sigma',
      'Expected a number of at least 0; got -1.',
    ],
    [
      { ...good, strategy: { type: 'adaptive', gamma: 1, sigma: 'onlin' } },
      '/spec/strategy/sigma',
      'got "onlin". Did you mean "online"?',
      'online',
    ],
    [{ ...good, gama: 1 }, '/spec/gama', 'Did you mean "strategy.gamma"?', 'strategy.gamma'],
    [
      { instrument: { lotSize: 1, durationS: 3 } },
      '/spec/instrument/durationS',
      'Did you mean "durationS"?',
      'durationS',
    ],
    [
      { ...good, strategy: { type: 'adaptive', gamma: 1, sigma: true } },
      '/spec/strategy/sigma',
      'Expected a number of at least 0 or "online"; got true.',
    ],
    [
      { ...good, hedge: { type: 'adaptive', gama: 1, gamma: 1 } },
      '/spec/hedge/gama',
      'Did you mean "gamma"?',
      'gamma',
    ],
    [{ ...good, cap: -1 }, '/spec/cap', 'Expected an integer of at least 0; got -1.'],
    [{ ...good, cap: 'x' }, '/spec/cap', 'Expected an integer of at least 0 or null; got "x".'],
    [
      { ...good, runs: 11, durationS: 101 },
      '/spec/durationS',
      'Expected at most 100 with more than 10 runs; got 101.',
    ],
    [
      { ...good, rates: deep(20) },
      `/spec/rates${'/0'.repeat(16)}`,
      'Expected at most 16 levels of nesting; got more.',
    ],
  ])('%j -> %s: %s', (spec, pointer, message, suggestion) => {
    const faults = faultsOf(spec);
    expect(faults).toHaveLength(1);
    expect(faults[0]!.pointer).toBe(pointer);
    expect(faults[0]!.message).toContain(message);
    expect(faults[0]!.suggestion).toBe(suggestion);
    // The same is said of a large one.
    if (typeof spec === 'object' && spec !== null && !Array.isArray(spec))
      expect(faultsOf({ closes: LONG, ...spec })).toEqual(faults);
  });

  it('completes a large spec as any other', () => {
    expect(checkSpec(kind, { ...good, closes: LONG })).toEqual({ ...checkSpec(kind, good), closes: LONG });
  });

  it.each<[string, object, string, string]>([
    ['items', { closes: Array(100_000).fill('') }, '/spec/closes/0', 'Expected a number; got "".'],
    ['items too many', { rates: Array(100_000).fill('') }, '/spec/rates', 'got a list of 100000.'],
    // Before it come the spec, its two members, the instrument, its one, and the list itself.
    ['lists', { closes: Array(100_000).fill([]) }, '/spec/closes/4994', 'at most 5000 members and lists'],
    ['members', Object.fromEntries(LONG.map((_, i) => [`k${i}`, 1])), '/spec', 'at most 5000 members'],
  ])('tells the first of very many wrong %s alone', (_what, members, pointer, message) => {
    const faults = faultsOf({ ...good, ...members });
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(faults[0]!.message).toContain(message);
  });

  it('names every wrong field at once', () => {
    const faults = faultsOf({ runz: 1, durationS: '1', strategy: { type: 'adaptive', gamma: -1, q: 2 } });
    expect(faults.map((fault) => fault.pointer).sort()).toEqual([
      '/spec/durationS',
      '/spec/instrument',
      '/spec/runz',
      '/spec/strategy/gamma',
      '/spec/strategy/q',
    ]);
  });
});

describe('checkSeed', () => {
  it('takes 0 to 2^53-1 and has a default', () => {
    expect(checkSeed(undefined)).toBe(DEFAULT_SEED);
    expect(Object.is(checkSeed(-0), 0)).toBe(true);
    expect(checkSeed(2 ** 53 - 1)).toBe(2 ** 53 - 1);
  });

  it.each([[-1], [1.5], [2 ** 53], [NaN], ['7'], [null]])('refuses %s', (seed) => {
    expect(() => checkSeed(seed)).toThrow(/seed: Expected an integer from 0 to 9007199254740991; got/);
  });
});
