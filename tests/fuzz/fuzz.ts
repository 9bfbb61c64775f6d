/** One decoder against a range of inputs: what it threw, how long the slowest took, how many it accepted. */
import type { Decoder } from './decoder.js';
import { Random } from './random.js';

/** Longest time of one input. */
export const MAX_INPUT_MS = 50;
/** Inputs beyond this size get more time in proportion: the largest body, a mebibyte, 200 ms. */
const FULL_TIME_BYTES = 2 ** 18;

const limitMs = (bytes: Uint8Array): number => MAX_INPUT_MS * Math.max(1, bytes.length / FULL_TIME_BYTES);

export interface Finding {
  /** Number of the input; null for one of the corpus. */
  readonly seed: number | null;
  readonly what: string;
  readonly bytes: Uint8Array;
}

export interface Outcome {
  readonly inputs: number;
  readonly accepted: number;
  /** Of the processor, of inputs beyond the full time in proportion. */
  readonly worstMs: number;
  readonly worstSeed: number;
  readonly findings: readonly Finding[];
}

export interface Range {
  readonly from: number;
  readonly count: number;
  /** Told before each input, so that what kills the process is known. */
  readonly onInput?: (seed: number) => void;
  readonly maxFindings?: number;
}

/** What is wrong with these bytes: an error that is no refusal, or too long a time in each of five tries. */
export async function judge(decoder: Decoder, bytes: Uint8Array): Promise<string | null> {
  const { fault, ms } = await timed(decoder, bytes, limitMs(bytes));
  return fault ?? slowness(bytes, ms);
}

const slowness = (bytes: Uint8Array, ms: number): string | null =>
  ms > limitMs(bytes) ? `slow: takes longer than ${MAX_INPUT_MS} ms` : null;

/**
 * Time of the processor in the quickest of up to five tries, less when one was quick `enoughMs`: the machine
 * may be busy with something else, and what one try leaves behind another one cleans up.
 */
async function timed(
  decoder: Decoder,
  bytes: Uint8Array,
  enoughMs: number,
): Promise<{ fault: string | null; ms: number }> {
  let ms = Infinity;
  for (let tries = 0; tries < 5 && ms > enoughMs; tries++) {
    const start = process.cpuUsage();
    const { fault } = await attempt(decoder, bytes);
    const { user, system } = process.cpuUsage(start);
    ms = Math.min(ms, (user + system) / 1e3);
    if (fault !== null) return { fault, ms };
  }
  return { fault: null, ms };
}

async function attempt(
  decoder: Decoder,
  bytes: Uint8Array,
): Promise<{ fault: string | null; tookMs: number; isAccepted: boolean }> {
  const startMs = performance.now();
  let fault: string | null = null;
  let isAccepted = false;
  try {
    const decoded = decoder.decode(bytes);
    if (decoded instanceof Promise) await decoded;
    isAccepted = true;
  } catch (error) {
    if (!decoder.isRefusal(error)) fault = signatureOf(error);
  }
  return { fault, tookMs: performance.now() - startMs, isAccepted };
}

/** Name, message and where it was thrown. */
function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const where = /\(?([^\s(/]+\.[jt]s:\d+)/.exec(error.stack?.split('\n    at ')[1] ?? '')?.[1] ?? '';
  return `${error.name}: ${error.message.split('\n')[0]!.slice(0, 200)} (${where})`;
}

/** By the first words, without what belongs to one input alone, two findings are the same one. */
export const keyOf = (fault: string): string => (fault.match(/[a-z]+/gi) ?? []).slice(0, 8).join(' ');

export const inputOf = (decoder: Decoder, seed: number): Uint8Array =>
  decoder.draw(new Random(decoder.name, seed));

export async function fuzz(decoder: Decoder, range: Range): Promise<Outcome> {
  const { from, count, onInput, maxFindings = 20 } = range;
  const findings = new Map<string, Finding>();
  let inputs = 0;
  let accepted = 0;
  let worst = { ms: 0, seed: from };
  for (let seed = from; seed < from + count && findings.size < maxFindings; seed++, inputs++) {
    onInput?.(seed);
    const bytes = inputOf(decoder, seed);
    const { fault, tookMs, isAccepted } = await attempt(decoder, bytes);
    if (isAccepted) accepted++;
    let found = fault;
    const scale = MAX_INPUT_MS / limitMs(bytes);
    if (found === null && tookMs * scale > worst.ms) {
      // A long time by the clock must repeat itself, as time of the processor.
      const again = await timed(decoder, bytes, worst.ms / scale);
      found = again.fault ?? slowness(bytes, again.ms);
      if (again.ms * scale > worst.ms) worst = { ms: again.ms * scale, seed };
    }
    if (found !== null && !findings.has(keyOf(found)))
      findings.set(keyOf(found), { seed, what: found, bytes });
  }
  return {
    inputs,
    accepted,
    worstMs: worst.ms,
    worstSeed: worst.seed,
    findings: [...findings.values()],
  };
}
