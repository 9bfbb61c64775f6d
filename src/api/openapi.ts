/** The OpenAPI 3.1 document: shared schemas and those of the kinds; the rest stands beside each route. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { TERMINAL_STATES } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import { PROBLEMS } from '../contract/problem.js';
import type { ProblemCode } from '../contract/problem.js';
import type { JsonSchema } from './fields.js';
import { schemaOf } from './fields.js';
import { requestSchemaOf } from './request-schema.js';
import { SHORT_FORM } from './short-form.js';
import { FULL_FORM } from './submission.js';

const STATES = ['queued', 'running', ...TERMINAL_STATES];

const nullable = (type: string, description: string): JsonSchema => ({ type: [type, 'null'], description });
const links = { type: 'object', additionalProperties: { type: 'string', format: 'uri' } };
const problemMembers = {
  type: { type: 'string', format: 'uri-reference', description: 'A page that explains the problem.' },
  title: { type: 'string' },
  status: { type: 'integer' },
  code: { type: 'string', enum: Object.keys(PROBLEMS) },
  retryable: { type: 'boolean', description: 'The same request may succeed later.' },
  detail: { type: 'string' },
  errors: {
    type: 'array',
    items: {
      type: 'object',
      required: ['pointer', 'message'],
      properties: {
        pointer: { type: 'string', description: 'JSON pointer into the request.' },
        message: { type: 'string', description: 'What was expected and what came.' },
        suggestion: { type: 'string', description: 'The nearest known word.' },
      },
    },
  },
  instance: { type: 'string' },
};
const summary = {
  type: ['object', 'null'],
  properties: {
    metrics: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
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
          flag: { type: 'string', description: 'Why the number must not be trusted yet.' },
        },
      },
    },
    notes: { type: 'array', items: { type: 'string' } },
  },
};
const jobMembers = {
  task_id: { type: 'string', description: 'The same as id.' },
  id: { type: 'string', description: 'ULID of 26 characters.' },
  kind: { type: 'string' },
  spec: { type: 'object', description: 'With all defaults filled in.' },
  seed: { type: 'integer' },
  key: { type: 'string', description: 'sha256 over all that decides the bytes of the result.' },
  state: { type: 'string', enum: STATES },
  progress: { type: 'number', minimum: 0, maximum: 1 },
  units: { type: 'integer' },
  createdMs: { type: 'number', description: 'Milliseconds since the epoch.' },
  deadlineMs: nullable(
    'number',
    'Milliseconds since the epoch: createdMs + timeoutS; null without timeoutS.',
  ),
  startedMs: nullable('number', 'Milliseconds since the epoch.'),
  finishedMs: nullable('number', 'Milliseconds since the epoch.'),
  attempts: { type: 'integer', description: 'Most attempts that a part of the job needed.' },
  cached: { type: 'boolean', description: 'Answered from a stored result of the same key.' },
  digest: nullable('string', 'sha256 over the raw columns; the same for the same spec, seed and engine.'),
  summary,
  problem: { anyOf: [{ $ref: 'Problem#' }, { type: 'null' }] },
  reproduce: { type: 'string', description: 'The command that gives the same bytes again.' },
  requeueOf: nullable('string', 'The job that was requeued as this one.'),
  links,
  degraded: { type: 'object', additionalProperties: { type: 'string' } },
};

/** Registers the shared schemas, the document and the page at /docs, whose files come from this server. */
export async function registerOpenApi(
  app: FastifyInstance,
  kinds: readonly Kind[],
  version: string,
): Promise<void> {
  app.addSchema({
    $id: 'Problem',
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: problemMembers,
  });
  app.addSchema({
    $id: 'Job',
    type: 'object',
    required: ['task_id', 'id', 'state', 'links'],
    properties: jobMembers,
  });
  app.addSchema({ $id: 'ShortForm', ...schemaOf(SHORT_FORM, SHORT_FORM_TEXT) });
  for (const kind of kinds) {
    const schema = requestSchemaOf(kind.schema);
    app.addSchema({
      ...schema,
      $id: specName(kind),
      title: `Spec of ${kind.name}`,
      description: kind.description,
    });
    app.addSchema({ $id: requestName(kind), ...requestSchema(kind) });
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'MMS',
        version,
        description:
          'Market microstructure simulation as a service: submit a job, follow it, fetch its tables.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: [
        { name: 'jobs', description: 'Submit, follow, cancel.' },
        { name: 'results', description: 'Summaries and tables of finished jobs.' },
        { name: 'kinds', description: 'What can be computed.' },
        { name: 'operation', description: 'Health, metrics, nodes.' },
      ],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json['$id'] ?? `schema-${i}`) },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, tryItOutEnabled: true },
  });
}

/** The body of POST /v1/jobs: one branch per kind, and the short form. */
export function submitSchema(kinds: readonly Kind[]): JsonSchema {
  return { anyOf: [...kinds.map((kind) => ({ $ref: `${requestName(kind)}#` })), { $ref: 'ShortForm#' }] };
}

/** OpenAPI's entries for the problems that a route may answer with, one per status. */
export function problems(...codes: readonly ProblemCode[]): Record<number, JsonSchema> {
  const entry = (status: number): JsonSchema => ({
    description: codes
      .filter((code) => PROBLEMS[code].status === status)
      .map((code) => `${PROBLEMS[code].title} (${code})`)
      .join('; '),
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  });
  return Object.fromEntries(codes.map((code) => [PROBLEMS[code].status, entry(PROBLEMS[code].status)]));
}

/** A 200 with a body of one media type. */
export function ok(description: string, schema: JsonSchema, mediaType = 'application/json'): JsonSchema {
  return { description, content: { [mediaType]: { schema } } };
}

export const JOB_SCHEMA: JsonSchema = { $ref: 'Job#' };

export const ID_PARAMS: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', minLength: 26, maxLength: 26, description: 'Job id (ULID).' } },
};

const SHORT_FORM_TEXT =
  'Short for {"kind": "market-making", "spec": {"market", "instrument": those fitted to the ticker, ' +
  '"strategy": {"type": mm_strategy}, "runs": 1}, "seed"}. Without a seed, it is the number made of the first 12 hex digits of ' +
  'sha256("TICKER|YYYY-MM-DD"): the date names a random stream, not historical data. With arb_strategy it is a job of kind stat-arb in two books of the ticker.';

function specName({ name }: Kind): string {
  return `Spec.${name}`;
}

function requestName({ name }: Kind): string {
  return `Request.${name}`;
}

function requestSchema(kind: Kind): JsonSchema {
  const schema = schemaOf(FULL_FORM, `${kind.title}. ${kind.description}`) as { properties: object };
  const [example] = kind.examples;
  return {
    ...schema,
    title: kind.title,
    properties: { ...schema.properties, kind: { const: kind.name }, spec: { $ref: `${specName(kind)}#` } },
    ...(example && { examples: [{ kind: kind.name, spec: example.spec, seed: example.seed }] }),
  };
}
