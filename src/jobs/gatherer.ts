/**
 * Small jobs that are submitted one by one: those that come in one turn of the event loop, or while the row
 * of the last ones is being synced, are stored and carried as those of a batch. An idle hall does not wait.
 */
import { batchIdOf, MAX_BATCH_JOBS, memberId, memberRecord, type BatchRecord } from '../contract/batch.js';
import type { JobView } from '../contract/job.js';
import { recordOf, type Asked } from './asked.js';
import type { LiveBatch } from './live-batch.js';
import type { LiveBatches } from './live-batches.js';
import type { HallParts } from './parts.js';
import type { Works } from './works.js';

/** A job that is on disk: its group and its number there. */
interface Place {
  readonly batch: LiveBatch;
  readonly number: number;
}

interface Waiting {
  readonly asked: Asked;
  readonly found: Uint8Array | null;
  readonly placed: (place: Place) => void;
  readonly refused: (error: unknown) => void;
}

export class Gatherer {
  readonly #parts: HallParts;
  readonly #works: Works;
  readonly #batches: LiveBatches;
  #waiting: Waiting[] = [];
  /** The job that computes a key, from the moment it was asked until its end is on disk. */
  readonly #leaders = new Map<string, Promise<Place>>();
  #isStoring = false;

  constructor(parts: HallParts, works: Works, batches: LiveBatches) {
    this.#parts = parts;
    this.#works = works;
    this.#batches = batches;
    batches.onGatheredEnded = ({ record }, { first, jobs }) => {
      for (let job = first; job < first + jobs; job++)
        if (!hasDeadline(record, job)) this.#leaders.delete(record.keys[job]!);
    };
  }

  /** The id of the small job that computes this key, once it is on disk; null when there is none. */
  leader(key: string): Promise<string> | null {
    const leader = this.#leaders.get(key);
    return leader ? leader.then(({ batch, number }) => batch.idAt(number)) : null;
  }

  /**
   * Stores the job and has it computed, unless its result was `found`; resolves once it is on disk, with the
   * job as it was accepted, or with its id when it has ended. Nobody else may lead its key. Throws E_STORE.
   */
  async submit(asked: Asked, found: Uint8Array | null): Promise<JobView | string> {
    this.#batches.take(asked.member.client, 1);
    const place = new Promise<Place>((placed, refused) => {
      this.#waiting.push({ asked, found, placed, refused });
    });
    if (leads(asked, found)) this.#leaders.set(asked.key, place);
    if (this.#waiting.length >= MAX_BATCH_JOBS) this.flush();
    else if (this.#waiting.length === 1 && !this.#isStoring) setImmediate(() => this.flush());
    const { batch, number } = await place;
    if (found) return memberId(batch.record.id, number);
    const record = memberRecord(batch.record, number);
    return this.#works.viewOfStored({ record, state: 'queued', startedMs: null, end: null });
  }

  /** Stores and launches what waits. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#isStoring = true;
    void this.#admit(waiting).finally(() => {
      this.#isStoring = false;
      this.flush();
    });
  }

  async #admit(waiting: readonly Waiting[]): Promise<void> {
    const { clock, newId } = this.#parts;
    const asked = waiting.map((one) => one.asked);
    const found = new Map<number, Uint8Array>();
    waiting.forEach((one, number) => one.found && found.set(number, one.found));
    const head = {
      id: batchIdOf(newId()),
      createdMs: clock.nowMs(),
      idempotencyKey: null,
      requestHash: null,
      gathered: true,
    };
    try {
      // Those that came together are of several requests, which only their own lines of debugging name.
      const reqId = asked.length === 1 ? asked[0]!.question.reqId : null;
      const batch = await this.#batches.admit(recordOf(head, asked), asked, found, reqId);
      waiting.forEach(({ placed }, number) => placed({ batch, number }));
    } catch (error) {
      for (const one of waiting) {
        if (leads(one.asked, one.found)) this.#leaders.delete(one.asked.key);
        one.refused(error);
      }
    }
  }
}

/** A job with a deadline may end without a result, so nobody waits for it. */
function leads({ question }: Asked, found: Uint8Array | null): boolean {
  return !found && question.timeoutMs === null;
}

function hasDeadline({ groups, groupOf }: BatchRecord, job: number): boolean {
  return groups[groupOf[job]!]!.timeoutMs !== undefined;
}
