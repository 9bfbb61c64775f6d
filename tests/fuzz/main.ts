/**
 * `make fuzz`: all decoders, each shared over the cores in child processes, so that what kills a process is a
 * finding as well. `--only NAME`, `--inputs N`, `--from N`; `--only NAME --seed N` replays one input and
 * shortens it, `--keep` writes it to the corpus; `--workers N` takes fewer cores; `--mutants` plants bugs,
 * which must be found.
 */
import { fork } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpusOf, keep } from './corpus.js';
import type { Decoder } from './decoder.js';
import { DECODERS } from './decoders.js';
import { fuzz, inputOf, judge, MAX_INPUT_MS, type Outcome } from './fuzz.js';
import { huntAll } from './hunt.js';
import { show, shrink } from './shrink.js';

const CORPUS = 'tests/fuzz/corpus';
/** Inputs after which code is compiled and tables have their size: memory counts from there. */
const WARM_UP = 5_000;
const MIB = 2 ** 20;
const HEAP_MIB = 96;
/** What may stay in use between inputs. */
const MAX_KEPT_BYTES = 8 * MIB;
/** What the process may take at its worst: a full heap of garbage, and as much as this beside it. */
const MAX_PEAK_BYTES = (HEAP_MIB + 64) * MIB;
/** A child that is at one input for so long, or up to twice as long, hangs in it. */
const HANG_MS = 60_000;
/** Who needs a larger heap dies of it, which is a finding. */
const CHILD_FLAGS = [
  '--max-semi-space-size=4',
  `--max-old-space-size=${HEAP_MIB}`,
  '--expose-gc',
  '--no-warnings',
];

interface Share {
  readonly name: string;
  readonly from: number;
  readonly count: number;
  /** Where the number of the input under way stands. */
  readonly track: string;
}

interface Done {
  readonly outcome: Omit<Outcome, 'findings'>;
  readonly findings: readonly { readonly seed: number; readonly what: string }[];
  /** More in use after the last input than after the warm-up. */
  readonly keptBytes: number;
  /** Most memory that the process ever had, above what it had after the warm-up. */
  readonly peakBytes: number;
}

/** Bytes in use by live objects. */
function inUse(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function decoderNamed(name: string): Decoder {
  const found = DECODERS.find((decoder) => decoder.name === name);
  if (found) return found;
  throw new Error(`--only: expected one of ${DECODERS.map(({ name }) => name).join(', ')}; got ${name}`);
}

/** In a child: one share, in pieces, of which each may find the same. */
async function work({ name, from, count, track }: Share): Promise<void> {
  const decoder = decoderNamed(name);
  // Whoever stops the parent stops all.
  process.once('disconnect', () => process.exit());
  const file = openSync(track, 'w');
  const number = new Float64Array(1);
  const onInput = (seed: number): void => {
    number[0] = seed;
    writeSync(file, number, 0, 8, 0);
  };
  await fuzz(decoder, { from, count: Math.min(count, WARM_UP), onInput });
  const used = inUse();
  const base = process.memoryUsage.rss();
  let outcome: Omit<Outcome, 'findings'> = { inputs: 0, accepted: 0, worstMs: 0, worstSeed: from };
  const findings: { seed: number; what: string }[] = [];
  for (let at = from; at < from + count && findings.length < 20; at += WARM_UP) {
    const part = await fuzz(decoder, { from: at, count: Math.min(WARM_UP, from + count - at), onInput });
    const slower = part.worstMs > outcome.worstMs ? part : outcome;
    const { worstMs, worstSeed } = slower;
    const accepted = outcome.accepted + part.accepted;
    outcome = { inputs: outcome.inputs + part.inputs, accepted, worstMs, worstSeed };
    findings.push(...part.findings.map(({ seed, what }) => ({ seed: seed!, what })));
  }
  const peakBytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - base);
  const keptBytes = Math.max(0, inUse() - used);
  closeSync(file);
  process.send!({ outcome, findings, keptBytes, peakBytes } satisfies Done, () => process.disconnect());
}

/** The number of the input that a child is at; null before the first one. */
function inputUnderWay({ track }: Share): number | null {
  const bytes = existsSync(track) ? readFileSync(track) : Buffer.alloc(0);
  return bytes.length === 8 ? bytes.readDoubleLE(0) : null;
}

/** One share in a child; a child that dies or hangs is a finding of the input that it was at. */
function runShare(share: Share): Promise<Done> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), ['--share', JSON.stringify(share)], {
      execArgv: CHILD_FLAGS,
    });
    let done: Done | null = null;
    let last: number | null = null;
    const watchdog = setInterval(() => {
      const seed = inputUnderWay(share);
      if (seed !== null && seed === last) child.kill('SIGKILL');
      last = seed;
    }, HANG_MS);
    child.on('message', (message: Done) => (done = message));
    child.once('exit', (code, signal) => {
      clearInterval(watchdog);
      if (done) return resolve(done);
      const seed = inputUnderWay(share) ?? share.from;
      const what = `the process ended with ${signal ?? code} (SIGKILL: it hung for ${HANG_MS / 1000} s)`;
      const outcome = { inputs: seed - share.from, accepted: 0, worstMs: 0, worstSeed: seed };
      resolve({ outcome, findings: [{ seed, what }], keptBytes: 0, peakBytes: 0 });
    });
  });
}

/** What stays of all shares of a decoder, as one line, and whether nothing was found. */
function report({ name }: Decoder, done: readonly Done[], tookMs: number): boolean {
  const total = (of: (one: Done) => number): number => done.reduce((sum, one) => sum + of(one), 0);
  const inputs = total(({ outcome }) => outcome.inputs);
  const taken = total(({ outcome }) => outcome.accepted);
  const worst = done.reduce((a, b) => (b.outcome.worstMs > a.outcome.worstMs ? b : a)).outcome;
  const kept = Math.max(...done.map(({ keptBytes }) => keptBytes));
  const peak = Math.max(...done.map(({ peakBytes }) => peakBytes));
  const findings = done.flatMap((one) => one.findings);
  const isLean = kept <= MAX_KEPT_BYTES && peak <= MAX_PEAK_BYTES;
  const isClean = isLean && findings.length === 0;
  const count = (n: number): string => n.toLocaleString('en-US').padStart(9);
  console.log(
    `${name.padEnd(8)} ${count(inputs)} inputs ${count(inputs - taken)} refused ${count(taken)} taken  ` +
      `slowest ${worst.worstMs.toFixed(1).padStart(5)} ms of ${MAX_INPUT_MS} (${worst.worstSeed})  ` +
      `memory +${(kept / MIB).toFixed(1)} MiB of ${MAX_KEPT_BYTES / MIB}, ` +
      `peak +${(peak / MIB).toFixed(0)} of ${MAX_PEAK_BYTES / MIB}  ` +
      `${(tookMs / 1000).toFixed(0)} s  ${isClean ? 'clean' : `${findings.length} FINDINGS${isLean ? '' : ', GREW'}`}`,
  );
  for (const { seed, what } of findings) {
    console.log(`  ${what}\n  again: make fuzz ARGS="--only ${name} --seed ${seed}"`);
  }
  return isClean;
}

/** All shares of a decoder at once; true when nothing was found. */
async function runDecoder(
  decoder: Decoder,
  { from, inputs, workers }: { from: number; inputs: number; workers: number },
  dir: string,
): Promise<boolean> {
  for (const { file, bytes } of corpusOf(CORPUS, decoder)) {
    const fault = await judge(decoder, bytes);
    if (fault === null) continue;
    console.log(`${decoder.name}: ${CORPUS}/${decoder.name}/${file}: ${fault}`);
    return false;
  }
  const startMs = performance.now();
  const cores = Math.min(workers, Math.ceil(inputs / WARM_UP));
  const size = Math.ceil(inputs / cores);
  const shares = Array.from({ length: cores }, (_, i): Share => {
    const first = from + i * size;
    const count = Math.min(size, from + inputs - first);
    return { name: decoder.name, from: first, count, track: join(dir, `${decoder.name}-${i}`) };
  });
  const done = await Promise.all(shares.map(runShare));
  return report(decoder, done, performance.now() - startMs);
}

/** Shows what one input does, and the shortest one found that does the same. */
async function replay(decoder: Decoder, seed: number, isKept: boolean): Promise<boolean> {
  const bytes = inputOf(decoder, seed);
  console.log(`${decoder.name} ${seed}: ${bytes.length} bytes: ${show(bytes)}`);
  const fault = await judge(decoder, bytes);
  console.log(fault ?? 'nothing is wrong');
  if (fault === null) return true;
  const short = await shrink(decoder, bytes, fault);
  console.log(`shortest: ${short.length} bytes: ${show(short)}`);
  if (isKept) console.log(`kept: ${keep(CORPUS, decoder, short)}`);
  return false;
}

function count(name: string, text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new Error(`--${name}: expected an integer from 0; got ${text}`);
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      from: { type: 'string', default: '0' },
      inputs: { type: 'string' },
      workers: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
      seed: { type: 'string' },
      keep: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      share: { type: 'string' },
    },
  });
  const { only, from, inputs, seed, mutants, share } = values;
  if (share !== undefined) {
    await work(JSON.parse(share) as Share);
    return true;
  }
  if (mutants) return huntAll(process.cwd(), 20_000);
  const decoders = only === undefined ? DECODERS : [decoderNamed(only)];
  if (seed !== undefined) return replay(decoders[0]!, count('seed', seed), values.keep);
  const dir = mkdtempSync(join(tmpdir(), 'mms-fuzz-track-'));
  const range = { from: count('from', from), workers: Math.max(1, count('workers', values.workers)) };
  let clean = 0;
  for (const decoder of decoders) {
    const many = inputs === undefined ? decoder.inputs : count('inputs', inputs);
    if (await runDecoder(decoder, { ...range, inputs: many }, dir)) clean++;
  }
  rmSync(dir, { recursive: true });
  console.log(`${clean} of ${decoders.length} decoders are clean`);
  return clean === decoders.length;
}

if (!(await main())) process.exitCode = 1;
