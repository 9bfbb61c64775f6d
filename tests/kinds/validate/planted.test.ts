/** The proof can fail: it is green with the real models, and each planted error turns its own rows red. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { rowsOf } from '../../../src/core/proof/check.js';
import { MODELS, type Models } from '../../../src/core/proof/models.js';
import { CHECKS, runTask, tasksOf, type Task } from '../../../src/core/proof/proof.js';
import { Sheet } from '../../../src/core/proof/sheet.js';
import { PLANTED } from './planted.js';

const tasks = tasksOf([]);

/** "V1 what" of each row that misses. */
function missesOf(task: Task, models: Models): string[] {
  const sheet = new Sheet();
  runTask(task, 1, new Int32Array(CONTROL_SLOTS), sheet, models);
  const { check } = task;
  const lines = check.experiments.flatMap((experiment) => experiment.lines);
  expect(sheet.rows).toBe(task.experiment.lines.reduce((sum, line) => sum + rowsOf(line), 0));
  return [...sheet.line.subarray(0, sheet.rows)]
    .filter((_, row) => sheet.passed[row] !== 1)
    .map((line) => `${check.id} ${lines[line]!.what}`);
}

/** What each experiment reads of the models: another one cannot depend on what is planted. */
const reads = new Map<Task, Set<string>>();
const missesOfReal: string[] = [];

beforeAll(() => {
  for (const task of tasks) {
    const read = new Set<string>();
    const watched = new Proxy(MODELS, {
      get(models, name) {
        read.add(String(name));
        return models[name as keyof Models];
      },
    });
    missesOfReal.push(...missesOf(task, watched));
    reads.set(task, read);
  }
}, 60_000);

describe('the proof', () => {
  it('is green with the real models', () => {
    expect(missesOfReal).toEqual([]);
  });

  it('looks at every model that it was given', () => {
    const all = new Set([...reads.values()].flatMap((read) => [...read]));
    expect(Object.keys(MODELS).filter((name) => !all.has(name))).toEqual([]);
  });

  it('has a planted error for every check', () => {
    const guarded = CHECKS.filter((check) =>
      PLANTED.some(({ turns }) => turns.source.includes(`^${check.id} `)),
    );
    expect(guarded.map((check) => check.id)).toEqual(CHECKS.map((check) => check.id));
  });
});

describe.each(PLANTED)('planted: $error', ({ models, turns, within }) => {
  it('turns its lines red and no others', { timeout: 30_000 }, () => {
    const planted = Object.keys(models);
    const touched = tasks.filter((task) => planted.some((name) => reads.get(task)!.has(name)));
    const misses = new Set(touched.flatMap((task) => missesOf(task, { ...MODELS, ...models })));
    const lines = CHECKS.flatMap((check) =>
      check.experiments.flatMap(({ lines: all }) => all.map((line) => `${check.id} ${line.what}`)),
    );
    const wanted = lines.filter((line) => turns.test(line));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((line) => !misses.has(line))).toEqual([]);
    expect([...misses].filter((line) => !within.test(line))).toEqual([]);
  });
});
