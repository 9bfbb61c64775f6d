/** API keys over HTTP: who gets in, whose limits count, and how a browser keeps what a person typed once. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessions } from '../../src/api/sessions.js';
import { startApi, type TestApi } from '../support/api.js';
import { bearer, makeKeys, type TestKeys } from '../support/keys.js';

let keys: TestKeys;
let api: TestApi;
beforeAll(async () => {
  keys = makeKeys();
  api = await startApi({}, keys.ring);
});
afterAll(() => api.close());

const kinds = (headers: Record<string, string>, to = api) => to.app.inject({ url: '/kinds', headers });

describe('a service with keys', () => {
  it('lets a live key in, and tells everybody else why not, as problem and challenge', async () => {
    expect((await kinds(bearer(keys.live))).statusCode).toBe(200);
    expect((await kinds({ authorization: `bearer  ${keys.live}` })).statusCode).toBe(200);
    const rows: [Record<string, string>, RegExp, boolean][] = [
      [{}, /none came/, false],
      [bearer(keys.expired), /has expired/, true],
      [bearer(keys.revoked), /was revoked/, true],
      [bearer(`${keys.live.slice(0, -1)}x`), /is unknown/, true],
      [bearer('x'.repeat(9000)), /is unknown/, true],
      [{ authorization: 'Basic dXNlcjpwYXNz' }, /is unknown/, true],
      [{ authorization: keys.live }, /is unknown/, true],
      [{ cookie: `mms_session_0=${'0'.repeat(64)}` }, /none came/, false],
      [{ cookie: `mms_session_0=${keys.live}` }, /none came/, false],
    ];
    for (const [headers, why, isInvalid] of rows) {
      const answer = await kinds(headers);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'E_KEY']);
      expect(answer.json<{ detail: string }>().detail).toMatch(why);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers['www-authenticate']).toBe(
        `Bearer realm="mms"${isInvalid ? ', error="invalid_token"' : ''}`,
      );
      expect(answer.body).not.toContain(keys.live.slice(20, 40));
    }
    expect((await api.app.inject('/health/ready')).statusCode).toBe(200);
    expect(await api.parts.metrics.text()).toBeDefined();
  });

  it('counts who was refused, and answers metrics without a key only where that was set', async () => {
    expect((await api.app.inject('/metrics')).statusCode).toBe(401);
    const { body } = await api.app.inject({ url: '/metrics', headers: bearer(keys.live) });
    expect(body).toMatch(/^mms_http_unauthorized_total\{reason="expired"\} [1-9]/m);
    const open = await startApi({ 'http.openMetrics': true }, makeKeys().ring);
    expect((await open.app.inject('/metrics')).statusCode).toBe(200);
    expect((await open.app.inject('/nodes')).statusCode).toBe(401);
    await open.close();
  });

  it('submits, follows and cancels for one key what another one sees too', async () => {
    const other = keys.add({ name: 'other' });
    const payload = { kind: 'paths', spec: { paths: 10 }, seed: 1 };
    const asked = { method: 'POST', url: '/simulate', payload, headers: bearer(keys.live) } as const;
    const { id } = (await api.app.inject(asked)).json<{ id: string }>();
    const seen = await api.app.inject({ url: `/status/${id}`, headers: bearer(other) });
    expect(seen.statusCode).toBe(200);
  });

  it('takes a key while it runs and refuses a revoked one', async () => {
    const text = keys.add({ name: 'guest' });
    expect((await kinds(bearer(text))).statusCode).toBe(200);
    keys.revoke(text);
    expect((await kinds(bearer(text))).statusCode).toBe(401);
  });
});

describe('the limits of a key', () => {
  it('are its own: requests a minute, the same for both keys of a name, and Retry-After', async () => {
    const [one, two] = [1, 2].map(() => keys.add({ name: 'slow', ratePerMin: 3 }));
    const codes = [];
    for (const text of [one!, two!, one!, two!, one!]) codes.push((await kinds(bearer(text))).statusCode);
    expect(codes).toEqual([200, 200, 200, 429, 429]);
    const refused = await kinds(bearer(one!));
    expect(refused.json<{ detail: string }>().detail).toMatch(
      /More than 3 requests in a minute with the key of slow/,
    );
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await kinds(bearer(keys.live))).statusCode).toBe(200);
  });

  it('are not those of the address: behind a proxy all have one', async () => {
    const own = makeKeys();
    const narrow = await startApi({ 'limits.maxRequestsPerMin': 2 }, own.ring);
    const texts = ['a', 'b', 'c'].map((name) => own.add({ name }));
    for (const text of texts)
      for (let i = 0; i < 2; i++) expect((await kinds(bearer(text), narrow)).statusCode).toBe(200);
    expect((await kinds(bearer(texts[0]!), narrow)).statusCode).toBe(429);
    const nobody = [];
    for (let i = 0; i < 3; i++) nobody.push((await kinds({}, narrow)).statusCode);
    expect(nobody).toEqual([401, 401, 429]);
    await narrow.close();
  });

  it('bound its requests in progress, over one connection of a proxy too, and forget those of one that is gone', async () => {
    const own = makeKeys();
    const busy = await startApi({}, own.ring);
    await busy.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = busy.app.server.address() as AddressInfo;
    const [few, more] = [own.add({ name: 'few', inFlight: 2 }), own.add({ name: 'more' })];
    const body = JSON.stringify({
      kind: 'paths',
      spec: { sampling: 'stepped', steps: 2520, paths: 5e6 },
      seed: 5,
    });
    const ask = (text: string): string =>
      `POST /simulate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${text}\r\nPrefer: wait=20\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const jobs = () => busy.parts.hall.list({ limit: 9 });
    const code = async (text: string): Promise<number> => {
      const address = `http://127.0.0.1:${port}/kinds`;
      return (await fetch(address, { headers: bearer(text) })).status;
    };
    const gone: Socket = connect(port, '127.0.0.1');
    gone.write(ask(few) + ask(few) + ask(more));
    while ((await jobs()).length === 0) await new Promise(setImmediate);
    while ((await code(few)) !== 429) await new Promise(setImmediate);
    expect(await code(more)).toBe(200);
    gone.destroy();
    await once(gone, 'close');
    while ((await code(few)) !== 200) await new Promise(setImmediate);
    for (const { id } of await jobs()) await busy.parts.hall.cancel(id);
    await busy.close();
  });
});

describe('a browser', () => {
  const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const logIn = (key: string, next = '/kinds?x=1', headers: Record<string, string> = {}, to = api) =>
    to.app.inject({
      method: 'POST',
      url: '/login',
      headers: { ...form, ...headers },
      payload: new URLSearchParams({ key, next }).toString(),
    });

  it('gets a form instead of a problem, with the place that it wanted, and a policy that lets it answer', async () => {
    const asked = await api.app.inject({ url: '/results/X/report.html?a="><b>', headers: page });
    expect(asked.statusCode).toBe(401);
    expect(asked.headers['content-type']).toContain('text/html');
    expect(asked.headers['referrer-policy']).toBe('same-origin');
    expect(asked.body).toContain('action="/login"');
    expect(asked.body).toContain('/results/X/report.html?a=');
    expect(asked.body).not.toContain('"><b>');
    expect((await api.app.inject('/login')).statusCode).toBe(200);
    expect((await api.app.inject('/style.css')).statusCode).toBe(200);
  });

  it('gets a session for its key, which no script and no other site can use, and goes on', async () => {
    const answer = await logIn(` ${keys.live}\n`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/kinds?x=1']);
    const set = `${answer.headers['set-cookie']}`;
    expect(set).toMatch(/^mms_session_0=[0-9a-f]{64}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(keys.live.slice(20, 40));
    const cookie = set.split(';')[0]!;
    expect((await kinds({ cookie: `a=b; ${cookie}; c=d` })).statusCode).toBe(200);
    const told = await api.app.inject({ url: '/login', headers: { cookie } });
    expect(told.body).toContain('uses the key of desk');
    const out = await api.app.inject({
      method: 'POST',
      url: '/logout',
      headers: { ...form, cookie },
      payload: '',
    });
    expect([out.statusCode, out.headers['set-cookie']]).toEqual([303, expect.stringContaining('Max-Age=0')]);
    expect((await kinds({ cookie })).statusCode).toBe(401);
  });

  it('is told what is wrong with its key, and gets no session', async () => {
    for (const [key, why] of [
      ['', /this one is unknown/],
      [keys.expired, /has expired/],
      [keys.revoked, /was revoked/],
    ] as const) {
      const answer = await logIn(key);
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([401, undefined]);
      expect(answer.body).toMatch(why);
      expect(answer.body).not.toContain(key === '' ? 'never' : key);
    }
  });

  it('loses its session with its key, and another origin can neither log it in nor use it', async () => {
    const text = keys.add({ name: 'short' });
    const cookie = `${(await logIn(text)).headers['set-cookie']}`.split(';')[0]!;
    expect((await kinds({ cookie })).statusCode).toBe(200);
    const evil = { host: 'localhost:80', origin: 'http://evil.example' };
    expect((await logIn(text, '/', evil)).statusCode).toBe(403);
    const cancel = { method: 'DELETE', url: '/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV' } as const;
    expect((await api.app.inject({ ...cancel, headers: { cookie } })).statusCode).toBe(404);
    expect((await api.app.inject({ ...cancel, headers: { cookie, ...evil } })).statusCode).toBe(403);
    keys.revoke(text);
    expect((await kinds({ cookie })).statusCode).toBe(401);
  });

  it('is sent nowhere else, reads no form anywhere else, and keeps its cookie to TLS where there is some', async () => {
    for (const next of ['//evil.example', '/\\evil.example', 'http://evil.example', '/a\r\nb', ''])
      expect((await logIn(keys.live, next)).headers.location).toBe('/');
    const simulate = {
      method: 'POST',
      url: '/simulate',
      headers: { ...form, ...bearer(keys.live) },
      payload: 'a=b',
    } as const;
    expect((await api.app.inject(simulate)).statusCode).toBe(415);
    const json = {
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    } as const;
    expect((await api.app.inject(json)).statusCode).toBe(415);
    const secure = await logIn(keys.live, '/', { 'x-forwarded-proto': 'https' });
    expect(secure.headers['set-cookie']).toMatch(/; Secure$/);
  });
});

describe('sessions', () => {
  it('end after twelve hours, and the oldest when there are too many', () => {
    let nowMs = 0;
    const sessions = createSessions(() => nowMs);
    const first = sessions.open('a');
    nowMs = 12 * 3600_000 - 1;
    expect(sessions.keyOf(first)).toBe('a');
    nowMs++;
    expect(sessions.keyOf(first)).toBeNull();
    const second = sessions.open('b');
    for (let i = 0; i < 9_999; i++) sessions.open('c');
    expect(sessions.keyOf(second)).toBe('b');
    sessions.open('d');
    expect(sessions.keyOf(second)).toBeNull();
  });
});
