/** Order of the backlog: priority, turns between jobs, lost work first; and it loses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../src/router/backlog.js';
import { createBacklog } from '../../src/router/backlog.js';

const chunk = (jobId: string, n: number, priority = 0, kind = 'k'): Waiting => ({
  key: `${jobId}/${n}`,
  jobId,
  kind,
  priority,
});
const any = (): boolean => true;

describe('createBacklog', () => {
  it('lets jobs of one priority take turns and the higher priority go first', () => {
    const backlog = createBacklog();
    for (let n = 0; n < 3; n++) backlog.push(chunk('a', n));
    for (let n = 0; n < 2; n++) backlog.push(chunk('b', n));
    backlog.push(chunk('urgent', 0, 9));
    const order = Array.from({ length: 6 }, () => backlog.take(any)!.key);
    expect(order).toEqual(['urgent/0', 'a/0', 'b/0', 'a/1', 'b/1', 'a/2']);
    expect(backlog.take(any)).toBeNull();
  });

  it('passes over kinds that nobody can run, and gives lost work out first', () => {
    const backlog = createBacklog();
    backlog.push(chunk('rare', 0, 5, 'rare'));
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
    const order = Array.from({ length: 4 }, () => backlog.take(any)!.jobId);
    expect(order).toEqual(['before', 'a', 'b', 'c']);
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
          const one = chunk(job, n, job === 'a' ? 1 : 0);
          if (what === 'push' || what === 'front') {
            model.set(one.key, one);
            if (what === 'push') backlog.push(one);
            else backlog.pushFront(one);
          } else if (what === 'take') {
            const taken = backlog.take(any);
            expect(taken === null).toBe(model.size === 0);
            if (!taken) return;
            expect(model.delete(taken.key)).toBe(true);
            if (taken.priority === 0)
              expect([...model.values()].some(({ priority }) => priority === 1)).toBe(false);
          } else if (what === 'dropJob') {
            backlog.dropJob(job);
            for (const { key, jobId } of [...model.values()]) if (jobId === job) model.delete(key);
          } else {
            const first = [...model.values()].find(({ jobId }) => jobId === job);
            expect(backlog.drop(first ?? one)).toBe(first !== undefined);
            if (first) model.delete(first.key);
          }
          expect(backlog.size).toBe(model.size);
        });
      }),
      { numRuns: 500 },
    );
  });
});
