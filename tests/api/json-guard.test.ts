/** The strict JSON reader: agrees with JSON.parse on sound texts, names the pointer of what it refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonStrictly } from '../../src/api/json-guard.js';
import { MmsError } from '../../src/contract/problem.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function refusal(input: string | Uint8Array): MmsError {
  try {
    parseJsonStrictly(typeof input === 'string' ? bytes(input) : input);
  } catch (error) {
    if (error instanceof MmsError) return error;
    throw error;
  }
  throw new Error(`Expected a refusal of ${String(input)}`);
}

/** Pointers of all faults. */
const pointers = (text: string): string[] =>
  refusal(text).problem.errors?.map(({ pointer }) => pointer) ?? [];

/** The text of so many members of one object. */
const members = (count: number): string => Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(',');

/** What JSON.parse accepts and nothing here refuses. */
const soundValue = fc.jsonValue({ maxDepth: 6 }).filter((value) => {
  const text = JSON.stringify(value);
  return (
    !/__proto__|constructor|prototype|\\ud[89a-f]/i.test(text) &&
    !/(^|[^\d.eE+-])-?\d{16,}(?![\d.eE])/.test(text)
  );
});

describe('parseJsonStrictly', () => {
  it('reads every sound value as JSON.parse does, however it is spaced', () => {
    fc.assert(
      fc.property(soundValue, fc.constantFrom(0, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJsonStrictly(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('finds one repeated member wherever it stands', () => {
    const name = fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), name, fc.boolean(), (path, twice, inList) => {
        fc.pre(![...path, twice].some((word) => ['__proto__', 'constructor', 'prototype'].includes(word)));
        let text = `{${JSON.stringify(twice)}:1,"other":[{}],${JSON.stringify(twice)}:2}`;
        fc.pre(twice !== 'other');
        const escape = (word: string): string => word.replaceAll('~', '~0').replaceAll('/', '~1');
        let pointer = `/${escape(twice)}`;
        for (const word of path) {
          text = inList ? `[0,${text}]` : `{"x y":"{\\"}",${JSON.stringify(`${word}!`)}:${text}}`;
          pointer = inList ? `/1${pointer}` : `/${escape(`${word}!`)}${pointer}`;
        }
        expect(pointers(text)).toEqual([pointer]);
      }),
    );
  });

  it('finds the same with and without a closer look, which an escape makes necessary', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'constructor', 'x~/y', '\u00e9');
    const number = fc.constantFrom('1', '-2.5', '1e309', '123456789012345', '9007199254740993', '1E3');
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 5, depthSize: 'medium' },
        number,
        word.map((letters) => JSON.stringify(letters)),
        fc.array(tie('text'), { maxLength: 3 }).map((parts) => `[${parts.join()}]`),
        fc
          .array(fc.tuple(word, tie('text')), { maxLength: 4 })
          .map((members) => `{${members.map(([name, of]) => `"${name}":${of}`).join()}}`),
      ),
    }));
    const judged = (json: string): unknown => {
      try {
        return parseJsonStrictly(bytes(json));
      } catch (error) {
        return (error as MmsError).problem;
      }
    };
    const same = fc.property(text, (json) => {
      expect(judged(`{"v":${json}}`)).toEqual(judged(`{"\\u0076":${json}}`));
    });
    fc.assert(same, { numRuns: 1_000 });
  });

  it('never throws anything but a problem, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.json().map(bytes)), (input) => {
        try {
          parseJsonStrictly(input);
        } catch (error) {
          expect(error).toBeInstanceOf(MmsError);
        }
      }),
    );
  });

  const refused: [string, string, string[]][] = [
    ['a member twice', '{"a":1,"b":2,"a":3}', ['/a']],
    ['a member twice, once escaped', '{"a":1,"\\u0061":3}', ['/a']],
    ['a member twice in a list', '{"l":[{},{"a":1,"a":2}]}', ['/l/1/a']],
    ['17 levels', '['.repeat(17) + ']'.repeat(17), ['/0'.repeat(16)]],
    ['a prototype', '{"a":{"__proto__":{"x":1}}}', ['/a/__proto__']],
    ['an escaped prototype', '{"\\u005f_proto__":1}', ['/__proto__']],
    ['a constructor', '{"constructor":{"prototype":{}}}', ['/constructor', '/constructor/prototype']],
    ['an overflow', '{"a":[1,1e309]}', ['/a/1']],
    ['a negative overflow', '{"a":-1e400}', ['/a']],
    ['400 digits', `{"a":${'9'.repeat(400)}}`, ['/a']],
    ['2^53 + 1', '{"seed":9007199254740993}', ['/seed']],
    ['half a pair as a value', '{"a":"\\ud800"}', ['/a']],
    ['half a pair as a name', '{"\\udc00":1}', ['/\udc00']],
    ['5,001 members', `{"jobs":[{},{"spec":{${members(5_001)}}}]}`, ['/jobs/1/spec']],
    ['5,001 members, the last by an escape', `{${members(5_000)},"\\u0061":1}`, ['']],
    ['several', '{"a":1e999,"b":{"c":1,"c":2}}', ['/a', '/b/c']],
  ];
  it.each(refused)('refuses %s', (_name, text, expected) => expect(pointers(text)).toEqual(expected));

  const accepted: [string, string][] = [
    ['16 levels', '['.repeat(16) + ']'.repeat(16)],
    ['the same name at two places', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
    ['a string that looks like a member', '{"a":"b","b":"a","c":["a","a","__proto__"]}'],
    ['a whole pair', '{"a":"\\ud83d\\ude00 \u{1f600}"}'],
    ['2^53 - 1 and small numbers', '[9007199254740991,-0,5e-324,1E3,0.1e-7]'],
    ['5,000 members each in two objects', `[{${members(5_000)}},{${members(5_000)}}]`],
    ['braces and quotes in strings', '{"{":"}\\"{[","k\\\\":1}'],
  ];
  it.each(accepted)('accepts %s', (_name, text) => {
    expect(parseJsonStrictly(bytes(text))).toEqual(JSON.parse(text));
  });

  it('refuses bytes that are not UTF-8, empty text and broken syntax without a pointer', () => {
    const texts = ['', '  ', '{', '{"a":1,}', "{'a':1}", '{"a":NaN}', '{"a":Infinity}', '[1 2]', '{"a":01}'];
    for (const text of texts) expect(refusal(text).problem.code, text).toBe('E_BODY');
    expect(refusal(Uint8Array.of(0x22, 0xff, 0x22)).message).toContain('UTF-8');
  });

  it('judges a body of the largest size in time that grows with its length', () => {
    const list = `[${Array.from({ length: 65_535 }, (_, i) => `{"number":${i}}`).join(',')}]`;
    expect(parseJsonStrictly(bytes(list))).toHaveLength(65_535);
    expect(pointers(`${list.slice(0, -1)},{}]`)).toEqual(['']);
    expect(pointers(`${list.slice(0, -1)},"\\u0061",{}]`)).toEqual(['']);
    expect(pointers('['.repeat(900) + ']'.repeat(900))).toHaveLength(1);
  });

  it.each([
    ['alone', '['.repeat(1e6)],
    ['closed again', '['.repeat(5e5) + ']'.repeat(5e5)],
    ['behind an escaped quote', `["\\"[",${'['.repeat(1e6)}`],
  ])('refuses an abyss before it is parsed: %s', (_name, text) => {
    expect(refusal(text).message).toContain('at most 16 nested objects and lists; got over 1000');
  });

  it('takes brackets in texts, and refuses a text without an end', () => {
    const text = `"${'['.repeat(2_000)}\\u0061"`;
    expect(parseJsonStrictly(bytes(text))).toBe(JSON.parse(text));
    expect(refusal(`["${'['.repeat(2_000)}`).problem.code).toBe('E_BODY');
  });
});
