/** Routes that tell what can be computed: the kinds with their schemas, and the fitted markets. */
import type { FastifyInstance } from 'fastify';
import type { Kind } from '../../contract/kind.js';
import { MmsError } from '../../contract/problem.js';
import { nearest } from '../../jobs/words.js';
import { ok, problems } from '../openapi.js';
import { instruments } from '../../data/instruments.js';
import type { ServerParts } from '../parts.js';
import { answer } from '../schemas.js';
import { baseOf } from '../view.js';

export function catalogueRoutes(
  app: FastifyInstance,
  { markets }: ServerParts,
  kinds: readonly Kind[],
): void {
  const list = {
    tags: ['kinds'],
    operationId: 'listKinds',
    summary: 'All job kinds, fitted markets and instruments',
    response: {
      200: ok(
        'Name, title and address of each kind; tickers of the short form; instruments by name.',
        answer('Catalogue'),
      ),
    },
  };
  app.get('/v1/kinds', { schema: list }, (request) => ({
    kinds: kinds.map(({ name, version, title, description }) => {
      return { name, version, title, description, links: { self: `${baseOf(request)}/v1/kinds/${name}` } };
    }),
    tickers: markets.tickers(),
    instruments: [...instruments().values()],
  }));

  const one = {
    tags: ['kinds'],
    operationId: 'kind',
    summary: 'One kind: the schema of its spec, its tables, examples',
    params: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string', examples: ['paths'] } },
    },
    response: { 200: ok('The kind.', answer('Kind')), ...problems('E_NOT_FOUND') },
  };
  app.get('/v1/kinds/:name', { schema: one }, (request) => {
    const asked = (request.params as { name: string }).name;
    const kind = kinds.find((candidate) => candidate.name === asked);
    if (kind) {
      const { name, version, title, description, schema, tables, examples } = kind;
      return { name, version, title, description, schema, tables, examples };
    }
    const names = kinds.map(({ name }) => name);
    const near = nearest(asked, names);
    const hint = near ? `Did you mean "${near}"?` : `Known are ${names.join(', ')}.`;
    throw new MmsError('E_NOT_FOUND', `No job kind has this name. ${hint}`);
  });
}
