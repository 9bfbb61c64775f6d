/** R23: ten thousand clients at once, then ten thousand who watch a job. */
import { Client } from '../client.js';
import { ask, until } from '../http.js';
import { footprint, type Lab, type Service } from '../lab.js';
import { getText, isWhole, openRaw, postText, type Raw } from '../sockets.js';
import type { Row } from '../row.js';

const CLIENTS = 10_000;
const MAX_RSS_MB = 512;
/** What Node itself would take in a container of 512 MB, about; without a bound it clears up late. */
const HEAP_MB = 256;
const AT_ONCE = 250;

export const manyClients: Row = {
  id: 'R23',
  fault: `${CLIENTS} concurrent clients, then ${CLIENTS} event streams of one job, with a heap of ${HEAP_MB} MB`,
  mustSee: `every one answered; memory <= ${MAX_RSS_MB} MB, files back to what they were`,
  async run(lab) {
    const env = { MMS_LIMITS_MAX_QUEUED_JOBS: '20000', NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
    const service = await lab.service({ localThreads: 2, env });
    const before = footprint(service.pid);
    const client = new Client(() => service.url);
    const startMs = performance.now();
    const posts = await openAll(lab, service, postOf);
    const answers = await Promise.all(posts.map((raw) => idOf(raw)));
    const postS = (performance.now() - startMs) / 1000;
    answers.forEach((id, i) => client.entries.push({ wish: { spec: {}, seed: i }, key: '', tries: 1, id }));
    const rssMb = [before.rssMb, footprint(service.pid).rssMb];
    const { files } = footprint(service.pid);
    posts.forEach(({ socket }) => socket.destroy());
    await client.settle(60_000);

    const watched = await client.submit({ spec: { unitMs: 8_000 }, seed: 77_777 });
    const watch = getText(`/status/${watched.id}`, 'Accept: text/event-stream\r\n');
    const watchers = await openAll(lab, service, () => watch);
    await Promise.all(watchers.map((raw) => raw.until((received) => received.includes('event: status'))));
    rssMb.push(footprint(service.pid).rssMb);
    await Promise.all(watchers.map((raw) => raw.until((received) => received.includes('"state":"done"'))));
    rssMb.push(footprint(service.pid).rssMb);
    watchers.forEach(({ socket }) => socket.destroy());
    await client.verify();
    const told = `${rssMb.join(', ')} MB before, with clients, with streams, at their end`;
    if (Math.max(...rssMb) > MAX_RSS_MB) throw new Error(`memory: ${told}`);
    await until('files are closed', () => footprint(service.pid).files <= before.files + 10);
    const health = await ask(`${service.url}/health/ready`);
    if (health.status !== 200) throw new Error(`not ready: ${health.text}`);
    return `${CLIENTS} x 202 in ${postS.toFixed(1)} s (${files} files open), ${CLIENTS} streams saw the end; ${told}`;
  },
};

/** Ten thousand connections from four addresses, some at a time; each says its words as soon as it stands. */
async function openAll(lab: Lab, service: Service, words: (i: number) => string): Promise<Raw[]> {
  const raws: Raw[] = [];
  lab.atEnd(() => raws.forEach(({ socket }) => socket.destroy()));
  const one = async (i: number): Promise<void> => {
    const raw = await openRaw(service.url, `127.0.0.${1 + (i % 4)}`);
    raw.socket.write(words(i));
    raws[i] = raw;
  };
  for (let first = 0; first < CLIENTS; first += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(first + i)));
  }
  return raws;
}

function postOf(seed: number): string {
  return postText('/simulate', { kind: 'chaos', spec: {}, seed });
}

/** Resolves with the id of the job that was accepted. */
async function idOf(raw: Raw): Promise<string> {
  const answer = await raw.until(isWhole);
  if (!answer.startsWith('HTTP/1.1 202')) throw new Error(answer.slice(0, 400));
  return /"task_id":"(\w+)"/.exec(answer)![1]!;
}
