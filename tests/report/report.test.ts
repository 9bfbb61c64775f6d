/** The report page as text: complete, escaped, self-contained, small; and the terminal summary. */
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/contract/kind.js';
import { headline } from '../../src/report/headline.js';
import { renderReport, reportName } from '../../src/report/report.js';
import { terminalSummary } from '../../src/report/terminal.js';
import { job, makeResult, makeTable } from './fixture.js';

const result = makeResult();

describe('renderReport', () => {
  const html = renderReport({ job, result });

  it('holds numbers with errors, seed, digest, spec, notes and the command', () => {
    for (const text of [
      '6.52',
      '± 0.31',
      'seed 42',
      result.digest,
      'mms run market-making --seed 42',
      'durationS',
    ])
      expect(html).toContain(text);
    expect(html).toContain('A note with &lt;markup&gt; &amp; &quot;quotes&quot;.');
  });

  it('names no address that a browser would load', () => {
    expect(html).not.toMatch(/(?:src|href)\s*=/i);
    expect(html).not.toMatch(/@import|url\(/i);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain('sourceMappingURL');
  });

  it('is the same text for the same result', () => {
    expect(renderReport({ job, result: makeResult() })).toBe(html);
    expect(reportName(result.digest)).toBe('mms-report-3f1c3f1c3f1c.html');
  });

  it('stays below 2 MB with the longest tables that market-making writes', () => {
    const many = (n: number, value: (i: number) => number): number[] =>
      Array.from({ length: n }, (_, i) => value(i));
    const fills = makeTable('fills', [
      ['tNs', 'f64', 'ns', many(20_000, (i) => i * 1e6 + 0.123)],
      ['side', 'u8', '1', many(20_000, (i) => i % 2)],
      ['priceTicks', 'i32', 'ticks', many(20_000, (i) => 10_000 + (i % 97))],
    ]);
    const depth = makeTable('depth', [
      ['tNs', 'f64', 'ns', many(8_000, (i) => Math.floor(i / 20) * 1e8)],
      ['priceTicks', 'i32', 'ticks', many(8_000, (i) => 10_000 + (i % 20))],
      ['qtyLots', 'i32', 'lots', many(8_000, (i) => i % 31)],
    ]);
    const big = { ...makeResult(5_000), tables: [makeResult(5_000).tables[0]!, fills, depth] };
    const size = Buffer.byteLength(renderReport({ job, result: big }));
    expect(size).toBeGreaterThan(500_000);
    expect(size).toBeLessThan(2_000_000);
  });

  it('escapes whatever a spec holds, inside and outside of scripts', () => {
    const spec = { note: '</script><script>alert(1)</script>', instrument: { tickSize: 0.01 } };
    const page = renderReport({ job: { ...job, spec, reproduce: `mms run '<b>'` }, result });
    expect(page).not.toContain('alert(1)</script>');
    expect(page).toContain('mms run &#39;&lt;b&gt;&#39;');
  });

  it('shows clock time where a replay tells when its day began', () => {
    const replay = makeTable('replay', [['startNs', 'f64', 'ns', [34_200e9]]]);
    const page = renderReport({ job, result: { ...result, tables: [...result.tables, replay] } });
    expect(page).toContain('"clockStartS":34200');
    expect(renderReport({ job, result })).toContain('"clockStartS":null');
  });

  it('shows metrics and tables for a kind that it does not know, without a chart script', () => {
    const other = { ...result, tables: [makeTable('fit', [['rate', 'f64', '1/s', [1.5, 2.5]]])] };
    const page = renderReport({ job: { ...job, kind: 'calibrate' }, result: other });
    expect(page).toContain('Table fit as a table (2 rows)');
    expect(page).not.toContain('id="chart-data"');
    expect(page.length).toBeLessThan(40_000);
  });

  it('shows the parts of a PnL as bars that sum to it, and flags what is too small', () => {
    const parts = {
      quotedPnl: 9,
      latencyPnl: -1,
      adversePnl: -4,
      carryPnl: 2,
      feesPaid: 0.5,
      markout1s: -0.25,
    };
    const metrics: Metric[] = Object.entries({ pnl: 5.5, ...parts }).map(([name, value]) => ({
      name,
      value,
      standardError: 0.5,
      unit: 'currency',
      meaning: name,
      interval: [value - 1, value + 1],
      ...(name === 'pnl' && { flag: 'small sample: 4 runs' }),
    }));
    const summary = { metrics, notes: [] };
    const page = renderReport({ job, result: { ...result, summary } });
    expect(page.match(/<rect class="gain"/g)).toHaveLength(3);
    expect(page.match(/<rect class="loss"/g)).toHaveLength(4);
    // From -5 (adverse less two errors) to 10 (quoted and two errors): 9 is 9/15 of the width.
    expect(page).toContain('x="333.3" y="3" width="600.0"');
    expect(page.match(/small sample: 4 runs/g)).toHaveLength(2);
    expect(page).toContain('<td>4.50 to 6.50</td>');
    const lines = terminalSummary(job, { ...result, summary }, null);
    expect(lines[0]).toContain('(small sample: 4 runs)');
    expect(lines[1]).toMatch(/quoted \+9, latency −1, adverse −4, carry \+2, fees −0\.500$/);
    expect(renderReport({ job, result })).not.toContain('Where the PnL came from');
  });

  it('draws the fan and the density of price paths, with the closed form where there is one', () => {
    const tables = [
      makeTable('samplePaths', [
        ['path', 'i32', '1', [0, 0, 1, 1]],
        ['series', 'i32', '1', [0, 0, 0, 0]],
        ['timeYr', 'f64', 'yr', [0, 1, 0, 1]],
        ['price', 'f64', 'currency', [100, 110, 100, 90]],
      ]),
      makeTable('terminalHistogram', [
        ['series', 'i32', '1', [0, 0]],
        ['bin', 'i32', '1', [0, 1]],
        ['lowPrice', 'f64', 'currency', [80, 100]],
        ['highPrice', 'f64', 'currency', [100, 140]],
        ['paths', 'f64', '1', [4, 4]],
      ]),
    ];
    const draw = (spec: object): string =>
      renderReport({ job: { ...job, kind: 'paths', spec }, result: { ...result, tables } });
    const page = draw({});
    expect(page.match(/class="path"/g)).toHaveLength(2);
    expect(page).toContain('They end between 90 and 110.');
    // Both bins hold 4 of 8 paths, the second one is twice as wide: half as high.
    expect(page).toContain('points="0.0,1000.0 0.0,47.6 333.3,47.6 333.3,1000.0"');
    expect(page).toContain('points="333.3,1000.0 333.3,523.8 1000.0,523.8 1000.0,1000.0"');
    expect(page.match(/class="mean"/g)).toHaveLength(1);
    const model = { type: 'arithmetic-brownian', s0: 100, driftCurrencyPerYr: 0, sigmaCurrencyPerSqrtYr: 20 };
    expect(draw({ model, horizonYr: 1 }).match(/class="mean"/g)).toHaveLength(2);
  });

  it('shows payoffs with their Greeks in one row each', () => {
    const metric = (name: string): Metric => ({
      name,
      value: 1,
      standardError: 0.1,
      unit: 'currency',
      meaning: 'European call, strike 100; closed form 1.05',
    });
    const tables = [
      makeTable('samplePaths', [
        ['path', 'i32', '1', [0]],
        ['series', 'i32', '1', [0]],
        ['timeYr', 'f64', 'yr', [0]],
        ['price', 'f64', 'currency', [100]],
      ]),
      makeTable('terminalHistogram', [
        ['series', 'i32', '1', [0]],
        ['bin', 'i32', '1', [0]],
        ['lowPrice', 'f64', 'currency', [80]],
        ['highPrice', 'f64', 'currency', [100]],
        ['paths', 'f64', '1', [4]],
      ]),
    ];
    const summary = { metrics: ['payoff1', 'payoff1Delta', 'payoff2'].map(metric), notes: [] };
    const page = renderReport({ job: { ...job, kind: 'paths' }, result: { ...result, tables, summary } });
    const card = page.slice(page.indexOf('<h2>Payoffs'), page.indexOf('<h2>Sample paths'));
    expect(card.match(/<tr>/g)).toHaveLength(3);
    expect(card).toContain('<th scope="col">Delta</th>');
    expect(card).not.toContain('Vega');
  });
});

describe('terminalSummary', () => {
  it('puts the headline first, with the curve of the PnL, then seed, command, path and notes', () => {
    const lines = terminalSummary(job, result, '/tmp/r.html');
    expect(lines[0]).toMatch(/^PnL +6\.52 ± 0\.31 currency {2}[▁▂▃▄▅▆▇█]{24}$/);
    expect(lines[1]).toMatch(/^Sharpe +2\.41 ± 0\.18$/);
    expect(lines).toHaveLength(11 + 3 + 1);
    expect(lines.at(-4)).toMatch(/^Seed +42 {3}digest 3f1c3f1c3f1c$/);
    expect(lines.at(-3)).toMatch(/mms run market-making --seed 42$/);
    expect(lines.at(-2)).toMatch(/^Report +\/tmp\/r\.html$/);
  });

  it('leaves out a report that was not written', () => {
    expect(terminalSummary(job, result, null).join('\n')).not.toContain('Report');
  });
});

describe('headline', () => {
  const metric = (name: string, value: number): Metric => ({
    name,
    value,
    standardError: null,
    unit: '1',
    meaning: '',
  });

  it('puts what a market maker asks first, then the kind’s own order, and leaves out hidden volume of nought', () => {
    const names = ['other', 'marketHiddenLots', 'fills', 'pnl'];
    const of = (value: number): string[] =>
      headline(
        names.map((name) => metric(name, value)),
        3,
      ).map(({ name }) => name);
    expect(of(7)).toEqual(['pnl', 'fills', 'marketHiddenLots']);
    expect(of(0)).toEqual(['pnl', 'fills', 'other']);
  });
});
