/** A proof as people read it: verdicts, the worst cell of a table, misses that cannot be overlooked. */
import { describe, expect, it } from 'vitest';
import type { JobResult } from '../../src/contract/ports.js';
import { proofCards, proofLines, type VerdictPaint } from '../../src/report/proof.js';
import { renderReport } from '../../src/report/report.js';
import { makeResult, makeTable } from './fixture.js';

const paint: VerdictPaint = {
  bold: (text) => text,
  dim: (text) => text,
  green: (text) => `[${text}]`,
  red: (text) => `<${text}>`,
};
const job = { kind: 'validate', spec: { only: [] }, seed: 1, reproduce: 'mms run validate --seed 1' };

/** Rows of V1's first line and of V3's first line, which has a cell for each inventory. */
function resultOf(rows: readonly (readonly number[])[]): JobResult {
  const names = ['check', 'line', 'cell', 'got', 'expected', 'tolerance', 'passed'];
  const table = makeTable(
    'rows',
    names.map((name, i) => [
      name,
      name === 'passed' ? 'u8' : i < 3 ? 'i32' : 'f64',
      '1',
      rows.map((row) => row[i]!),
    ]),
  );
  return { digest: 'a'.repeat(64), summary: { metrics: [], notes: [] }, tables: [table] };
}

const GREEN = [
  [1, 0, 0, 1.49177, 1.49, 0.006, 1],
  [3, 0, 0, 2.6328, 2.632802, 0.1, 1],
  [3, 0, 1, 2.9, 2.972522, 0.1, 1],
];

describe('proofLines', () => {
  it('prints a line for each line of the proof, of a table its worst cell', () => {
    const lines = proofLines(job, resultOf(GREEN), null, paint);
    expect(lines.filter((line) => line.startsWith('[ok  ]'))).toHaveLength(2);
    expect(lines.join('\n')).toContain('distance of the bid, exact (worst of 2: inventory -5)');
    expect(lines.join('\n')).toContain('[All 3 rows lie within their tolerances.]');
  });

  it('shows a miss, also where another cell of the table passes, and signs by a true minus', () => {
    const rows = [...GREEN, [3, 0, 2, -3.5, 3.244919, 0.1, 0]];
    const text = proofLines(job, resultOf(rows), 'r.html', paint).join('\n');
    expect(text).toMatch(
      /<MISS> +\u22123\.5 +3\.245 +±0\.1 +distance of the bid, exact \(worst of 3: inventory -1\)/,
    );
    expect(text).toContain('<1 of 4 rows miss.>');
    expect(text).toContain('r.html');
  });
});

describe('the report of a proof', () => {
  it('has a card for each check with its words, and says MISS', () => {
    const rows = [...GREEN, [3, 0, 2, -3.5, 3.244919, 0.1, 0]];
    const html = renderReport({ job, result: resultOf(rows) });
    expect(html).toContain('V1: Market making against a random walk');
    expect(html).toContain('1 of 1 rows agree.');
    expect(html).toContain('2 of 3 rows agree.');
    expect(html.match(/<strong>MISS<\/strong>/g)).toHaveLength(1);
    expect(html).toContain('What is checked');
    expect(html).not.toContain('V5:');
  });

  it('is not made of the result of another kind', () => {
    expect(proofCards(makeResult(20))).toBeNull();
  });
});
