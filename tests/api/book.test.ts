/** The watched book: the frames are the job's own series, depth and fills; who may watch, and how many. */
import { decode } from '@msgpack/msgpack';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate, type SentFrame } from '../../src/api/routes/book.js';
import type { JobAnswer } from '../../src/api/view.js';
import type { BookFrame } from '../../src/contract/kind.js';
import { startApi, type TestApi } from '../support/api.js';

type Message = { readonly type: string } & SentFrame;

let api: TestApi;
let port: number;
let job: JobAnswer;

async function submit(payload: object): Promise<JobAnswer> {
  const headers = { prefer: 'wait=30' };
  return (await api.app.inject({ method: 'POST', url: '/v1/jobs', payload, headers })).json();
}

/** A second of 20 simulated ones, a row of the series each. */
const seconds = 20;
beforeAll(async () => {
  api = await startApi({ 'limits.maxBooks': 1 });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
  const market = { type: 'cont-stoikov-talreja', durationS: seconds };
  job = await submit({
    kind: 'market-making',
    spec: { market, runs: 2, seriesPoints: seconds + 1 },
    seed: 4,
  });
  expect(job.state).toBe('done');
});
afterAll(() => api.close());

const address = (query: string, id = job.id): string => `ws://127.0.0.1:${port}/v1/jobs/${id}/book?${query}`;

/** All messages of a socket to its close, which must be a good one. */
async function messagesOf(query: string): Promise<Message[]> {
  const socket = new WebSocket(address(query));
  socket.binaryType = 'arraybuffer';
  const messages: Message[] = [];
  socket.onmessage = ({ data }: { data: string | ArrayBuffer }) =>
    messages.push((typeof data === 'string' ? JSON.parse(data) : decode(data)) as Message);
  const code = await new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  expect(code).toBe(1000);
  return messages;
}

/** What the request for a socket is answered: the status, and the code of the problem where it is one. */
async function refusalOf(url: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  const asked = request(url.replace('ws:', 'http:'), { headers: { ...upgrade, ...key, ...headers } }).end();
  const [answer] = await once(asked, 'response');
  let body = '';
  for await (const piece of answer) body += piece;
  return [answer.statusCode, (JSON.parse(body) as { code: string }).code];
}

describe('frames', () => {
  it('are what the job computed: series, depth and fills, to the last digit', async () => {
    const [start, ...rest] = await messagesOf('speed=20&framesPerS=20');
    expect(start).toEqual({ type: 'start', id: job.id, seed: job.seed, speed: 20 });
    expect(rest.at(-1)).toEqual({ type: 'end' });
    const frames = rest.slice(0, -1);
    const { tables } = await api.parts.hall.result(job.id);
    const columnsOf = (name: string): Record<string, number[]> => {
      const table = tables.find((candidate) => candidate.name === name)!;
      return Object.fromEntries(table.decl.columns.map((decl, c) => [decl.name, [...table.columns[c]!]]));
    };
    const series = columnsOf('series');
    expect(frames.length).toBe(seconds + 1);
    for (const name of ['tNs', 'ownBidTicks', 'ownAskTicks', 'inventoryLots', 'pnl', 'feesPaid'] as const)
      expect(
        frames.map((frame) => frame[name]),
        name,
      ).toEqual(series[name]);
    const depth = columnsOf('depth');
    const levels = depth['tNs']!.map((tNs, i) => ({
      tNs,
      side: depth['side']![i],
      level: [depth['priceTicks']![i], depth['qtyLots']![i]],
    }));
    for (const { tNs, bids, asks } of frames) {
      const of = (side: number) =>
        levels.filter((row) => row.tNs === tNs && row.side === side).map(({ level }) => level);
      expect([bids, asks]).toEqual([of(0), of(1)]);
    }
    const fills = columnsOf('fills');
    const seen = frames.flatMap((frame) => frame.fills);
    expect(seen.length).toBeGreaterThan(3);
    for (const name of ['tNs', 'side', 'priceTicks', 'qtyLots', 'fee'] as const)
      expect(
        seen.map((fill) => fill[name]),
        name,
      ).toEqual(fills[name]);
  });

  it('come at their pace, as MessagePack where that is asked for', async () => {
    const before = performance.now();
    const messages = await messagesOf('speed=40&framesPerS=10&levels=2&format=msgpack');
    const frames = messages.filter(({ type }) => type === 'book');
    expect(frames.map(({ tNs }) => tNs / 1e9)).toEqual([0, 4, 8, 12, 16, 20]);
    expect(performance.now() - before).toBeGreaterThan(490);
    expect(Math.max(...frames.map(({ bids }) => bids.length))).toBe(2);
  });
});

describe('a watch is refused', () => {
  it('for what has no book, with a reason in HTTP', async () => {
    const paths = await submit({ kind: 'paths', spec: { paths: 1000 }, seed: 1 });
    expect(await refusalOf(address('', paths.id))).toEqual([409, 'E_CONFLICT']);
    expect(await refusalOf(address('', '01ARZ3NDEKTSV4RRFFQ69G5FAV'))).toEqual([404, 'E_NOT_FOUND']);
    for (const query of ['speed=0', 'speed=1e3', 'levels=2.5', 'framesPerS=21', 'format=xml', 'sped=1'])
      expect(await refusalOf(address(query)), query).toEqual([422, 'E_SPEC']);
    const plain = await api.app.inject(`/v1/jobs/${job.id}/book`);
    expect([plain.statusCode, plain.json<{ code: string }>().code]).toEqual([426, 'E_UPGRADE']);
  });

  it('for pages of others, and under other names of this machine', async () => {
    expect(await refusalOf(address(''), { origin: 'http://evil.example' })).toEqual([403, 'E_ORIGIN']);
    expect(await refusalOf(address(''), { 'sec-fetch-site': 'cross-site' })).toEqual([403, 'E_ORIGIN']);
    expect(await refusalOf(address(''), { host: 'evil.example' })).toEqual([403, 'E_ORIGIN']);
  });

  it('while as many are watched as may be, and not after one has gone', async () => {
    const one = new WebSocket(address('speed=0.1'));
    await new Promise((resolve) => (one.onmessage = resolve));
    expect(await refusalOf(address(''))).toEqual([503, 'E_BUSY']);
    one.close();
    while (api.parts.books.isFull()) await new Promise(setImmediate);
    expect((await messagesOf('speed=3600')).at(-1)).toEqual({ type: 'end' });
  });
});

it('a wish to upgrade elsewhere is not heard', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/health/live`);
  expect(answer.status).toBe(200);
  const asked = request(`http://127.0.0.1:${port}/health/live`, {
    headers: { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': '' },
  }).end();
  const [heard] = await once(asked, 'response');
  expect(heard.statusCode).toBe(200);
  heard.resume();
});

it('a slow reader skips frames, and gets their fills with the next', () => {
  let unread = 0;
  const sent: SentFrame[] = [];
  const gate = createGate(
    (frame) => sent.push(frame),
    () => unread,
  );
  const frame = (tNs: number, fills = 1): BookFrame => ({
    tNs,
    bids: [],
    asks: [],
    ownBidTicks: -1,
    ownAskTicks: -1,
    inventoryLots: 0,
    pnl: 0,
    feesPaid: 0,
    fills: Array.from({ length: fills }, () => ({ tNs, side: 0, priceTicks: 1, qtyLots: 1, fee: 0 })),
  });
  gate(frame(1));
  unread = 100_000;
  gate(frame(2));
  gate(frame(3));
  unread = 0;
  gate(frame(4));
  gate(frame(5));
  expect(sent.map(({ tNs, skipped }) => [tNs, skipped])).toEqual([[1, 0], [4, 2], [5, 2]]); // prettier-ignore
  expect(sent.map(({ fills }) => fills.map(({ tNs }) => tNs))).toEqual([[1], [2, 3, 4], [5]]);
  unread = 100_000;
  for (let i = 0; i < 5; i++) gate(frame(6, 900));
  unread = 0;
  gate(frame(7, 0));
  expect(sent.at(-1)!.fills.length).toBe(1_000);
});
