/** R24: a thousand clients that send a byte now and then, and fifty that do not read their answer. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, heldP99 } from '../client.js';
import { askOften, calmly, until } from '../http.js';
import { footprint } from '../lab.js';
import { getText, openRaw, type Raw } from '../sockets.js';
import type { Row } from '../row.js';

const SLOW = 500;
const READERS = 20;
const STALL_S = 3;
const MAX_CLOSED_MS = 10_000;
const MAX_P99_MS = 100;
const MAX_GROWTH_MB = 400;

export const slowClients: Row = {
  id: 'R24',
  fault: `${SLOW} clients with slow headers, ${SLOW} with slow bodies, ${READERS} that do not read a large table`,
  mustSee: 'closed in <= 10 s; other clients meanwhile answered with p99 < 100 ms; memory bounded',
  async run(lab) {
    const service = await lab.service({ localThreads: 1, env: { MMS_HTTP_STALL_TIMEOUT_S: `${STALL_S}` } });
    const client = new Client(() => service.url);
    // 20 MB of CSV: more than the buffers of two sockets hold.
    const { id } = await client.submit({ spec: { rowsPerUnit: 1_000_000 }, seed: 24 });
    await client.settle();
    const before = footprint(service.pid);
    const status = `${service.url}/status/${id}`;
    const calm = await calmly(status);
    const amongSenders = askOften(status);

    const heads = await drip(
      lab.atEnd.bind(lab),
      service.url,
      'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
    );
    const head =
      'POST /simulate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{';
    const bodies = await drip(lab.atEnd.bind(lab), service.url, head);
    const slow = [...heads, ...bodies];
    await until(
      'slow senders are closed',
      () => slow.every((raw) => raw.closedMs() !== null),
      2 * MAX_CLOSED_MS,
    );
    const worstMs = Math.max(...slow.map((raw) => raw.closedMs()!));
    if (worstMs > MAX_CLOSED_MS)
      throw new Error(`a slow sender was closed only after ${worstMs.toFixed(0)} ms`);
    const senders = heldP99('GET /status among slow senders', MAX_P99_MS, calm, await amongSenders.stop());

    const readers: Raw[] = [];
    lab.atEnd(() => readers.forEach(({ socket }) => socket.destroy()));
    for (let i = 0; i < READERS; i++) {
      const reader = await openRaw(service.url, `127.0.0.${2 + (i % 3)}`);
      readers.push(reader);
      reader.socket.write(getText(`/results/${id}/rows.csv`));
      await reader.until((received) => received.startsWith('HTTP/1.1 200'));
      reader.socket.pause();
    }
    let mostMb = 0;
    const startMs = performance.now();
    // What the sockets take is made at full speed, which is load and not slowness: it is over first.
    await until('the buffers of the sockets are full', () => isAtRest(service.pid));
    const amongReaders = askOften(status);
    await until(
      'slow readers are closed',
      () => {
        mostMb = Math.max(mostMb, footprint(service.pid).rssMb);
        return (
          performance.now() - startMs > 1_000 * STALL_S && footprint(service.pid).files <= before.files + 10
        );
      },
      2 * MAX_CLOSED_MS,
    );
    const readersMs = performance.now() - startMs;
    const reading = heldP99('GET /status among slow readers', MAX_P99_MS, calm, await amongReaders.stop());
    if (mostMb > before.rssMb + MAX_GROWTH_MB)
      throw new Error(`memory grew from ${before.rssMb} to ${mostMb} MB`);
    await client.verify();
    return (
      `slow senders closed in <= ${(worstMs / 1000).toFixed(1)} s, readers after ${(readersMs / 1000).toFixed(1)} s; ` +
      `${senders}, then ${reading}; ${before.rssMb} -> ${mostMb} MB`
    );
  },
};

/** Five hundred connections that send `head` at once and then a letter every half second. */
async function drip(atEnd: (end: () => unknown) => void, url: string, head: string): Promise<Raw[]> {
  const raws = await Promise.all(
    Array.from({ length: SLOW }, (_, i) => openRaw(url, `127.0.0.${2 + (i % 3)}`)),
  );
  for (const { socket } of raws) socket.write(head);
  const timer = setInterval(
    () => raws.forEach(({ socket }) => void (socket.writable && socket.write('a'))),
    500,
  );
  atEnd(() => {
    clearInterval(timer);
    raws.forEach(({ socket }) => socket.destroy());
  });
  return raws;
}

/** True when a process used less than a fifth of a processor for a fifth of a second. */
async function isAtRest(pid: number): Promise<boolean> {
  const ticks = (): number => {
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(words[11]) + Number(words[12]);
  };
  const before = ticks();
  await sleep(200);
  return ticks() - before < 4;
}
