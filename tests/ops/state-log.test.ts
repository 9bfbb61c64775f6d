/** Lines for what has no event of its own: a node joins and goes, a part is degraded and well again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Journal, NodeView } from '../../src/contract/ports.js';
import { createHealth } from '../../src/ops/health.js';
import { createNodeLog, startHealthLog } from '../../src/ops/state-log.js';

const lines: string[] = [];
const write = (facts: object, message: string): void =>
  void lines.push(`${message} ${JSON.stringify(facts)}`);
const journal: Journal = { debug: write, info: write, warn: write };

const node = (id: string, busy = 0): NodeView => ({
  id,
  host: 'desk',
  threads: 2,
  busy,
  version: '1.2.3',
  state: 'ready',
  chunksDone: 0,
});

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the log of nodes', () => {
  it('has a line when one joins and one when it is gone, and none for what they do', () => {
    const hear = createNodeLog(journal);
    hear([node('a')]);
    hear([node('a', 1), node('b')]);
    hear([node('b')]);
    expect(lines).toEqual([
      'node joined {"nodeId":"a","host":"desk","threads":2}',
      'node joined {"nodeId":"b","host":"desk","threads":2}',
      'node gone {"nodeId":"a","host":"desk","threads":2}',
    ]);
  });
});

describe('the log of health', () => {
  it('has one line for each change, with its reason, and ends when it is told to', () => {
    const health = createHealth();
    let cache: string | null = null;
    let hall: string | null = null;
    health.observe('cache', () => cache);
    health.require('hall', () => hall);
    const stop = startHealthLog(health, journal);
    vi.advanceTimersByTime(5_000);
    expect(lines).toEqual([]);
    cache = 'Redis does not answer.';
    vi.advanceTimersByTime(5_000);
    hall = 'The service takes no new jobs.';
    vi.advanceTimersByTime(1_000);
    cache = hall = null;
    vi.advanceTimersByTime(1_000);
    expect(lines).toEqual([
      'degraded {"component":"cache","reason":"Redis does not answer."}',
      'not ready {"component":"hall","reason":"The service takes no new jobs."}',
      'ready again {"component":"hall"}',
      'no longer degraded {"component":"cache"}',
    ]);
    stop();
    cache = 'Redis does not answer.';
    vi.advanceTimersByTime(5_000);
    expect(lines).toHaveLength(4);
  });
});
