/** The OpenAPI 3.1 document: shared schemas and those of the kinds; the rest stands beside each route. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Kind } from '../contract/kind.js';
import { PROBLEMS } from '../contract/problem.js';
import type { ProblemCode } from '../contract/problem.js';
import type { JsonSchema } from './fields.js';
import { schemaOf } from './fields.js';
import { requestSchemaOf } from './request-schema.js';
import { BOOK_TEXT } from './routes/book.js';
import { SCHEMAS } from './schemas.js';
import { SHORT_FORM } from './short-form.js';
import { FULL_FORM } from './submission.js';

/** Registers the shared schemas, the document and the page at /docs, whose files come from this server. */
export async function registerOpenApi(
  app: FastifyInstance,
  kinds: readonly Kind[],
  version: string,
): Promise<void> {
  for (const [name, schema] of Object.entries(SCHEMAS)) app.addSchema({ $id: name, ...schema });
  app.addSchema({ $id: 'ShortForm', ...schemaOf(SHORT_FORM, SHORT_FORM_TEXT) });
  for (const kind of kinds) {
    const schema = withNames(kind.name, requestSchemaOf(kind.schema));
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
        description: `Market microstructure simulation as a service: submit a job, follow it, fetch its tables.\n\n${BOOK_TEXT}`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      // An address of its own, whatever the service is called by.
      servers: [{ url: '/' }],
      security: [{}, { key: [] }],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key of "mms key create"; needed where the operator has made one.',
          },
        },
      },
      tags: [
        { name: 'jobs', description: 'Submit, follow, cancel.' },
        { name: 'sweeps', description: 'One question over many values of its spec.' },
        { name: 'results', description: 'Summaries and tables of finished jobs.' },
        { name: 'kinds', description: 'What can be computed.' },
        { name: 'operation', description: 'Health, metrics, nodes.' },
      ],
    },
    transform: ({ schema, url }) => ({
      schema: { ...schema, response: { ...ANY_PROBLEM, ...(schema?.response as object) } },
      url,
    }),
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json['$id'] ?? `schema-${i}`) },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, tryItOutEnabled: true },
  });
}

/** In a market-making spec two parts may be names of what GET /v1/kinds and `mms markets` list. */
function withNames(kind: string, schema: Record<string, unknown>): Record<string, unknown> {
  if (kind !== 'market-making') return schema;
  const properties = { ...(schema['properties'] as Record<string, JsonSchema>) };
  for (const part of ['market', 'instrument']) {
    const name = { type: 'string', description: `Name of a fitted or built-in ${part}.` };
    properties[part] = { anyOf: [name, properties[part]!] };
  }
  return { ...schema, properties };
}

/** A job: one branch per kind, and the short form. */
export function submitSchema(kinds: readonly Kind[]): JsonSchema {
  return { anyOf: [...kinds.map((kind) => ({ $ref: `${requestName(kind)}#` })), { $ref: 'ShortForm#' }] };
}

/** Bodies of POST /v1/jobs that run as they stand: the first example of each kind, and the short form. */
export function submitExamples(kinds: readonly Kind[]): JsonSchema {
  const named = kinds.flatMap(({ name, examples: [example] }) =>
    example ? [[name, shown(example.title, { kind: name, spec: example.spec, seed: example.seed })]] : [],
  );
  const short = { ticker: 'AMZN', date: '2024-01-15', mm_strategy: 'adaptive' };
  return { ...Object.fromEntries(named), 'short-form': shown('A day of a fitted market', short) };
}

/** An entry of a body's "x-examples", which the document shows as its examples. */
export function shown(summary: string, value: unknown): JsonSchema {
  return { summary, value };
}

/** OpenAPI's entries for the problems that a route may answer with, one per status. */
export function problems(...codes: readonly ProblemCode[]): Record<number, JsonSchema> {
  const entry = (status: number): JsonSchema => ({
    description: codes
      .filter((code) => PROBLEMS[code].status === status)
      .map((code) => `${PROBLEMS[code].title} (${code})`)
      .join('; '),
    ...PROBLEM,
  });
  return Object.fromEntries(codes.map((code) => [PROBLEMS[code].status, entry(PROBLEMS[code].status)]));
}

const PROBLEM = { content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } };

/** What every route may answer. */
const ANY_PROBLEM = {
  401: {
    description: 'No live API key where one is needed; who asks for HTML gets a form to enter one.',
    content: { ...PROBLEM.content, 'text/html': { schema: { type: 'string' } } },
  },
  '4xx': { description: 'Any refusal: code and detail tell which, and what to do.', ...PROBLEM },
  '5xx': { description: 'Any failure of the service: repeat the request when it is retryable.', ...PROBLEM },
};

/** A 200 with a body of one media type. */
export function ok(description: string, schema: JsonSchema, mediaType = 'application/json'): JsonSchema {
  return { description, content: { [mediaType]: { schema } } };
}

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
