/** Rows of a sweep as CSV and JSON, whole and while it runs. */
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/contract/kind.js';
import type { SweepJob, SweepRow, SweepView } from '../../src/contract/sweep.js';
import { sweepToCsv, sweepToJson } from '../../src/data/export-sweep.js';

const metric = (name: string, value: number | null): Metric => ({
  name,
  value,
  standardError: null,
  unit: 'ticks',
  meaning: `what ${name} is`,
});
const job = (seed: number, own: Partial<SweepJob>): SweepJob => ({
  ...{ seed, id: `J${seed}`, state: 'done', problem: null, metrics: null },
  ...own,
});
const rows: SweepRow[] = [
  {
    cell: 0,
    values: [0.1, { type: 'fixed', lots: 1 }],
    jobs: [job(7, { metrics: [metric('pnl', 1)] }), job(8, { metrics: [metric('pnl', 3), metric('x', 5)] })],
  },
  {
    cell: 1,
    values: [0.2, 'a,b'],
    jobs: [job(7, { metrics: [metric('pnl', 4)] }), job(8, { state: 'queued', id: null })],
  },
];
const read = ({ from, limit }: { from: number; limit: number }) =>
  Promise.resolve(rows.slice(from, from + limit));
const axes = ['gamma', 'strategy'].map((path) => ({ path, values: [], range: null }));
const view = { id: 'S', state: 'running', plan: { axes } } as unknown as SweepView;
async function partsOf(generator: AsyncGenerator<string>): Promise<string[]> {
  const parts: string[] = [];
  for await (const part of generator) parts.push(part);
  return parts;
}
const text = async (generator: AsyncGenerator<string>): Promise<string> =>
  (await partsOf(generator)).join('');

describe('the csv', () => {
  it('has a line for each cell, with errors and intervals over its repeats', async () => {
    const lines = (await text(sweepToCsv(view, read))).split('\n');
    expect(lines[0]).toBe(
      'cell,gamma,strategy,state,repeats,seeds,pnl,pnl_se,pnl_lo95,pnl_hi95,x,x_se,x_lo95,x_hi95',
    );
    expect(lines[1]).toMatch(
      /^0,0\.1,"\{""type"":""fixed"",""lots"":1\}",done,2,7 8,2,1,-10\.70620\d*,14\.70620\d*,5,,,$/,
    );
    expect(lines[2]).toBe('1,0.2,"a,b",open,1,7 8,4,,,,,,,');
  });

  it('is written a page at a time', async () => {
    const many = Array.from({ length: 2_500 }, (_, cell) => ({ ...rows[1]!, cell }));
    const page = ({ from, limit }: { from: number; limit: number }) =>
      Promise.resolve(many.slice(from, from + limit));
    expect(await partsOf(sweepToCsv(view, page))).toHaveLength(4);
    expect((await text(sweepToCsv(view, page))).split('\n')).toHaveLength(2_502);
  });
});

describe('the json', () => {
  it('is one document that says whether it is partial', async () => {
    const document = JSON.parse(await text(sweepToJson(view, read))) as Record<string, unknown>;
    expect(document).toMatchObject({
      partial: true,
      metrics: [{ name: 'pnl', unit: 'ticks', meaning: 'what pnl is' }, { name: 'x' }],
      rows: [
        {
          cell: 0,
          state: 'done',
          jobs: [{ id: 'J7', seed: 7 }, { id: 'J8' }],
          repeats: [
            [1, null],
            [3, 5],
          ],
        },
        {
          cell: 1,
          state: 'open',
          figures: [
            [4, null, null, null],
            [null, null, null, null],
          ],
        },
      ],
    });
  });
});
