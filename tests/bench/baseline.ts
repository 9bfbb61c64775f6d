/** What machines of a class gave when it was last recorded, and what a fall from there is worth. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Row } from './table.js';

const FILE = 'tests/bench/baseline.json';

/** Row name -> ratio to the C++ twin. */
export type Baseline = Readonly<Record<string, number>>;

/** Machines among which ratios compare: processor, cores, and what made the code of both sides. */
export function machineClass(): string {
  const model = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'unknown processor';
  const node = process.versions.node.split('.')[0]!;
  return `${model}, ${cpus().length} cores, Node ${node}, ${compiler()}`;
}

function compiler(): string {
  const command = process.env['CXX'] ?? 'g++';
  return `${command} ${execFileSync(command, ['-dumpversion'], { encoding: 'utf8' }).trim().split('.')[0]!}`;
}

/** The baseline of a machine class, null when none was recorded. */
export function readBaseline(machine: string): Baseline | null {
  return readAll()[machine] ?? null;
}

/** Records the ratios of these rows for a machine class; rows that were not run keep what they had. */
export function writeBaseline(machine: string, rows: readonly Row[]): void {
  const ratios = rows
    .filter((row) => row.tolerance !== null)
    .map((row) => [row.name, Number(row.value.toFixed(3))] as const);
  const all = readAll();
  const next = { ...all, [machine]: { ...all[machine], ...Object.fromEntries(ratios) } };
  writeFileSync(FILE, `${JSON.stringify(next, null, 2)}\n`);
}

function readAll(): Record<string, Baseline> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Baseline>;
}
