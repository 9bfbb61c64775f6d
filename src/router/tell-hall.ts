/** What a pure step decided for the hall and the meters, in the same words for every transport. */
import type { ChunkEvents, Journal, Meter } from '../contract/ports.js';
import type { RouterEffect } from './state.js';

export const DROPPED = 'mms_router_dropped_messages_total';

/** Effects that concern no peer. */
export type HallEffect = Exclude<RouterEffect, { readonly type: 'send' | 'sendInput' }>;

/** Whom it is told to, beside the hall. */
export interface Tellers {
  readonly meter: Meter;
  readonly journal?: Journal;
}

/** `events` is null until the hall has connected. */
export function tellHall(effect: HallEffect, events: ChunkEvents | null, { meter, journal }: Tellers): void {
  switch (effect.type) {
    case 'started':
      return events?.started(effect.jobId, effect.chunk);
    case 'progress':
      return events?.progress(effect.jobId, effect.chunk, effect.done);
    case 'done': {
      const { jobId, chunk, tables, attempts, computeNs } = effect;
      meter.count('mms_chunks_finished_total', { outcome: 'done' });
      return events?.done(jobId, chunk, tables, attempts, computeNs);
    }
    case 'failed': {
      const { jobId, chunk, problem, attempts } = effect;
      meter.count('mms_chunks_finished_total', { outcome: 'failed' });
      return events?.failed(jobId, chunk, problem, attempts);
    }
    case 'attempt':
      if (effect.reason === 'again') journal?.info(effect.of, 'chunk sent again');
      return meter.count('mms_chunk_attempts_total', { reason: effect.reason });
    case 'dropped':
      return meter.count(DROPPED, { reason: effect.reason });
    case 'mismatch':
      journal?.warn({ jobId: effect.jobId, chunk: effect.chunk }, 'two answers to a chunk differ');
      return meter.count('mms_result_hash_mismatch_total');
  }
}
