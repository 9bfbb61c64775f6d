/** Room for everybody on real sockets: limits of one client and of all, slow senders, readers that stop. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../src/api/view.js';
import { startApi, type TestApi } from '../support/api.js';

const opened: Socket[] = [];
let api: TestApi | null = null;
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await api?.close();
  api = null;
});

async function listen(flags: Record<string, unknown> = {}): Promise<{ api: TestApi; port: number }> {
  const started = (api = await startApi(flags));
  await started.app.listen({ host: '127.0.0.1', port: 0 });
  return { api: started, port: (started.app.server.address() as AddressInfo).port };
}

/** A connection from `from`, and what it said so far. */
function open(port: number, said = '', from = '127.0.0.1'): Socket & { heard: string } {
  const socket = Object.assign(connect({ port, host: '127.0.0.1', localAddress: from }), { heard: '' });
  opened.push(socket);
  socket.setEncoding('utf8').on('data', (text: string) => (socket.heard += text));
  socket.on('error', () => undefined);
  if (said !== '') socket.write(said);
  return socket;
}

const GET = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const POST = 'POST /simulate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
/** events.once would reject for a connection that was reset, which is one way of closing it. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
const connected = (socket: Socket): Promise<unknown> => once(socket, 'connect');
const statusesOf = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));

/** Resolves when the socket heard so many answers. */
async function answers(socket: Socket & { heard: string }, count: number): Promise<number[]> {
  while (statusesOf(socket.heard).length < count) await once(socket, 'data');
  return statusesOf(socket.heard);
}

const long = (seed: number) => ({
  kind: 'paths',
  spec: { sampling: 'stepped', steps: 2520, paths: 5_000_000 },
  seed,
});

describe('too many at once', () => {
  it('refuses the connections of one client with 429, another one gets in', async () => {
    const { api, port } = await listen({ 'limits.maxClientRequests': 2 });
    const [first, second] = [open(port), open(port)];
    await Promise.all([first, second].map(connected));
    const third = open(port, GET);
    await closed(third);
    expect(third.heard).toMatch(/^HTTP\/1\.1 429 [^]*\r\nRetry-After: \d+\r\n[^]*"code":"E_RATE"/);
    const other = open(port, GET, '127.0.0.2');
    expect(await answers(other, 1)).toEqual([200]);
    first.destroy();
    second.write(GET);
    expect(await answers(second, 1)).toEqual([200]);
    expect(await answers(open(port, GET), 1)).toEqual([200]);
    expect(await api.parts.metrics.text()).toContain('mms_http_connections_refused_total{code="E_RATE"} 1');
  });

  it('refuses connections beyond those of the service with 503, and does nothing that they ask', async () => {
    const { api, port } = await listen({ 'limits.maxConnections': 1 });
    const first = open(port, GET);
    await answers(first, 1);
    const body = JSON.stringify(long(1));
    const late = open(port, `${POST}Content-Length: ${body.length}\r\n\r\n${body}`, '127.0.0.2');
    await closed(late);
    if (late.heard !== '') expect(late.heard).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: \d+[^]*"E_BUSY"/);
    first.write(GET);
    expect(await answers(first, 2)).toEqual([200, 200]);
    expect((await api.app.inject('/jobs')).json<{ jobs: unknown[] }>().jobs).toEqual([]);
  });

  it('refuses the requests of one client beyond its limit, pipelined ones too', async () => {
    const { api, port } = await listen({ 'limits.maxClientRequests': 3 });
    const body = JSON.stringify(long(2));
    const ask = `${POST}Prefer: wait=20\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = open(port, ask.repeat(5));
    while ((await api.parts.hall.list({ limit: 9 })).length === 0) await new Promise(setImmediate);
    const other = open(port, GET, '127.0.0.2');
    expect(await answers(other, 1)).toEqual([200]);
    for (const { id } of await api.parts.hall.list({ limit: 9 })) await api.parts.hall.cancel(id);
    expect((await answers(socket, 5)).sort()).toEqual([200, 200, 200, 429, 429]);
    expect(socket.heard).toMatch(/retry-after: \d+/i);
  });

  it('forgets the requests of a connection that is gone, those too that waited behind another', async () => {
    const { api, port } = await listen({ 'limits.maxClientRequests': 3 });
    const body = JSON.stringify(long(5));
    const ask = `${POST}Prefer: wait=20\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const gone = open(port, ask.repeat(3));
    while ((await api.parts.hall.list({ limit: 9 })).length === 0) await new Promise(setImmediate);
    expect(await answers(open(port, GET), 1)).toEqual([429]);
    gone.destroy();
    await closed(gone);
    while ((await answers(open(port, GET), 1))[0] !== 200) await new Promise(setImmediate);
    for (const { id } of await api.parts.hall.list({ limit: 9 })) await api.parts.hall.cancel(id);
  });

  it('gives one client no more than its share of the queue', async () => {
    const { api, port } = await listen({ 'limits.maxQueuedJobs': 4, 'limits.maxClientShare': 0.5 });
    const submit = async (seed: number, from: string) => {
      const body = JSON.stringify(long(seed));
      const socket = open(port, `${POST}Content-Length: ${body.length}\r\n\r\n${body}`, from);
      const [status] = await answers(socket, 1);
      return status;
    };
    const seen = [];
    for (const [i, from] of ['1', '1', '1', '2', '2', '3'].entries())
      seen.push(await submit(i, `127.0.0.${from}`));
    expect(seen).toEqual([202, 202, 429, 202, 202, 503]);
    for (const { id } of await api.parts.hall.list({ limit: 9 })) await api.parts.hall.cancel(id);
  });
});

describe('slow clients', () => {
  it('closes 500 slow headers, 500 slow bodies and 100 silent ones in 10 s, and answers others meanwhile', async () => {
    const { port } = await listen();
    const opensMs: number[] = [];
    let longestMs = 0;
    const slow = [
      ...Array.from({ length: 500 }, () => open(port, POST)),
      ...Array.from({ length: 500 }, () => open(port, `${POST}Content-Length: 1000\r\n\r\n{`)),
      ...Array.from({ length: 100 }, () => open(port)),
    ];
    // Each sends a byte now and then: not silence, slowness is what is closed.
    const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('x')), 400);
    let isOver = false;
    // From when the service could know of it: opening so many takes a busy machine its own time.
    slow.forEach((socket, i) => {
      socket.once('connect', () => (opensMs[i] = performance.now()));
      socket.once('close', () => (longestMs = Math.max(longestMs, performance.now() - opensMs[i]!)));
    });
    const all = Promise.all(slow.map(closed)).then(() => (isOver = true));
    const waitsMs: number[] = [];
    while (!isOver) {
      const askedMs = performance.now();
      const healthy = open(port, GET, '127.0.0.2');
      expect(await answers(healthy, 1)).toEqual([200]);
      waitsMs.push(performance.now() - askedMs);
      healthy.destroy();
      await Promise.race([all, new Promise((next) => setTimeout(next, 20))]);
    }
    clearInterval(drip);
    expect(longestMs).toBeGreaterThan(3_000);
    expect(longestMs).toBeLessThan(10_000);
    expect(waitsMs.length).toBeGreaterThan(5);
    // The machine is shared: the median is about a millisecond without others.
    expect(waitsMs.sort((a, b) => a - b)[waitsMs.length >> 1]).toBeLessThan(100);
  });

  it('closes who does not read a large result, having buffered little of it', async () => {
    const { api, port } = await listen({ 'http.stallTimeoutS': 0.4 });
    const payload = {
      kind: 'paths',
      spec: { paths: 4000, sampling: 'stepped', steps: 250, wholePaths: true },
      seed: 3,
    };
    const headers = { prefer: 'wait=30' };
    const { id, state } = (
      await api.app.inject({ method: 'POST', url: '/simulate', payload, headers })
    ).json<JobAnswer>();
    expect(state).toBe('done');
    const sockets: Socket[] = [];
    api.app.server.on('connection', (socket: Socket) => sockets.push(socket));
    const reader = connect(port, '127.0.0.1');
    opened.push(reader);
    reader.on('error', () => undefined);
    reader.write(`GET /results/${id}/paths.csv HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await connected(reader);
    while (sockets.length === 0) await new Promise(setImmediate);
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, sockets[0]!.writableLength)), 20);
    await closed(sockets[0]!);
    clearInterval(look);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1 << 20);
    expect((await api.app.inject(`/results/${id}`)).statusCode).toBe(200);
  });

  it('keeps an event stream that is read open beyond that time', async () => {
    const { api, port } = await listen({ 'http.stallTimeoutS': 0.2 });
    const { id } = (
      await api.app.inject({ method: 'POST', url: '/simulate', payload: long(4) })
    ).json<JobAnswer>();
    const watcher = open(
      port,
      `GET /status/${id} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
    );
    const alive = (): number => watcher.heard.split(': alive').length - 1;
    while (alive() < 5) await once(watcher, 'data');
    expect(watcher.closed).toBe(false);
    await api.parts.hall.cancel(id);
    while (!watcher.heard.includes('"state":"cancelled"')) await once(watcher, 'data');
  });
});
