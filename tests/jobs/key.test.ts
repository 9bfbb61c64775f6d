/** Equal questions give equal keys, others give others, whatever order or spelling the JSON had. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCopy, canonicalJson, jobKey, type KeyParts } from '../../src/jobs/key.js';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
};

const parts: KeyParts = {
  engineVersion: '0.1.0',
  kind: 'paths',
  kindVersion: 1,
  spec: { a: 1 },
  seed: 7,
  inputs: [],
};

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [1.0, -0, 1e21] }, '{"a":[1,0,1e+21],"b":1}'],
    [
      [[], [-0, 'a"', null], [true, 1], [5e-324, 1e21, 0.1]],
      '[[],[0,"a\\"",null],[true,1],[5e-324,1e+21,0.1]]',
    ],
    [{ b: undefined, a: null }, '{"a":null}'],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    ['"\u2028\ud800', '"\\"\u2028\\ud800"'],
  ])('%j -> %s', (value, text) => expect(canonicalJson(value)).toBe(text));

  it.each([[NaN], [[Infinity]], [{ a: -Infinity }], [[undefined]], [['a', 1, NaN]], [() => 1], [10n]])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );

  it('does not depend on the order of keys, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalCopy(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('jobKey', () => {
  it('changes with every part', () => {
    const others: KeyParts[] = [
      { ...parts, engineVersion: '0.1.1' },
      { ...parts, kind: 'path' },
      { ...parts, kindVersion: 2 },
      { ...parts, spec: { a: 2 } },
      { ...parts, seed: 8 },
    ];
    expect(new Set([parts, ...others].map(jobKey)).size).toBe(6);
    expect(jobKey(parts)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes the content of a file for its name', () => {
    const ref = {
      name: 'day',
      importer: 'lobster',
      files: { m: 'x.csv' },
      pointers: { m: '/market/file~1s' },
    };
    const of = (file: string, digest: string) =>
      jobKey({ ...parts, spec: { market: { 'file/s': file } }, inputs: [{ ref, digest }] });
    expect(of('x.csv', 'd1')).toBe(of('/other/place.csv.gz', 'd1'));
    expect(of('x.csv', 'd1')).not.toBe(of('x.csv', 'd2'));
    expect(() => jobKey({ ...parts, inputs: [{ ref, digest: 'd' }] })).toThrow('/market/file~1s');
  });

  it('leaves the spec as it was', () => {
    const spec = { file: 'x.csv' };
    const ref = { name: 'day', importer: 'csv', files: { m: 'x.csv' }, pointers: { m: '/file' } };
    jobKey({ ...parts, spec, inputs: [{ ref, digest: 'd' }] });
    expect(spec).toEqual({ file: 'x.csv' });
  });
});
