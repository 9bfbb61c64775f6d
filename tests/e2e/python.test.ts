/** The three lines of Python in the README, run as they stand there against the service. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type Service } from '../support/service.js';

/** Debian's, which has Debian's packages. */
const PYTHON = '/usr/bin/python3';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop('SIGKILL');
});

it('submits a job and reads a table', async () => {
  const lines = /```python\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))![1]!;
  expect(lines.trim().split('\n')).toHaveLength(3);
  expect(lines).toContain('http://localhost:8080/v1/jobs');
  const program =
    lines.replace('http://localhost:8080', service.url) +
    'print(job["links"]["self"], len(fills), fills.tNs.dtype, fills.priceTicks.dtype, fills.priceTicks.sum())\n';
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', program]).catch((error: Error) => {
    throw new Error(`${error.message}\nMissing? apt-get install python3-requests python3-pandas`);
  });
  const [self, rows, ...more] = stdout.trim().split(' ');
  const { data, rows: expected } = (await (await fetch(`${self}/fills.json`)).json()) as {
    data: { priceTicks: number[] };
    rows: number;
  };
  expect(Number(rows)).toBe(expected);
  expect(expected).toBeGreaterThan(100);
  const sum = data.priceTicks.reduce((total, ticks) => total + ticks, 0);
  expect(more).toEqual(['int64', 'int64', String(sum)]);
});
