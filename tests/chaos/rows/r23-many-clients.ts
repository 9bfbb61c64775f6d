/** R23: ten thousand clients at once, then ten thousand who watch a job. */
import { Client } from '../client.js';
import { ask, until } from '../http.js';
import { footprint, type Service } from '../lab.js';
import { getText, isWhole, openRaw, postText, type Raw } from '../sockets.js';
import type { Row } from '../row.js';

const CLIENTS = 10_000;
const MAX_RSS_MB = 512;
const AT_ONCE = 250;

export const manyClients: Row = {
  id: 'R23',
  fault: `${CLIENTS} concurrent clients, then ${CLIENTS} event streams of one job`,
  mustSee: `every one answered; memory <= ${MAX_RSS_MB} MB, files back to what they were`,
  async run(lab) {
    const service = await lab.service({ localThreads: 2, env: { MMS_LIMITS_MAX_QUEUED_JOBS: '20000' } });
    const before = footprint(service.pid);
    const client = new Client(() => service.url);
    const raws = await openAll(service, CLIENTS);
    lab.atEnd(() => raws.forEach(({ socket }) => socket.destroy()));
    const startMs = performance.now();
    const answers = await Promise.all(raws.map((raw, i) => post(raw, i)));
    const postS = (performance.now() - startMs) / 1000;
    answers.forEach((id, i) => client.entries.push({ wish: { spec: {}, seed: i }, key: '', tries: 1, id }));
    let rssMb = footprint(service.pid).rssMb;
    const { files } = footprint(service.pid);
    raws.forEach(({ socket }) => socket.destroy());
    await client.settle(60_000);

    const watched = await client.submit({ spec: { unitMs: 8_000 }, seed: 77_777 });
    const watchers = await openAll(service, CLIENTS);
    lab.atEnd(() => watchers.forEach(({ socket }) => socket.destroy()));
    const accept = 'Accept: text/event-stream\r\n';
    await Promise.all(
      watchers.map((raw) => {
        raw.socket.write(getText(`/status/${watched.id}`, accept));
        return raw.until((received) => received.includes('event: status'));
      }),
    );
    rssMb = Math.max(rssMb, footprint(service.pid).rssMb);
    await Promise.all(watchers.map((raw) => raw.until((received) => received.includes('"state":"done"'))));
    rssMb = Math.max(rssMb, footprint(service.pid).rssMb);
    watchers.forEach(({ socket }) => socket.destroy());
    await client.verify();
    if (rssMb > MAX_RSS_MB) throw new Error(`memory reached ${rssMb} MB`);
    await until('files are closed', () => footprint(service.pid).files <= before.files + 10);
    const health = await ask(`${service.url}/health/ready`);
    if (health.status !== 200) throw new Error(`not ready: ${health.text}`);
    return `${CLIENTS} x 202 in ${postS.toFixed(1)} s (${files} files open), ${CLIENTS} streams saw the end; at most ${rssMb} MB`;
  },
};

/** Opens so many connections from four source addresses, some at a time. */
async function openAll(service: Service, count: number): Promise<Raw[]> {
  const raws: Raw[] = [];
  while (raws.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - raws.length) }, (_, i) =>
      openRaw(service.url, `127.0.0.${1 + (i % 4)}`),
    );
    raws.push(...(await Promise.all(next)));
  }
  return raws;
}

/** Resolves with the id of the job. */
async function post(raw: Raw, seed: number): Promise<string> {
  raw.socket.write(postText('/simulate', { kind: 'chaos', spec: {}, seed }));
  const answer = await raw.until(isWhole);
  if (!answer.startsWith('HTTP/1.1 202')) throw new Error(answer.slice(0, 400));
  return /"task_id":"(\w+)"/.exec(answer)![1]!;
}
