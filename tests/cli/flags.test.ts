/** Flags made of schemas: names, variants, defaults, values, and the way from a spec back to its command. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../src/contract/kind.js';
import { flagsOf, withOwnDefaults, type JsonSchema } from '../../src/cli/flags.js';
import { flagForPointer, specWithFlags } from '../../src/cli/job-spec.js';
import { reproduceCommand } from '../../src/cli/reproduce.js';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    market: {
      discriminator: { propertyName: 'type' },
      default: { type: 'made' },
      oneOf: [
        {
          type: 'object',
          properties: {
            type: { const: 'made' },
            rates: { type: 'array', items: { type: 'number' }, default: [1, 2], description: 'rates [1/s]' },
            size: { type: 'integer', default: 3 },
          },
        },
        {
          type: 'object',
          properties: {
            type: { const: 'replay' },
            file: { type: 'string' },
            size: { type: 'integer', default: 4 },
          },
        },
      ],
    },
    latency: { type: 'object', default: {}, properties: { orderNs: { type: 'integer', default: 500 } } },
    first: { type: 'object', properties: { level: { type: 'number', default: 1 } } },
    second: { type: 'object', properties: { level: { type: 'number', default: 2 } } },
    mode: { anyOf: [{ const: 'fast' }, { const: 'slow' }], default: 'fast' },
    loud: { type: 'boolean', default: false },
    seed: { type: 'integer' },
  },
};
const flags = flagsOf(schema);
const of = (given: Record<string, string>, base: Record<string, unknown> = {}): unknown =>
  specWithFlags(base, flags, new Map(Object.entries(given)));

describe('flagsOf', () => {
  it('gives the short name where it is unique, the path where not, and none of the names of the commands', () => {
    expect(flags.map((flag) => flag.name)).toEqual([
      'market',
      'rates',
      'size',
      'file',
      'orderNs',
      'first.level',
      'second.level',
      'mode',
      'loud',
      'spec.seed',
    ]);
  });

  it('knows types, choices, variants and defaults', () => {
    const named = Object.fromEntries(flags.map((flag) => [flag.name, flag]));
    expect(named['market']).toMatchObject({
      chooses: true,
      choices: ['made', 'replay'],
      defaultValue: 'made',
    });
    expect(named['rates']).toMatchObject({ list: true, type: 'number', defaultValue: [1, 2] });
    expect(named['size']!.branches.map((branch) => branch.type)).toEqual(['made', 'replay']);
    expect(named['size']!.defaultValue).toBeUndefined();
    expect(named['mode']).toMatchObject({ type: 'string', choices: ['fast', 'slow'], defaultValue: 'fast' });
  });
});

describe('specWithFlags', () => {
  it.each([
    [{}, {}],
    [{ orderNs: '7' }, { latency: { orderNs: 7 } }],
    [{ rates: '1,2.5,1e3' }, { market: { type: 'made', rates: [1, 2.5, 1000] } }],
    [{ market: 'replay' }, { market: { type: 'replay' } }],
    [{ file: 'a.csv' }, { market: { type: 'replay', file: 'a.csv' } }],
    [{ size: '9' }, { market: { type: 'made', size: 9 } }],
    [{ size: '9', file: 'x' }, { market: { type: 'replay', size: 9, file: 'x' } }],
    [{ 'second.level': '-0.5' }, { second: { level: -0.5 } }],
    [
      { loud: 'true', mode: 'slow' },
      { loud: true, mode: 'slow' },
    ],
    [{ market: 'other' }, { market: { type: 'other' } }],
  ])('%o', (given, spec) => expect(of(given)).toEqual(spec));

  it('lays flags over a file and keeps what another variant shares', () => {
    const base = { market: { type: 'made', rates: [9], size: 5 }, loud: true };
    expect(of({ size: '6' }, base)).toEqual({ market: { type: 'made', rates: [9], size: 6 }, loud: true });
    expect(of({ file: 'f' }, base)).toEqual({ market: { type: 'replay', size: 5, file: 'f' }, loud: true });
    expect(base.market.size).toBe(5);
  });

  it.each([
    [{ size: 'many' }, '--size: Expected an integer; got "many".'],
    [{ orderNs: '' }, '--orderNs: Expected an integer; got "".'],
    [{ 'first.level': 'NaN' }, '--first.level: Expected a number; got "NaN".'],
    [{ 'first.level': '1e309' }, '--first.level: Expected a number; got "1e309".'],
    [{ rates: '1,,2' }, '--rates: Expected a number, or several separated by commas; got "".'],
    [{ loud: 'yes' }, '--loud: Expected true or false; got "yes".'],
    [
      { market: 'made', file: 'x' },
      '--file: Expected only with --market replay; got --market made. Leave one of the two out.',
    ],
    [
      { rates: '1', file: 'x' },
      '--file: Expected only with --market replay; got --rates, which goes only with --market made. ' +
        'Leave one of the two out.',
    ],
  ])('refuses %o', (given, message) => expect(() => of(given)).toThrow(message));
});

describe('flagForPointer', () => {
  it.each([
    ['/spec/latency/orderNs', '--orderNs'],
    ['/spec/market/rates/1', '--rates (item 2)'],
    ['/spec/market/rates/1/0/size', '--rates (item 2, item 1, size)'],
    ['/spec/market/type', '--market'],
    ['/spec/market', '--market'],
    ['/seed', '--seed'],
    ['/spec/market/gama', null],
    ['/kind', null],
  ])('%s', (pointer, flag) => expect(flagForPointer(flags, pointer)).toBe(flag));
});

describe('reproduceCommand', () => {
  const kind = { name: 'thing', schema } as unknown as Kind;

  it('names what differs from the defaults and quotes for a shell', () => {
    const spec = {
      market: { type: 'replay', file: "it's a.csv", size: 4 },
      latency: { orderNs: 500 },
      mode: 'fast',
    };
    expect(reproduceCommand(kind, spec, 7)).toBe(
      `mms run thing --seed 7 --market replay --file 'it'\\''s a.csv'`,
    );
    // The default is that of the chosen variant.
    const other = { ...spec, market: { ...spec.market, size: 3 } };
    expect(reproduceCommand(kind, other, 7)).toContain('--size 3');
  });

  it('gives the same spec again for any values', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const made = fc.record({
      market: fc.record({
        type: fc.constant('made'),
        rates: fc.array(number, { minLength: 1 }),
        size: fc.integer(),
      }),
      latency: fc.record({ orderNs: fc.integer() }),
      second: fc.record({ level: number }),
      loud: fc.boolean(),
    });
    fc.assert(
      fc.property(made, (spec) => {
        const words = reproduceCommand(kind, spec, 1).split(' ').slice(5);
        const given: Record<string, string> = {};
        for (let i = 0; i < words.length; i += 2) given[words[i]!.slice(2)] = words[i + 1]!;
        const defaults = {
          market: { type: 'made', rates: [1, 2] },
          latency: { orderNs: 500 },
          second: { level: 2 },
        };
        expect(of(given, { ...defaults, loud: false })).toEqual(JSON.parse(JSON.stringify(spec)));
      }),
    );
  });
});

describe('a default of more than its name', () => {
  const whole = { type: 'made', rates: [7, 8], size: 5 };
  const properties = schema['properties'] as Record<string, JsonSchema>;
  const fitted = {
    ...schema,
    properties: { ...properties, market: { ...properties['market'], default: whole } },
  };
  const kind = { name: 'thing', schema: fitted } as unknown as Kind;
  const own = withOwnDefaults(fitted);
  const read = (given: Record<string, string>): unknown =>
    specWithFlags({}, flagsOf('market' in given ? own : fitted), new Map(Object.entries(given)));

  it('is changed in one field by a flag, and given up for the own defaults of a variant that is named', () => {
    expect(read({ size: '9' })).toEqual({ market: { ...whole, size: 9 } });
    expect(read({ orderNs: '7' })).toEqual({ latency: { orderNs: 7 } });
    expect(read({ market: 'made', size: '9' })).toEqual({ market: { type: 'made', size: 9 } });
    expect(read({ file: 'x' })).toEqual({ market: { type: 'replay', file: 'x' } });
    expect(flagsOf(own)).toEqual(flags);
  });

  it.each([
    [whole, ''],
    [{ ...whole, size: 6 }, ' --size 6'],
    [{ type: 'made', rates: [1, 2], size: 3 }, ' --market made'],
    [{ type: 'made', rates: [1, 2], size: 5 }, ' --rates 1,2'],
    [{ type: 'replay', file: 'f', size: 5 }, ' --market replay --size 5 --file f'],
  ])('is reproduced from what is shorter: %o', (market, words) =>
    expect(reproduceCommand(kind, { market }, 1)).toBe(`mms run thing --seed 1${words}`),
  );

  it('does not stand behind a market that a file or a name gave', () => {
    const named = { words: ['--market', 'f.yaml'], spec: { market: { type: 'made', rates: [4] } } };
    const spec = { market: { type: 'made', rates: [4], size: 5 } };
    expect(reproduceCommand(kind, spec, 1, named)).toBe('mms run thing --seed 1 --market f.yaml --size 5');
  });
});
