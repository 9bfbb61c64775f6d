/** Named instruments: each is a sound spec, a name gives way to its parts, and faults are told. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instruments, readInstruments, withInstrument } from '../../src/data/instruments.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import kind from '../../src/kinds/market-making/index.js';

describe('instruments', () => {
  it.each([...instruments().keys()])('%s stands for a sound spec', (name) => {
    const spec = checkSpec(kind, withInstrument({ instrument: name }));
    const { parts, title, currency } = instruments().get(name)!;
    expect(spec).toMatchObject(parts);
    expect([title, currency].every((text) => text.length > 0)).toBe(true);
  });

  it('lets what the spec says itself go over the parts, field by field', () => {
    const spec = { instrument: 'cme-eurodollar-2005', fees: { makerBps: 1 }, runs: 3 };
    const before = structuredClone(spec);
    expect(withInstrument(spec)).toEqual({
      instrument: { tickSize: 0.005, lotSize: 1, multiplier: 2500 },
      fees: { makerBps: 1, takerBps: 0 },
      rules: { allocation: 'top-pro-rata' },
      runs: 3,
    });
    expect(spec).toEqual(before);
    for (const other of [{ instrument: { tickSize: 1 } }, {}, null, 'x']) {
      expect(withInstrument(other)).toBe(other);
    }
    // What is no object is left for the schema to refuse.
    expect(withInstrument({ instrument: 'xetra-share', fees: 5 })).toMatchObject({ fees: 5 });
  });

  it('refuses an unknown name, with the known ones and the nearest', () => {
    expect(() => withInstrument({ instrument: 'xetra-shar' })).toThrow(
      /\/spec\/instrument Expected an object or one of .*cme-eurodollar-2005.*got "xetra-shar".*Did you mean "xetra-share"/,
    );
  });

  it.each([
    ['- 1', /expected a mapping of names/],
    ['a: 1', /a: expected a mapping\./],
    ['a: {title: t}', /a: expected a text under "currency"/],
    ['a: {title: t, currency: USD, fee: {}}', /a: expected nothing under "fee"/],
    ['a: {title: t, currency: USD, fees: 3}', /a: expected a mapping under "fees"/],
    ['a: {', /expected YAML/],
  ])('names the fault of a file: %s', (text, message) => {
    const path = join(mkdtempSync(join(tmpdir(), 'mms-')), 'instruments.yaml');
    writeFileSync(path, text);
    expect(() => readInstruments(path)).toThrow(message);
  });
});
