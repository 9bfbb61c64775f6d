/** Bugs of hall and store that the simulated hall must find; each is one change of a real module's text. */
import type { Mutant } from '../mutants.js';

export const HALL_MUTANTS: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    breaks: 'a job is answered before it is on disk',
    file: 'jobs/hall.ts',
    find: '      await live.accepted;\n    } catch',
    put: '      void live.accepted.catch(() => {});\n    } catch',
  },
  {
    name: 'recovery-forgets',
    breaks: 'a restart does not take up some of what was left',
    file: 'jobs/hall.ts',
    find: 'const { record, startedMs } = stored;',
    put: "const { record, startedMs } = stored;\n      if (record.id.endsWith('2ZZZ')) continue;",
  },
  {
    name: 'end-told-before-commit',
    breaks: 'an end is told before it is on disk',
    file: 'jobs/works.ts',
    find: 'await store.finish(record.id, end, bytes, startedMs, keep);',
    put: 'void store.finish(record.id, end, bytes, startedMs, keep).catch(() => {});',
  },
  {
    name: 'followers-forgotten',
    breaks: 'jobs that wait for the result of another are forgotten when that ends',
    file: 'jobs/works.ts',
    find: 'for (const follower of this.floor.remove(live)) this.floor.add(follower);',
    put: 'this.floor.remove(live);',
  },
  {
    name: 'next-not-resumed',
    breaks: 'the next leader of a key never looks for a result nor computes it',
    file: 'jobs/works.ts',
    find: 'if (next) void next.accepted',
    put: 'if (!next) return; else if (next.attempts < 0) void next.accepted',
  },
  {
    name: 'deadline-lost-at-restart',
    breaks: 'a job that a restart took up never expires',
    file: 'jobs/hall.ts',
    find: 'this.#works.expireIn(live, leftMs(record, clock.nowMs()));',
    put: 'if (leftMs(record, clock.nowMs()) === 0) this.#works.expireIn(live, null);',
  },
  {
    name: 'expires-in-queue-only',
    breaks: 'the deadline of a job that runs is not kept',
    file: 'jobs/works.ts',
    find: 'const expire = (): void => void',
    put: "const expire = (): void => live.state === 'running' ? undefined : void",
  },
];
