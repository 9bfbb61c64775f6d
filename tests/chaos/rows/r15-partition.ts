/** R15: the cable of a node in a network namespace is cut, flaps, or carries only one way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, heldP99, wishes } from '../client.js';
import { ask, until } from '../http.js';
import type { Service } from '../lab.js';
import { missingAbility, missingPrograms, missingRoot, sh } from '../machine.js';
import type { Row } from '../row.js';

const FLAPS = 20;
const MAX_GAP_MS = 50;
const CALM_MS = 3_000;
/** Detection takes three missed beats of half a second. */
const CUT_MS = 4_000;
const NAMES = { space: 'mms-chaos', here: 'mmschaos0', there: 'mmschaos1' };
const ADDRESS = { here: '10.211.77.1', there: '10.211.77.2' };

export const partition: Row = {
  id: 'R15',
  fault: `a node's link goes down, flaps ${FLAPS} times at 1 Hz, carries only one way`,
  mustSee:
    'its work runs elsewhere; the other node goes on (p99 < 50 ms from start to start); it joins again when healed',
  missing: () =>
    missingPrograms({ ip: 'iproute2' }) ??
    missingRoot('a network namespace') ??
    missingAbility('a network namespace', 'unshare', '--net', 'true'),
  async run(lab) {
    const { space, here, there } = NAMES;
    sh('ip', 'netns', 'add', space);
    lab.atEnd(() => sh('ip', 'netns', 'del', space));
    sh('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', space);
    sh('ip', 'addr', 'add', `${ADDRESS.here}/24`, 'dev', here);
    sh('ip', 'link', 'set', here, 'up');
    const inside = (...words: string[]): string => sh('ip', 'netns', 'exec', space, ...words);
    inside('ip', 'addr', 'add', `${ADDRESS.there}/24`, 'dev', there);
    inside('ip', 'link', 'set', there, 'up');
    inside('ip', 'link', 'set', 'lo', 'up');

    const service = await lab.service({ routerHost: ADDRESS.here, args: ['--insecure'] });
    const prefix = ['ip', 'netns', 'exec', space];
    await lab.node(service.router, 1, { id: 'far', prefix, args: ['--insecure'] });
    const near = await lab.node(service.router, 1, { id: 'near', args: ['--insecure'] });
    const log = join(lab.dir(), 'log');
    const client = new Client(() => service.url);
    await client.load(wishes(20, {}, 1_000_000), 20);
    await client.settle();
    const load = steadyLoad(client, log);
    await sleep(CALM_MS);
    const faultMs = Date.now();

    const seen: string[] = [];
    sh('ip', 'link', 'set', here, 'down');
    const lostMs = await without(service, 'far');
    await sleep(CUT_MS - 2_000);
    sh('ip', 'link', 'set', here, 'up');
    seen.push(`cut: lost after ${lostMs} ms, back ${await back(service)} ms after`);
    for (let flap = 0; flap < FLAPS; flap++) {
      sh('ip', 'link', 'set', here, flap % 2 === 0 ? 'down' : 'up');
      await sleep(500);
    }
    sh('ip', 'link', 'set', here, 'up');
    seen.push(`flaps: back ${await back(service)} ms after`);
    inside('ip', 'route', 'add', 'blackhole', `${ADDRESS.here}/32`);
    const deafMs = await without(service, 'far');
    inside('ip', 'route', 'del', 'blackhole', `${ADDRESS.here}/32`);
    seen.push(`one way: lost after ${deafMs} ms, back ${await back(service)} ms after`);
    const { before, during } = gaps(log, near.pid, faultMs);
    await load.stop();
    const listed = await client.verify({ log });
    const held = heldP99('from start to start on the near node', MAX_GAP_MS, before, during);
    seen.push(`${listed.length} jobs done, the other node from start to start ${held}`);
    return seen.join('; ');
  },
};

/** Eighty jobs of 15 ms a second until it is stopped: more than one thread bears, less than two. */
function steadyLoad(client: Client, log: string): { stop(): Promise<void> } {
  const all: Promise<unknown>[] = [];
  let seed = 1;
  const timer = setInterval(() => all.push(client.submit({ spec: { unitMs: 15, log }, seed: seed++ })), 12.5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(all);
    },
  };
}

async function nodesOf(service: Service): Promise<string[]> {
  return (await ask(`${service.url}/nodes`)).body.nodes.map(({ id }: { id: string }) => id);
}

async function without(service: Service, id: string): Promise<number> {
  return Math.round(await until(`${id} is lost`, async () => !(await nodesOf(service)).includes(id)));
}

async function back(service: Service): Promise<number> {
  return Math.round(await until('far is back', async () => (await nodesOf(service)).includes('far')));
}

/** Milliseconds between two starts on a node that always has work, up to and after a moment. */
function gaps(log: string, pid: number, faultMs: number): { before: number[]; during: number[] } {
  const starts = readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words[0] === 'start' && Number(words[4]) === pid)
    .map((words) => Number(words[5]));
  const all = starts.slice(1).map((atMs, i) => ({ atMs, gapMs: atMs - starts[i]! }));
  const of = (wanted: (atMs: number) => boolean): number[] =>
    all.filter(({ atMs }) => wanted(atMs)).map(({ gapMs }) => gapMs);
  return { before: of((atMs) => atMs < faultMs), during: of((atMs) => atMs >= faultMs) };
}
