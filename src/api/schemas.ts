/** The shared schemas of the OpenAPI document: what answers are made of, each under its own name. */
import { TERMINAL_STATES } from '../contract/job.js';
import { PROBLEMS } from '../contract/problem.js';
import { SWEEP_PLAN, SWEEP_STATES } from './sweep-plan-schema.js';
import type { JsonSchema } from './fields.js';

const STATES = ['queued', 'running', ...TERMINAL_STATES];

const nullable = (type: string, description: string): JsonSchema => ({ type: [type, 'null'], description });
const text = (description: string): JsonSchema => ({ type: 'string', description });
const whole = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const ref = (name: string): JsonSchema => ({ $ref: `${name}#` });
const EPOCH_MS = 'Milliseconds since the epoch.';

/** An object whose members are all there, but for `optional`. */
function record(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties };
}

const LINKS: JsonSchema = { type: 'object', additionalProperties: { type: 'string', format: 'uri' } };
const SHARE: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const STATE: JsonSchema = { type: 'string', enum: STATES };
const BY_NAME = { type: 'object', additionalProperties: { type: 'string' } };

const problem = {
  type: { type: 'string', format: 'uri-reference', description: 'A page that explains the problem.' },
  title: { type: 'string' },
  status: { type: 'integer' },
  code: { type: 'string', enum: Object.keys(PROBLEMS) },
  retryable: { type: 'boolean', description: 'The same request may succeed later.' },
  detail: { type: 'string' },
  errors: listOf(
    record(
      {
        pointer: text('JSON pointer into the request.'),
        message: text('What was expected and what came.'),
        suggestion: text('The nearest known word.'),
      },
      ['suggestion'],
    ),
  ),
};

const metric = {
  name: { type: 'string' },
  value: { type: ['number', 'null'] },
  standardError: { type: ['number', 'null'] },
  unit: { type: 'string' },
  meaning: { type: 'string' },
  interval: {
    type: 'array',
    items: { type: 'number' },
    minItems: 2,
    maxItems: 2,
    description: '95 % interval.',
  },
  flag: text('Why the number must not be trusted yet.'),
};

const job = {
  task_id: text('The same as id.'),
  id: text('ULID of 26 characters.'),
  kind: { type: 'string' },
  spec: { type: 'object', additionalProperties: true, description: 'With all defaults filled in.' },
  seed: { type: 'integer' },
  key: text('sha256 over all that decides the bytes of the result.'),
  state: STATE,
  progress: SHARE,
  units: { type: 'integer' },
  createdMs: { type: 'number', description: EPOCH_MS },
  deadlineMs: nullable('number', `${EPOCH_MS} createdMs + timeoutS; null without timeoutS.`),
  startedMs: nullable('number', EPOCH_MS),
  finishedMs: nullable('number', EPOCH_MS),
  attempts: whole('Most attempts that a part of the job needed.'),
  cached: { type: 'boolean', description: 'Answered from a stored result of the same key.' },
  digest: nullable('string', 'sha256 over the raw columns; the same for the same spec, seed and engine.'),
  summary: { anyOf: [ref('Summary'), { type: 'null' }] },
  problem: { anyOf: [ref('Problem'), { type: 'null' }] },
  reproduce: text('The command that gives the same bytes again.'),
  requeueOf: nullable('string', 'The job that was requeued as this one.'),
  links: {
    ...LINKS,
    description: 'self, result and report; a table is at self + "/NAME.csv", .json or .parquet.',
  },
  degraded: {
    ...BY_NAME,
    description: 'Parts of the service that are worse than they should be; absent when all is well.',
  },
};

const sweep = {
  id: text('ULID of 26 characters.'),
  state: { type: 'string', enum: SWEEP_STATES, description: 'partial: all jobs have ended, some failed.' },
  jobs: record({
    total: whole('Cells times repeats.'),
    done: whole('Jobs with a result.'),
    failed: whole('Failed or expired.'),
    cancelled: whole('Cancelled, those that were never made too.'),
    running: whole('Jobs that a thread has.'),
    cached: whole('Of done: the result was there already.'),
  }),
  cellsDone: whole('Cells whose jobs are all done.'),
  cellsFailed: whole('Cells with a failed job.'),
  progress: { ...SHARE, description: 'Share of jobs that have ended.' },
  jobsPerS: nullable('number', 'Jobs that ended in a second, over the last 10 s.'),
  etaS: nullable('number', 'Seconds until the last job ends at that rate.'),
  threads: whole('Threads that could compute now.'),
  createdMs: { type: 'number', description: EPOCH_MS },
  finishedMs: nullable('number', EPOCH_MS),
};

const column = {
  name: { type: 'string' },
  type: { type: 'string', enum: ['f64', 'i32', 'u32', 'u8'] },
  unit: { type: 'string' },
  meaning: { type: 'string' },
};

const table = {
  name: { type: 'string' },
  title: { type: 'string' },
  columns: listOf(ref('Column')),
  optional: { type: 'boolean', description: 'May be empty.' },
};

const kind = {
  name: { type: 'string' },
  version: { type: 'integer' },
  title: { type: 'string' },
  description: { type: 'string' },
};

const node = {
  id: { type: 'string' },
  host: { type: 'string' },
  threads: whole('Chunks that it computes at once.'),
  busy: whole('Threads that compute.'),
  version: { type: 'string' },
  state: { type: 'string', enum: ['ready', 'draining'] },
  chunksDone: whole('Chunks since it joined.'),
};

/** By name; the order is that of use. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Problem: record(problem, ['errors']),
  Metric: record(metric, ['interval', 'flag']),
  Summary: record(
    {
      metrics: listOf(ref('Metric')),
      notes: { ...listOf({ type: 'string' }), description: 'Sentences that a reader must know.' },
      documents: listOf(record({ name: { type: 'string' }, text: { type: 'string' } })),
    },
    ['documents'],
  ),
  Job: record(job, ['degraded']),
  JobPage: record({ jobs: listOf(ref('Job')), next: nullable('string', 'Address of the next page.') }),
  Batch: record({
    batch_id: text('ULID of 26 characters; the ids of its jobs follow it.'),
    jobs: {
      ...listOf(record({ task_id: { type: 'string' }, status: STATE })),
      description: 'In the order of the request.',
    },
    counts: { type: 'object', description: 'Jobs by state.', additionalProperties: { type: 'integer' } },
    progress: { ...SHARE, description: 'Share of jobs that have ended.' },
    createdMs: { type: 'number', description: EPOCH_MS },
    finishedMs: nullable('number', 'When the last job ended.'),
    links: LINKS,
  }),
  Column: record(column),
  TableDeclaration: record(table, ['optional']),
  Table: record({ ...table, rows: whole('Rows of the table.'), links: LINKS }, ['optional']),
  TableData: record({
    name: { type: 'string' },
    title: { type: 'string' },
    rows: whole('Rows that are here.'),
    columns: listOf(ref('Column')),
    data: {
      type: 'object',
      additionalProperties: listOf({ type: 'number' }),
      description: 'The values of each column, by its name.',
    },
  }),
  Result: record({
    id: { type: 'string' },
    digest: { type: 'string' },
    summary: ref('Summary'),
    tables: listOf(ref('Table')),
    links: LINKS,
  }),
  Sweep: record({
    ...sweep,
    plan: { ...SWEEP_PLAN, description: 'The request, checked and complete: every job follows from it.' },
    links: { ...LINKS, description: 'self, rows, csv, json, parquet and report.' },
  }),
  SweepProgress: record(sweep),
  SweepPage: record({ sweeps: listOf(ref('Sweep')), next: nullable('string', 'Address of the next page.') }),
  Kind: record({
    ...kind,
    schema: { type: 'object', additionalProperties: true, description: 'JSON Schema of its spec.' },
    tables: listOf(ref('TableDeclaration')),
    examples: listOf({ type: 'object', additionalProperties: true }),
  }),
  Catalogue: record({
    kinds: listOf(record({ ...kind, links: LINKS })),
    tickers: { ...listOf({ type: 'string' }), description: 'Markets of the short form.' },
    instruments: listOf(
      record({
        name: { type: 'string' },
        title: { type: 'string' },
        currency: { type: 'string' },
        parts: { type: 'object', additionalProperties: true },
      }),
    ),
  }),
  Node: record(node),
  Nodes: record({ nodes: listOf(ref('Node')) }),
  Alive: record({
    status: { const: 'ok' },
    version: { type: 'string' },
    uptimeS: whole('Seconds since the process began.'),
  }),
  Reason: record({ component: { type: 'string' }, reason: { type: 'string' } }),
  Readiness: record({
    ready: { type: 'boolean' },
    reasons: { ...listOf(ref('Reason')), description: 'What keeps it from being ready.' },
    degraded: {
      ...listOf(ref('Reason')),
      description: 'What is worse than it should be while work goes on.',
    },
  }),
};

/** The schema of an answer, by its name. */
export function answer(name: keyof typeof SCHEMAS): JsonSchema {
  return ref(name);
}
