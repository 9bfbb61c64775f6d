/** The built-in market is the file fitted to AMZN, the model's own defaults are Sky Perfect's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMarkets } from '../../../src/data/markets.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/market-making/index.js';

const folder = resolve(import.meta.dirname, '../../../config/markets');
const specOf = (spec: unknown) => checkSpec(kind, spec);
const fileOf = (name: string) =>
  parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as { market: object; instrument: object };

describe('the built-in market', () => {
  it('is the one in config/markets/amzn.yaml', () => {
    const { market, instrument } = specOf({});
    const file = fileOf('amzn');
    expect(market).toEqual({ ...file.market, durationS: 1_800 });
    expect(instrument).toMatchObject(file.instrument);
    expect(specOf({ strategy: { type: 'fixed' } }).market).toEqual(market);
  });

  it('gives way to the published rates where the model is named', () => {
    const named = specOf({ market: { type: 'cont-stoikov-talreja' } });
    expect(named.market).toEqual({ ...fileOf('sky-perfect').market, durationS: 1_800 });
    expect(named.market).toMatchObject({ marketRatePerS: 0.94 });
  });
});

describe('every file in config/markets', () => {
  const names = readdirSync(folder).map((name) => name.replace(/\.yaml$/, ''));

  it.each(names)('%s is a market that a run takes, and says where it comes from', (name) => {
    const found = createMarkets().get(name.toUpperCase())!;
    expect(found.source.length).toBeGreaterThan(20);
    const { market, instrument } = found;
    expect(specOf({ market, ...(instrument && { instrument }) }).market).toMatchObject(market);
  });
});
