/** A client with open-loop load that retries by Idempotency-Key and remembers all that it lived through. */
import { readFileSync } from 'node:fs';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ask, metricsOf, quietly, until } from './http.js';
import { faultOfCounts, faultsOf, type Entry, type Seen, type Wish } from './history.js';

/** A refused or broken try is repeated after this time; Retry-After of seconds would stretch the tests. */
const RETRY_MS = 50;
/** Nothing that a retry can mend comes with these. */
const RETRIED = [429, 503];
let clients = 0;

export class Client {
  readonly entries: Entry[] = [];
  readonly sampled: Seen[] = [];
  /** Answers by status; 0 counts broken connections. */
  readonly answers = new Map<number, number>();
  /** Milliseconds of every acknowledged POST. */
  readonly ackMs: number[] = [];
  readonly #url: () => string;
  readonly #name = `client${++clients}`;
  readonly #keyed: 'all' | 'half';

  /**
   * `url` is asked before each request, because a restarted service may have moved. Small jobs without a
   * key are gathered into rows by the service, so that rows with `half` see both ways.
   */
  constructor(url: () => string, keyed: 'all' | 'half' = 'all') {
    this.#url = url;
    this.#keyed = keyed;
  }

  /** POSTs a wish until it is acknowledged; gives up and returns after `withinMs`. */
  async submit(wish: Wish, withinMs = 60_000): Promise<Entry> {
    const number = this.entries.length;
    const key = this.#keyed === 'half' && number % 2 === 1 ? '' : `${this.#name}-${number}`;
    const entry: Entry = { wish, key, tries: 0, id: null };
    this.entries.push(entry);
    const endMs = performance.now() + withinMs;
    const body = { kind: 'chaos', spec: wish.spec, seed: wish.seed };
    while (performance.now() < endMs) {
      entry.tries++;
      try {
        const headers: Record<string, string> = key === '' ? {} : { 'idempotency-key': key };
        const answer = await ask(`${this.#url()}/simulate`, { method: 'POST', body, headers });
        this.#count(answer.status);
        if (answer.status === 202 || answer.status === 200) {
          entry.id = answer.body.task_id;
          this.ackMs.push(answer.ms);
          return entry;
        }
        if (!RETRIED.includes(answer.status)) throw new Refused(`${answer.status} ${answer.text}`);
        if (answer.headers['retry-after'] === undefined) throw new Refused('no Retry-After');
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.#count(0);
      }
      await sleep(RETRY_MS);
    }
    return entry;
  }

  /** Submits at a steady rate whatever comes back, and looks at old jobs; ends when all are acknowledged. */
  async load(wishes: readonly Wish[], ratePerS: number): Promise<void> {
    const startMs = performance.now();
    const all: Promise<unknown>[] = [];
    for (const [i, wish] of wishes.entries()) {
      await paced(startMs + (1000 * i) / ratePerS);
      all.push(this.submit(wish));
      if (i % 10 === 0) all.push(this.#sample(i));
    }
    await Promise.all(all);
  }

  /** Looks at the job that is as far back as `i` says. */
  async #sample(i: number): Promise<void> {
    const { id } = this.entries[Math.floor((i * 7919) % this.entries.length)]!;
    if (id === null) return;
    await quietly(async () => {
      const { status, body } = await ask(`${this.#url()}/status/${id}`);
      if (status === 200) this.sampled.push(body as Seen);
      if (status === 404) this.sampled.push({ ...(body as Seen), id, state: 'expired' });
      return true;
    });
  }

  #count(status: number): void {
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
  }

  /** Every job that the service lists. */
  async list(): Promise<Seen[]> {
    const jobs: Seen[] = [];
    for (let next: string | null = `${this.#url()}/jobs?limit=1000`; next !== null;) {
      const { status, body, text }: Awaited<ReturnType<typeof ask>> = await ask(next, { timeoutMs: 30_000 });
      if (status !== 200) throw new Error(`GET /jobs answers ${status} ${text.slice(0, 200)}`);
      jobs.push(...(body.jobs as Seen[]));
      next = body.next as string | null;
    }
    return jobs;
  }

  /** Waits until no job is open; throws I6 when one still is after `withinMs`. Returns the milliseconds. */
  settle(withinMs = 30_000): Promise<number> {
    return until(
      'I6 every job has ended',
      () =>
        quietly(async () => {
          for (const state of ['queued', 'running']) {
            const { status, body } = await ask(`${this.#url()}/jobs?state=${state}&limit=1`);
            if (status !== 200 || body.jobs.length > 0) return false;
          }
          return true;
        }),
      withinMs,
    );
  }

  /** Settles, then throws every broken invariant. `counts` holds when one process served all along. */
  async verify({ withinMs = 30_000, log = '', maxStarts = Infinity, counts = true } = {}): Promise<Seen[]> {
    await this.settle(withinMs);
    const listed = await this.list();
    const lines = log === '' ? [] : readFileSync(log, 'utf8').split('\n').slice(0, -1);
    const { entries, sampled } = this;
    const faults = faultsOf({ entries, listed, sampled, log: lines, maxStarts });
    const counted = counts ? faultOfCounts(await metricsOf(this.#url())) : '';
    if (counted !== '') faults.push(counted);
    if (faults.length > 0) throw new Error(faults.join('; '));
    return listed;
  }
}

/** Waits for a moment. Who is late lets the answers be read all the same, or he falls behind ever more. */
export function paced(atMs: number): Promise<void> {
  const waitMs = atMs - performance.now();
  return waitMs > 1 ? sleep(waitMs) : turn();
}

/** An answer that a retry must not follow. */
class Refused extends Error {}

/** The value below which a share of the numbers lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** On a machine that is busy with other things an answer may take so much longer than before the fault. */
const MAX_SLOWER = 3;

/** Throws when the p99 of `during` is above `limitMs` and well above that of `before`; else tells both. */
export function heldP99(
  what: string,
  limitMs: number,
  before: readonly number[],
  during: readonly number[],
): string {
  const [calm, p99] = [quantile(before, 0.99), quantile(during, 0.99)];
  const told = `p99 ${p99.toFixed(0)} ms, ${calm.toFixed(0)} ms before the fault`;
  if (p99 > Math.max(limitMs, MAX_SLOWER * calm))
    throw new Error(`${what}: ${told}, must be below ${limitMs} ms`);
  return told;
}

/** `count` wishes of one spec with different seeds. */
export function wishes(count: number, spec: Wish['spec'] = {}, firstSeed = 1): Wish[] {
  return Array.from({ length: count }, (_, i) => ({ spec, seed: firstSeed + i }));
}
