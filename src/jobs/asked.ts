/** Jobs on their way into one row of the store: what was asked, and the record that they make together. */
import type { BatchRecord } from '../contract/batch.js';
import type { JobRecord } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import type { Problem } from '../contract/problem.js';
import type { Member } from './live-batch.js';
import { canonicalJson } from './key.js';
import { plainKeyOf, type InputPart, type Question } from './question.js';

/** A job on its way in: its question, its key, and what was read for it. */
export interface Asked {
  readonly question: Question;
  readonly member: Member;
  readonly key: string;
  /** Present for a job that will live on its own. */
  readonly record: JobRecord | null;
  readonly inputs: readonly InputPart[];
  /** Why it ends as failed at once; absent for a job that may run. */
  readonly refused?: Problem;
}

/** What a batch is known by, beside its jobs. */
export type BatchHead = Omit<BatchRecord, 'groups' | 'groupOf' | 'seeds' | 'keys'>;

/** Small jobs that share spec, priority and deadline share a group. */
export function recordOf(head: BatchHead, asked: readonly Asked[]): BatchRecord {
  const groups: BatchRecord['groups'][number][] = [];
  const numbers = new Map<unknown, Map<string, number>>();
  const groupOf = asked.map(({ question, record }) => {
    const { kind, checked, priority, timeoutMs } = question;
    const terms = `${priority} ${timeoutMs}`;
    let own = numbers.get(checked);
    if (!own) numbers.set(checked, (own = new Map()));
    const known = record ? undefined : own.get(terms);
    if (known !== undefined) return known;
    const { spec } = checked;
    const inputs = record?.inputs ?? {};
    const { units } = checked.size();
    const given = { kind: kind.name, kindVersion: kind.version, spec, inputs, units, priority };
    groups.push(timeoutMs === null ? given : { ...given, timeoutMs });
    if (!record) own.set(terms, groups.length - 1);
    return groups.length - 1;
  });
  const seeds = asked.map(({ question }) => question.seed);
  return { ...head, groups, groupOf, seeds, keys: asked.map(({ key }) => key) };
}

/** A job whose spec was refused, where that must not refuse its neighbours: it has failed from the start. */
export function askedInVain(
  { kind, spec, seed, priority }: { kind: Kind; spec: unknown; seed: number; priority: number },
  { refused, client, engineVersion }: { refused: Problem; client: string | null; engineVersion: string },
): Asked {
  const cost = { stepsPerUnit: 0, nsPerStep: 0, resultBytes: 0, threadBytes: 0 };
  const checked = {
    ...{ kind, spec, text: canonicalJson(spec), refs: [] },
    size: () => ({ units: 1, nsPerUnit: 0, cost }),
  };
  const question: Question = {
    ...{ kind, checked, seed, priority, client },
    ...{ timeoutMs: null, idempotencyKey: null, requestHash: null, reqId: null },
  };
  const member = { kind, checked, small: true, client };
  const key = plainKeyOf(question, engineVersion);
  return { question, member, key, record: null, inputs: [], refused };
}
