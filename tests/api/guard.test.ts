/** Protection: Host and Origin checks, headers, the rate limit, slow and broken clients on a real socket. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ 'http.requestTimeoutS': 0.2 });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

const live = (headers: Record<string, string>, to = api) => to.app.inject({ url: '/health/live', headers });
const cancel = (headers: Record<string, string>, to = api) =>
  to.app.inject({ method: 'DELETE', url: '/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV', headers });

/** Everything that the server says on one connection until it closes it. */
async function converse(...parts: readonly string[]): Promise<string> {
  const socket = connect((api.app.server.address() as AddressInfo).port, '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return said;
}

describe('the Host header', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', 'localhost', 'localhost:1', '[::1]:8080', 'LOCALHOST'])(
    '%s is ours',
    async (host) => {
      expect((await live({ host })).statusCode).toBe(200);
    },
  );

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8080', '10.0.0.1', 'a b', '@'])(
    '"%s" is refused on loopback',
    async (host) => expect((await live({ host })).statusCode).toBe(403),
  );

  it('names an address or the local network when a wider bind was allowed, or what was set', async () => {
    const flags = { 'http.host': '0.0.0.0', 'http.names': 'sim.example, mms.example', insecure: true };
    const open = await startApi(flags);
    const near = ['10.0.0.7:8080', '[2001:db8::7]:8080', 'desk', 'desk.local', 'mms.lab.svc:80', 'localhost'];
    for (const host of [...near, 'sim.example', 'SIM.example:443', 'mms.example'])
      expect([host, (await live({ host }, open)).statusCode]).toEqual([host, 200]);
    for (const host of ['evil.example', 'sim.example.evil.example', '10.0.0.7.evil.example', 'local.example'])
      expect([host, (await live({ host }, open)).statusCode]).toEqual([host, 403]);
    expect((await cancel({ host: 'sim.example', origin: 'http://sim.example' }, open)).statusCode).toBe(404);
    expect((await cancel({ host: 'sim.example', origin: 'http://evil.example' }, open)).statusCode).toBe(403);
    expect(await open.parts.metrics.text()).toContain('mms_insecure 1');
    await open.close();
  });

  it('may be a name that was set on loopback too, where a proxy leaves it as it came', async () => {
    const behind = await startApi({ 'http.names': 'sim.example' });
    expect((await live({ host: 'sim.example' }, behind)).statusCode).toBe(200);
    expect((await live({ host: 'desk' }, behind)).statusCode).toBe(403);
    await behind.close();
  });
});

describe('the Origin header', () => {
  const host = 'localhost:8080';
  const rows: [Record<string, string>, number][] = [
    [{ host }, 404],
    [{ host, origin: 'http://localhost:8080' }, 404],
    [{ host, origin: 'http://localhost:9090' }, 403],
    [{ host, origin: 'http://localhost:8080.evil.example' }, 403],
    [{ host, origin: 'null' }, 403],
    [{ host, 'sec-fetch-site': 'same-origin' }, 404],
    [{ host, 'sec-fetch-site': 'cross-site' }, 403],
  ];
  it.each(rows)('%o answers %i', async (headers, status) =>
    expect((await cancel(headers)).statusCode).toBe(status),
  );

  it('does not matter for reading', async () => {
    expect((await live({ origin: 'http://evil.example' })).statusCode).toBe(200);
    expect(
      (await live({ origin: 'http://evil.example' })).headers['access-control-allow-origin'],
    ).toBeUndefined();
  });
});

describe('headers', () => {
  it('forbid foreign content, framing and sniffing on every answer', async () => {
    for (const url of ['/', '/docs', '/kinds', '/nothing']) {
      const { headers } = await api.app.inject(url);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-request-id']).toMatch(/^[0-9A-Z]{26}$/);
    }
  });

  it('name no foreign address on the pages', async () => {
    for (const url of ['/', '/docs', '/problems/E_SPEC']) {
      const { body } = await api.app.inject(url);
      expect([...body.matchAll(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g)]).toEqual([]);
    }
  });
});

describe('the rate limit', () => {
  it('answers 429 with Retry-After, and leaves health and metrics alone', async () => {
    const slow = await startApi({ 'limits.maxRequestsPerMin': 3 });
    const codes: number[] = [];
    for (let i = 0; i < 5; i++) codes.push((await slow.app.inject('/nodes')).statusCode);
    expect(codes).toEqual([200, 200, 200, 429, 429]);
    const refused = await slow.app.inject('/nodes');
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await live({}, slow)).statusCode).toBe(200);
    expect((await slow.app.inject('/metrics')).statusCode).toBe(200);
    await slow.close();
  });
});

describe('on a real socket', () => {
  const head = 'POST /simulate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

  it.each([
    ['headers that never end', [head]],
    ['a body that never comes', [`${head}Content-Length: 100\r\n\r\n{`]],
    ['a chunk that never ends', [`${head}Transfer-Encoding: chunked\r\n\r\n10\r\n{`]],
  ])('closes %s', async (_name, parts) => {
    const said = await converse(...parts);
    expect(said).toMatch(/^(HTTP\/1\.1 400 Bad Request\r\n[^]*E_BODY[^]*)?$/);
  });

  it.each([
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ['length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['headers beyond 16 KiB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 413],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])('answers %s with problem+json or the bare status, and lives', async (_name, request, status) => {
    expect(await converse(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await live({})).statusCode).toBe(200);
  });
});
