/** Every registered route, by every method: foreign pages, rebound names and strangers stay outside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPEN_ROUTES } from '../../src/api/plugins/keys.js';
import { startApi, type TestApi } from '../support/api.js';
import { bearer, makeKeys, type TestKeys } from '../support/keys.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const MUTATING = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const host = 'localhost:8080';
/** Who is no page of this service, by what a browser says of it. */
const FOREIGN: readonly Record<string, string>[] = [
  { host, origin: 'http://evil.example' },
  { host, origin: 'http://localhost:9090' },
  { host, origin: 'https://localhost' },
  { host, origin: 'null' },
  { host, 'sec-fetch-site': 'cross-site' },
];
/** A name of somebody else's that was made to lead to this address. */
const REBOUND: readonly Record<string, string>[] = [
  { host: 'evil.example:8080', origin: 'http://evil.example:8080', 'sec-fetch-site': 'same-origin' },
  { host: 'evil.example:8080' },
];

let keys: TestKeys;
let closed: TestApi;
let open: TestApi;
beforeAll(async () => {
  keys = makeKeys();
  closed = await startApi({}, keys.ring);
  open = await startApi();
});
afterAll(async () => {
  await closed.close();
  await open.close();
});

/** Addresses of all routes with something in place of their names. */
function addresses(): string[] {
  const all = open.app.allRoutes.map(({ url }) => url.replace(/:id|\*/g, ID).replace(/:[a-zA-Z]+/g, 'x'));
  return [...new Set(all)];
}

/** Status codes of one request each to all routes by `methods`. */
async function codes(
  api: TestApi,
  methods: readonly string[],
  headers: Record<string, string>,
  skip: readonly string[] = [],
): Promise<Set<number>> {
  const seen = new Set<number>();
  for (const url of addresses().filter((one) => !skip.includes(one))) {
    for (const method of methods) {
      const { statusCode } = await api.app.inject({ method: method as 'POST', url, headers });
      seen.add(statusCode);
    }
  }
  return seen;
}

describe('every registered route', () => {
  it('is known here', () => {
    const all = addresses();
    expect(all.length).toBeGreaterThan(20);
    for (const url of ['/simulate', '/batches', '/login', `/jobs/${ID}`, '/metrics', '/'])
      expect(all).toContain(url);
    expect(open.app.allRoutes.some(({ method, url }) => method === 'DELETE' && url === '/jobs/:id')).toBe(
      true,
    );
  });

  it('refuses to change anything for a page of another origin, with keys and without, also with a key', async () => {
    for (const headers of FOREIGN) {
      expect([headers, ...(await codes(open, MUTATING, headers))]).toEqual([headers, 403]);
      expect([headers, ...(await codes(closed, MUTATING, { ...headers, ...bearer(keys.live) }))]).toEqual([
        headers,
        403,
      ]);
    }
  });

  it('refuses to open a socket for a page of another origin', async () => {
    for (const headers of FOREIGN) {
      const upgrade = { ...headers, connection: 'upgrade', upgrade: 'websocket' };
      expect([headers, ...(await codes(open, ['GET'], upgrade))]).toEqual([headers, 403]);
    }
  });

  it('refuses a rebound name for every method, reading too', async () => {
    for (const headers of REBOUND) {
      for (const api of [open, closed])
        expect([headers, ...(await codes(api, ['GET', 'HEAD', ...MUTATING], headers))]).toEqual([
          headers,
          403,
        ]);
    }
  });

  it('answers 401 without a live key, for every method, but for the few that say so', async () => {
    const all = ['GET', 'HEAD', ...MUTATING];
    for (const headers of [{}, bearer(keys.expired), bearer(keys.revoked), bearer('mms_x')])
      expect([...(await codes(closed, all, { host, ...headers }, OPEN_ROUTES))]).toEqual([401]);
    expect([...(await codes(closed, all, { host, accept: 'text/html' }, OPEN_ROUTES))]).toEqual([401]);
    const { statusCode } = await closed.app.inject('/no/such/address');
    expect(statusCode).toBe(401);
    for (const url of OPEN_ROUTES) expect((await closed.app.inject(url)).statusCode).toBe(200);
    // By another method than their own these are no routes, and no way in.
    for (const url of OPEN_ROUTES.filter((one) => one !== '/login'))
      expect((await closed.app.inject({ method: 'DELETE', url })).statusCode).toBe(401);
  });

  it('lets a live key past all of this', async () => {
    const seen = await codes(closed, ['GET', ...MUTATING], { host, ...bearer(keys.live) });
    expect([...seen].filter((code) => [401, 403].includes(code))).toEqual([]);
    expect([...seen].filter((code) => code >= 500)).toEqual([]);
  });
});
