/** What operators hear of jobs: counters by kind and outcome, steps, waiting times, and lines of the log. */
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/contract/ports.js';
import { endOf, openTestHall, toy } from '../support/hall-parts.js';

interface Line {
  readonly level: keyof Journal;
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

function listen(): { readonly journal: Journal; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: keyof Journal) =>
    (facts: object, message: string): void =>
      void lines.push({ level, message, facts: { ...facts } });
  return { lines, journal: { debug: at('debug'), info: at('info'), warn: at('warn') } };
}

/** Costs 40 ms in four chunks or more, so that it travels alone. */
const large = { units: 4, stepsPerUnit: 10e6 };
/** Costs 4 us, so that it travels in a pack. */
const small = { units: 4, stepsPerUnit: 1_000 };

describe('a job that travels alone', () => {
  it('counts its steps and compute time, and has one line for its acceptance and one for its end', async () => {
    const { lines, journal } = listen();
    const { hall, transport, clock, counts, observed } = await openTestHall({ journal });
    const { job } = await hall.submit(toy(large, { reqId: 'request-1' }));
    clock.advance(300);
    expect(hall.oldestWaitMs()).toBe(300);
    transport.start(transport.pending[0]!);
    expect(hall.oldestWaitMs()).toBe(0);
    const end = endOf(hall, job.id);
    clock.advance(700);
    transport.finishAll();
    await end;
    expect(counts.get('mms_sim_steps_total toy')).toBeCloseTo(40e6, 0);
    expect(counts.get('mms_jobs_accepted_total toy')).toBe(1);
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(1);
    expect(counts.has('mms_compute_seconds_total toy')).toBe(true);
    expect(observed.get('mms_job_queue_seconds')).toEqual([0.3]);
    expect(observed.get('mms_job_run_seconds')).toEqual([0.7]);
    const own = { jobId: job.id, kind: 'toy' };
    expect(lines).toEqual([
      { level: 'info', message: 'job accepted', facts: { ...own, units: 4, reqId: 'request-1' } },
      { level: 'debug', message: 'job started', facts: { jobId: job.id, jobs: 1, waitedS: 0.3 } },
      { level: 'info', message: 'job done', facts: { ...own, attempts: 1, ranS: 0.7 } },
    ]);
  });

  it('counts a failure by its code and says why, in a line that has an end', async () => {
    const { lines, journal } = listen();
    const { hall, transport, counts } = await openTestHall({ journal });
    const { job } = await hall.submit(toy(large));
    const end = endOf(hall, job.id);
    transport.fail(transport.pending[0]!, 'x'.repeat(5_000));
    await end;
    expect(counts.get('mms_jobs_finished_total toy failed')).toBe(1);
    expect(counts.get('mms_jobs_failed_total toy E_JOB')).toBe(1);
    expect(counts.has('mms_sim_steps_total toy')).toBe(false);
    const last = lines.at(-1)!;
    expect(last).toMatchObject({ level: 'warn', message: 'job failed', facts: { code: 'E_JOB' } });
    expect(JSON.stringify(last).length).toBeLessThan(1_000);
  });

  it('counts no steps for an answer that was there already', async () => {
    const { hall, transport, counts } = await openTestHall();
    const first = await hall.submit(toy(large));
    const end = endOf(hall, first.job.id);
    transport.finishAll();
    await end;
    const steps = counts.get('mms_sim_steps_total toy');
    expect((await hall.submit(toy(large))).how).toBe('cached');
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(2);
    expect(counts.get('mms_sim_steps_total toy')).toBe(steps);
  });
});

describe('jobs that travel together', () => {
  it('are told together: one line for all, every job counted', async () => {
    const { lines, journal } = listen();
    const { hall, transport, clock, counts } = await openTestHall({ journal });
    const jobs = Array.from({ length: 20 }, (_, seed) => toy(small, { seed }));
    const batch = await hall.submitBatch({ jobs, reqId: 'request-2' });
    clock.advance(50);
    expect(hall.oldestWaitMs()).toBe(50);
    const ended = new Promise<void>((resolve) => {
      hall.watchBatch(batch.id, (view) => view.finishedMs !== null && resolve());
    });
    transport.finishAll();
    await ended;
    expect(hall.oldestWaitMs()).toBe(0);
    expect(counts.get('mms_jobs_accepted_total toy')).toBe(20);
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(20);
    expect(counts.get('mms_sim_steps_total toy')).toBe(20 * 4_000);
    expect(counts.has('mms_compute_seconds_total toy')).toBe(true);
    const told = lines.filter(({ level }) => level !== 'debug');
    expect(told.map(({ message }) => message)).toEqual(['job accepted', 'job done']);
    expect(told[0]!.facts).toMatchObject({ jobs: 20, kind: 'toy', reqId: 'request-2' });
    expect(told[1]!.facts).toMatchObject({ jobs: 20, jobId: told[0]!.facts['jobId'] });
  });

  it('have no request in their line when they are of several, and theirs when it is one', async () => {
    const { lines, journal } = listen();
    const { hall } = await openTestHall({ journal });
    await hall.submit(toy(small, { seed: 1, reqId: 'alone' }));
    await Promise.all([2, 3].map((seed) => hall.submit(toy(small, { seed, reqId: `r${seed}` }))));
    expect(lines.map(({ facts }) => [facts['jobs'], facts['reqId']])).toEqual([
      [1, 'alone'],
      [2, undefined],
    ]);
  });
});
