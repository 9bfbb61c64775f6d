/** Cuts a job's units into chunks of 5 to 20 ms, by the job alone, never by the nodes. */

/** Even a short job has a piece for this many threads, as long as pieces stay worth their way. */
const SHARES = 64;
export const MIN_CHUNK_NS = 5e6;
/** Carrying a chunk there and back takes up to a millisecond of processor time where threads are busy. */
export const MAX_CHUNK_NS = 20e6;
/** Bounds the bookkeeping of one job. */
export const MAX_CHUNKS = 4096;

/** Units from..to-1, and what they are expected to cost on one core. */
export interface UnitRange {
  readonly from: number;
  readonly to: number;
  readonly costNs: number;
}

/** At most MAX_CHUNKS ranges of about MIN_CHUNK_NS to MAX_CHUNK_NS, in order, without gaps. `units` >= 1. */
export function splitUnits(units: number, nsPerUnit: number): UnitRange[] {
  return splitInto(units, countChunks(units, nsPerUnit), nsPerUnit);
}

/** How many ranges splitUnits makes. */
export function countChunks(units: number, nsPerUnit: number): number {
  const targetNs = Math.min(MAX_CHUNK_NS, Math.max(MIN_CHUNK_NS, (units * nsPerUnit) / SHARES));
  const perChunk = Math.min(units, Math.max(1, Math.round(targetNs / nsPerUnit)));
  return Math.min(MAX_CHUNKS, Math.ceil(units / perChunk));
}

/** Exactly `chunks` ranges (fewer when there are fewer units) whose lengths differ by one at most. */
export function splitInto(units: number, chunks: number, nsPerUnit: number): UnitRange[] {
  const count = Math.min(units, chunks);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * units) / count);
    const to = Math.floor(((i + 1) * units) / count);
    return { from, to, costNs: (to - from) * nsPerUnit };
  });
}
