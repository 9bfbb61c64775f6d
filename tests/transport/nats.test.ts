/** NATS JetStream keeps the contract of a transport, and what only a queue of its own can promise. */
import { afterAll, beforeAll } from 'vitest';
import { openNatsRouter } from '../../src/router/nats/transport.js';
import type { NatsServer } from '../support/nats.js';
import { startNats } from '../support/nats.js';
import { conformance } from './conformance.js';

let server: NatsServer;
let clusters = 0;
beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.stop());

conformance('NATS JetStream', (options, address) =>
  // A name for each test: what one leaves in the queue is not the next one's.
  openNatsRouter({ ...options, url: address ?? `${server.url}/test-${++clusters}`, leaseMs: 1_000 }),
);
