/** The report of a pair: its tests with a verdict, and a dot for each deal of the first run. */
import { describe, expect, it } from 'vitest';
import type { JobResult } from '../../src/contract/ports.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import kind from '../../src/kinds/stat-arb/index.js';
import { run } from '../../src/kinds/stat-arb/run.js';
import type { Spec } from '../../src/kinds/stat-arb/spec.js';
import { renderReport } from '../../src/report/report.js';

function report(source: object): { page: string; deals: number } {
  const spec = checkSpec(kind, { source, runs: 2 }) as Spec;
  const control = new Int32Array(CONTROL_SLOTS);
  const tables = run({ spec, seed: 1, from: 0, to: 2, inputs: {}, control })!;
  const described = tables.map((table, i) => ({ ...table, decl: kind.tables[i]! }));
  const summary = kind.summarise(spec, tables, {});
  const result = { digest: 'a'.repeat(64), summary, tables: described } as unknown as JobResult;
  const job = { kind: 'stat-arb', spec, seed: 1, reproduce: 'mms run stat-arb --seed 1' };
  const first = [...tables[2]!.columns[0]!].filter((unit) => unit === 0).length;
  return { page: renderReport({ job, result }), deals: 2 * first };
}

describe('the report of a pair', () => {
  it('shows tests, prices, the spread with a dot for each deal, and the PnL', () => {
    const { page, deals } = report({ type: 'series', observations: 1_000 });
    expect(deals).toBeGreaterThan(4);
    expect(page.match(/<polyline class="dot /g)?.length).toBe(deals);
    expect(page.match(/>cointegrated</g)?.length).toBeGreaterThanOrEqual(2);
    for (const title of ['Do the prices belong together?', 'Spread, bands and trades', 'PnL']) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    const [, body = ''] = /<main>(.*)<\/main>/s.exec(page) ?? [];
    expect(/NaN|undefined|Infinity/.exec(body)?.[0]).toBeUndefined();
  });

  it('says that prices which nothing ties are not cointegrated', () => {
    const { page } = report({ type: 'series', observations: 1_000, cointegrated: false });
    expect(page).toContain('<span class="flag">not cointegrated</span>');
    expect(page).toContain('Warning: mostly not cointegrated');
  });
});
