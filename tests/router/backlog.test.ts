/** Shares of the backlog: by priority, by client, by turns of jobs; lost work first; and it loses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../src/router/backlog.js';
import { createBacklog, weightOf } from '../../src/router/backlog.js';

interface Rest {
  readonly priority?: number;
  readonly kind?: string;
  readonly client?: string;
  readonly costNs?: number;
}
const chunk = (jobId: string, n: number, rest: Rest = {}): Waiting => ({
  key: `${jobId}/${n}`,
  chunk: { jobId, kind: 'k', priority: 0, costNs: 1e6, ...rest },
});
const any = (): boolean => true;

describe('createBacklog', () => {
  it('lets the jobs of one client take turns, and an urgent one pass a full queue', () => {
    const backlog = createBacklog();
    for (let n = 0; n < 3; n++) backlog.push(chunk('a', n));
    for (let n = 0; n < 2; n++) backlog.push(chunk('b', n));
    backlog.push(chunk('urgent', 0, { priority: 9 }));
    const order = Array.from({ length: 6 }, () => backlog.take(any)!.key);
    expect(order).toEqual(['urgent/0', 'a/0', 'b/0', 'a/1', 'b/1', 'a/2']);
    expect(backlog.take(any)).toBeNull();
  });

  it('gives a client that comes late its share from then on, and no more', () => {
    const backlog = createBacklog();
    for (let n = 0; n < 100; n++) backlog.push(chunk('old', n, { client: 'x' }));
    for (let n = 0; n < 50; n++) backlog.take(any);
    for (let n = 0; n < 10; n++) backlog.push(chunk('new', n, { client: 'y' }));
    const order = Array.from({ length: 20 }, () => backlog.take(any)!.chunk.jobId);
    expect(order.filter((job) => job === 'new')).toHaveLength(10);
    for (let n = 2; n <= 20; n += 2)
      expect(order.slice(0, n).filter((job) => job === 'new').length).toBeOneOf([
        n / 2 - 1,
        n / 2,
        n / 2 + 1,
      ]);
  });

  it('passes over kinds that nobody can run, and gives lost work out first', () => {
    const backlog = createBacklog();
    backlog.push(chunk('rare', 0, { priority: 5, kind: 'rare' }));
    backlog.push(chunk('a', 1));
    backlog.pushFront(chunk('a', 0));
    expect(backlog.take((kind) => kind === 'k')!.key).toBe('a/0');
    expect(backlog.take(() => false)).toBeNull();
    expect(backlog.size).toBe(2);
  });

  it('gives the lost chunk of a small job out before the jobs that came after it', () => {
    const backlog = createBacklog();
    for (const job of ['a', 'b', 'c']) backlog.push(chunk(job, 0));
    const lost = backlog.take(any)!;
    backlog.pushFront(lost);
    backlog.pushFront(chunk('before', 0));
    const order = Array.from({ length: 4 }, () => backlog.take(any)!.chunk.jobId);
    expect(order).toEqual(['before', 'a', 'b', 'c']);
  });

  it('does not charge lost work twice', () => {
    const backlog = createBacklog();
    for (let n = 0; n < 20; n++) {
      backlog.push(chunk('a', n, { client: 'x' }));
      backlog.push(chunk('b', n, { client: 'y' }));
    }
    // The first chunk of x is lost ten times before it comes back.
    for (let n = 0; n < 10; n++) {
      const next = backlog.take(any)!;
      expect(next.key).toBe('a/0');
      backlog.pushFront(next);
    }
    const order = Array.from({ length: 20 }, () => backlog.take(any)!.chunk.client);
    expect(order.filter((client) => client === 'x')).toHaveLength(10);
  });

  it('holds exactly what was pushed and not yet taken or dropped, whatever the order of calls', () => {
    const op = fc.record({
      what: fc.constantFrom('push', 'front', 'take', 'dropJob', 'drop'),
      job: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 80 }), (ops) => {
        const backlog = createBacklog();
        const model = new Map<string, Waiting>();
        ops.forEach(({ what, job }, n) => {
          const client = job < 'c' ? 'x' : 'y';
          const one = chunk(job, n, { priority: job === 'a' ? 1 : 0, client, costNs: n % 3 });
          if (what === 'push' || what === 'front') {
            model.set(one.key, one);
            if (what === 'push') backlog.push(one);
            else backlog.pushFront(one);
          } else if (what === 'take') {
            const taken = backlog.take(any);
            expect(taken === null).toBe(model.size === 0);
            if (taken) expect(model.delete(taken.key)).toBe(true);
          } else if (what === 'dropJob') {
            backlog.dropJob(job);
            for (const { key, chunk: of } of [...model.values()]) if (of.jobId === job) model.delete(key);
          } else {
            const first = [...model.values()].find(({ chunk: of }) => of.jobId === job);
            expect(backlog.drop(first ?? one)).toBe(first !== undefined);
            if (first) model.delete(first.key);
          }
          expect(backlog.size).toBe(model.size);
        });
        for (let left = model.size; left > 0; left--) expect(model.delete(backlog.take(any)!.key)).toBe(true);
        expect(backlog.take(any)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

/** Clients with more work than is taken, each with chunks of its own size. */
const crowd = fc.array(
  fc.record({
    priority: fc.nat(9),
    costNs: fc.integer({ min: 1, max: 50 }),
    jobs: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 2, maxLength: 12 },
);
const TAKES = 400;

function givenTo(clients: readonly (Required<Omit<Rest, 'kind' | 'client'>> & { jobs: number })[]) {
  const backlog = createBacklog();
  clients.forEach(({ jobs, ...rest }, client) => {
    for (let n = 0; n < TAKES; n++)
      backlog.push(chunk(`${client}-${n % jobs}`, n, { ...rest, client: `${client}` }));
  });
  const given = clients.map(() => 0);
  return {
    backlog,
    given,
    take: () => {
      const { chunk: taken } = backlog.take(any)!;
      given[Number(taken.client)]! += taken.costNs;
    },
  };
}

describe('shares of the backlog', () => {
  it('of clients with work to spare differ by one chunk at most, at any moment', () => {
    fc.assert(
      fc.property(crowd, (clients) => {
        const alike = clients.map((client) => ({ ...client, priority: 5 }));
        const { given, take } = givenTo(alike);
        const longest = Math.max(...alike.map(({ costNs }) => costNs));
        for (let n = 0; n < TAKES; n++) {
          take();
          expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(longest);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of priorities follow their weights to one chunk of each, so that none starves', () => {
    fc.assert(
      fc.property(crowd, (crowded) => {
        // One client a priority, so that its share is the priority's.
        const clients = [...new Map(crowded.map((client) => [client.priority, client])).values()];
        const { given, take } = givenTo(clients);
        const reach = clients.map(({ priority, costNs }) => costNs / weightOf(priority));
        let beyond = -Infinity;
        for (let n = 0; n < TAKES; n++) {
          take();
          const shares = clients.map(({ priority }, i) => given[i]! / weightOf(priority));
          for (const ahead of shares)
            shares.forEach((behind, j) => (beyond = Math.max(beyond, ahead - behind - reach[j]!)));
        }
        expect(beyond).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('of the lowest priority come while the highest has work without end', () => {
    const backlog = createBacklog();
    for (let n = 0; n < 2_000; n++) backlog.push(chunk('high', n, { priority: 9 }));
    backlog.push(chunk('low', 0));
    let waited = 0;
    while (backlog.take(any)!.key !== 'low/0') waited++;
    expect(waited).toBe(weightOf(9) / weightOf(0));
  });
});
