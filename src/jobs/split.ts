/** Cuts a job's units into chunks of about ten milliseconds, by the job alone, never by the nodes. */

/** Long enough to hide the plumbing (about 0.1 ms a chunk), short enough to share and retry cheaply. */
export const TARGET_CHUNK_NS = 10e6;
/** Bounds the bookkeeping of one job. */
export const MAX_CHUNKS = 4096;

/** Units from..to-1, and what they are expected to cost on one core. */
export interface UnitRange {
  readonly from: number;
  readonly to: number;
  readonly costNs: number;
}

/** Ranges of about TARGET_CHUNK_NS each, at most MAX_CHUNKS, in order and without gaps. `units` >= 1. */
export function splitUnits(units: number, nsPerUnit: number): UnitRange[] {
  return splitInto(units, countChunks(units, nsPerUnit), nsPerUnit);
}

/** How many ranges splitUnits makes. */
export function countChunks(units: number, nsPerUnit: number): number {
  const perChunk = Math.min(units, Math.max(1, Math.round(TARGET_CHUNK_NS / nsPerUnit)));
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
