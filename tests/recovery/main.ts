/**
 * `make recovery`: the table of all calibrators over 400 seeds each, on every core; a row below 90 % fails.
 * `--only NAME` takes the cases whose calibrator begins so, `--seeds N` another number, `--write` renews
 * docs/recovery.md.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { isEnough, leastShare, rowsOf, SEEDS, type Found, type Row } from './case.js';
import { CASES } from './cases.js';
import { pageOf, tableOf } from './table.js';

/** Samples that a thread fits between two messages. */
const BLOCK = 10;

interface Block {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

function serve(): void {
  parentPort!.on('message', ({ index, from, to }: Block) => {
    const { fit } = CASES[index]!;
    parentPort!.postMessage(Array.from({ length: to - from }, (_, i) => fit(from + i)));
  });
}

/** Findings of each chosen case by sample, whichever thread made them. */
async function fitAll(chosen: readonly number[], seeds: number): Promise<Map<number, (readonly Found[])[]>> {
  const blocks = chosen.flatMap((index) =>
    Array.from({ length: Math.ceil(seeds / BLOCK) }, (_, i): Block => {
      return { index, from: i * BLOCK, to: Math.min(seeds, (i + 1) * BLOCK) };
    }),
  );
  const found = new Map(chosen.map((index) => [index, new Array<readonly Found[]>(seeds)]));
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url));
      let block: Block | undefined;
      const give = (): void => {
        block = blocks[next++];
        if (block) worker.postMessage(block);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', (findings: (readonly Found[])[]) => {
        findings.forEach((one, i) => (found.get(block!.index)![block!.from + i] = one));
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), blocks.length) }, work));
  return found;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, seeds: { type: 'string' }, write: { type: 'boolean' } },
  });
  const seeds = Number(values.seeds ?? SEEDS);
  if (!(Number.isSafeInteger(seeds) && seeds > 0)) {
    throw new Error(`--seeds: Expected a whole number above 0; got ${values.seeds}.`);
  }
  const chosen = [...CASES.keys()].filter((i) => CASES[i]!.calibrator.startsWith(values.only ?? ''));
  if (chosen.length === 0) {
    const names = CASES.map(({ calibrator }) => calibrator).join('; ');
    throw new Error(`--only: Expected the beginning of one of: ${names}; got ${values.only}.`);
  }
  const started = performance.now();
  const found = await fitAll(chosen, seeds);
  const rows: Row[] = chosen.flatMap((index) => rowsOf(CASES[index]!, found.get(index)!));
  const missed = rows.filter((row) => !isEnough(row)).length;
  console.log(tableOf(rows));
  const least = 100 * leastShare(seeds);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `\n${rows.length} parameters, ${seeds} samples each, ${missed} held in less than ${least} %; ${seconds} s`,
  );
  if (values.write) await writeFile('docs/recovery.md', pageOf(rows));
  if (missed > 0) process.exitCode = 1;
}

if (isMainThread) await main();
else serve();
