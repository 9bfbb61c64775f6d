/**
 * An HTTP service before the peer's queue, as its users build one: Fastify checks a body by its schema, adds
 * the job, or a hundred at once, and answers 202 with the ids. Called as: node bull-front.js REDIS_PORT.
 */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { openPeer, type WalkData } from './bull-package.js';

const port = Number(process.argv[2]);
const queue = new (openPeer().Queue)('walks', { connection: { host: '127.0.0.1', port } });
await queue.waitUntilReady();

const count = { type: 'integer', minimum: 0 };
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['seed', 'steps', 'from', 'to'],
  properties: { seed: count, steps: count, from: count, to: count },
};
const app = Fastify();
app.post('/jobs', { schema: { body } }, async (request, reply) => {
  const { id } = await queue.add('walk', request.body as WalkData);
  return reply.code(202).send({ id });
});
app.post('/bulk', { schema: { body: { type: 'array', items: body } } }, async (request, reply) => {
  const jobs = (request.body as WalkData[]).map((data) => ({ name: 'walk', data }));
  const added = await queue.addBulk(jobs);
  return reply.code(202).send({ ids: added.map(({ id }) => id) });
});
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address() as AddressInfo;
process.stdout.write(`listens on http://127.0.0.1:${address.port}\n`);
process.stdin.resume().once('end', () => process.exit(0));
