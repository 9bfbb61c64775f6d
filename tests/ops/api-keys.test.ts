/** The file of API keys: what is written is read, what is wrong is named by its line, no secret is in it. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  API_KEYS_HEAD,
  hashOfKey,
  idOfKey,
  isKeyName,
  keyLine,
  newApiKey,
  parseApiKeys,
  revocationLine,
  stateOf,
} from '../../src/ops/api-keys.js';

const NOW_MS = Date.UTC(2026, 10, 22, 7);
const parse = (text: string) => parseApiKeys(text, 'k');

describe('a new key', () => {
  it('is mms_, a public id and 256 random bits, of which the file has the SHA-256 alone', () => {
    const made = Array.from({ length: 100 }, () => newApiKey({}, NOW_MS));
    expect(new Set(made.map(({ text }) => text)).size).toBe(100);
    for (const { text, key } of made) {
      expect(text).toMatch(/^mms_[0-9a-f]{12}_[0-9a-f]{64}$/);
      expect(key.sha256).toBe(createHash('sha256').update(text).digest('hex'));
      expect(hashOfKey(text).toString('hex')).toBe(key.sha256);
      expect([idOfKey(text), key.name]).toEqual([key.id, key.id]);
      expect(keyLine(key)).not.toContain(text.slice(-64));
    }
    // Each of the 64 digits takes all values: none of the bits is fixed.
    const digits = made.map(({ text }) => text.slice(-64));
    for (let at = 0; at < 64; at++) expect(new Set(digits.map((digit) => digit[at])).size).toBeGreaterThan(8);
  });

  it('is read back from its line with all its terms', () => {
    const terms = fc.record(
      {
        name: fc.stringMatching(/^[\w-][\w.-]{0,63}$/),
        expiresMs: fc.option(fc.integer({ min: NOW_MS, max: NOW_MS + 1e12 })),
        ratePerMin: fc.option(fc.integer({ min: 1, max: 1e9 })),
        inFlight: fc.option(fc.integer({ min: 1, max: 1e6 })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 5 }), (all) => {
        const made = all.map((one) => newApiKey(one, NOW_MS).key);
        const text = API_KEYS_HEAD + made.map(keyLine).join('');
        expect([...parse(text).values()]).toEqual(made);
      }),
    );
  });

  it('is none for a text that only looks like one', () => {
    const { text } = newApiKey({}, NOW_MS);
    for (const odd of [
      '',
      'mms_',
      text.slice(0, -1),
      `${text}0`,
      text.toUpperCase(),
      ` ${text}`,
      `${text}\n`,
    ])
      expect(idOfKey(odd)).toBeNull();
    for (const name of ['', '.x', 'a b', 'x'.repeat(65), 'ä', 'a/b']) expect(isKeyName(name)).toBe(false);
  });
});

describe('the life of a key', () => {
  const { key } = newApiKey({ name: 'desk', expiresMs: NOW_MS + 1000 }, NOW_MS);
  it('ends at its time or by revocation, of which the first counts', () => {
    expect([stateOf(key, NOW_MS + 999), stateOf(key, NOW_MS + 1000)]).toEqual(['live', 'expired']);
    const lines = keyLine(key) + revocationLine(key.id, NOW_MS + 5) + revocationLine(key.id, NOW_MS + 9);
    const [revoked] = parse(lines).values();
    expect([revoked!.revokedMs, stateOf(revoked!, NOW_MS)]).toEqual([NOW_MS + 5, 'revoked']);
  });
});

describe('a file that is wrong', () => {
  const good = keyLine(newApiKey({ name: 'a' }, NOW_MS).key);
  const line = JSON.parse(good) as Record<string, unknown>;
  const rows: [string, string, RegExp][] = [
    ['no JSON', 'desk', /k, line 2: Expected a JSON object/],
    ['half a line', good.slice(0, 40), /line 2: Expected a JSON object/],
    ['a list', '[]', /line 2: Expected a JSON object/],
    ['the same id twice', good, /line 2: Expected an id that is in no line above/],
    [
      'a member that only a later version knows',
      JSON.stringify({ ...line, role: 'viewer' }),
      /knows; got "role"/,
    ],
    ['a short hash', JSON.stringify({ ...line, sha256: 'ab' }), /64 hexadecimal digits as sha256; got "ab"/],
    ['no hash', JSON.stringify({ ...line, sha256: undefined }), /as sha256; got none/],
    ['an id that is none', JSON.stringify({ ...line, id: '../x' }), /12 hexadecimal digits as id/],
    ['a name that is none', JSON.stringify({ ...line, name: 'a b' }), /a name of letters/],
    ['a date that is none', JSON.stringify({ ...line, expires: 'soon' }), /a date as expires; got "soon"/],
    ['a rate of nought', JSON.stringify({ ...line, ratePerMin: 0 }), /integer from 1 to .* as ratePerMin/],
    ['a fraction in flight', JSON.stringify({ ...line, inFlight: 1.5 }), /integer from 1 to .* as inFlight/],
    ['the end of an unknown key', revocationLine('0123456789ab', 0), /id of a key in a line above/],
    ['an end without a time', '{"revoked":"0123456789ab"}', /a date as at; got none/],
  ];
  it.each(rows)('with %s is refused by its line', (_name, second, message) => {
    expect(() => parse(good + second)).toThrow(message);
  });

  it('never shows more than 80 characters of it', () => {
    const long = JSON.stringify({ ...line, name: 'x'.repeat(1e5) });
    expect(() => parse(long)).toThrow(/^.{0,200}$/);
    expect(() => parse('#'.repeat(5e6))).toThrow(/at most 4194304 characters; got 5000000/);
  });
});
