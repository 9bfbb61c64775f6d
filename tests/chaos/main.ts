/** `make chaos`: does to real processes what the fault matrix says, row by row, and prints what was seen. */
import { parseArgs } from 'node:util';
import { Lab } from './lab.js';
import { markdown } from './list.js';
import type { Row } from './row.js';
import { ROWS } from './rows/index.js';

/** A row that takes longer than this hangs. */
const MAX_ROW_MS = 110_000;
type Outcome = 'ok' | 'FAILED' | 'not run';

/** "R3", "R1-R8" or a list of these. */
function chosen(only: string | undefined): readonly Row[] {
  if (only === undefined) return ROWS;
  const ids = ROWS.map(({ id }) => id);
  const indexOf = (id: string): number => {
    const index = ids.indexOf(id);
    if (index < 0) throw new Error(`--only: Expected one of ${ids.join(', ')}; got "${id}".`);
    return index;
  };
  const wanted = only.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-');
    return ids.slice(indexOf(first!), indexOf(last!) + 1);
  });
  return ROWS.filter(({ id }) => wanted.includes(id));
}

/** The lab of the row that runs: whoever interrupts it must not be left with its processes and mounts. */
let running: Lab | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void (running?.close() ?? Promise.resolve()).finally(() => process.exit(130)));
}

async function runRow(row: Row): Promise<{ outcome: Outcome; seen: string; seconds: number }> {
  const startMs = performance.now();
  const missing = row.missing?.() ?? null;
  if (missing !== null) return { outcome: 'not run', seen: missing, seconds: 0 };
  const lab = new Lab();
  running = lab;
  let outcome: Outcome = 'ok';
  let seen: string;
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not over after ${MAX_ROW_MS / 1000} s`)), MAX_ROW_MS);
    });
    seen = await Promise.race([row.run(lab), late]);
  } catch (error) {
    outcome = 'FAILED';
    seen =
      error instanceof Error
        ? process.env['CHAOS_STACK']
          ? `${error.stack}`
          : error.message
        : String(error);
  }
  clearTimeout(timer);
  await lab.close();
  return { outcome, seen, seconds: (performance.now() - startMs) / 1000 };
}

const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });
const rows = chosen(values.only);
if (values.list) {
  console.log(markdown(rows));
  process.exit(0);
}
const counts: Record<Outcome, number> = { ok: 0, FAILED: 0, 'not run': 0 };
const startMs = performance.now();
for (const row of rows) {
  const { outcome, seen, seconds } = await runRow(row);
  counts[outcome]++;
  console.log(`${row.id.padEnd(4)} ${outcome.padEnd(7)} ${seconds.toFixed(1).padStart(5)} s  ${row.fault}`);
  console.log(`     must: ${row.mustSee}`);
  console.log(`     seen: ${seen}`);
  if (outcome === 'FAILED') console.log(`     again: make chaos ARGS="--only ${row.id}"`);
}
const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
console.log(`\n${counts.ok} rows ok, ${counts.FAILED} failed, ${counts['not run']} not run, ${seconds} s`);
process.exit(counts.FAILED > 0 ? 1 : 0);
