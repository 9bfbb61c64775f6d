/** R17: nodes and servers come up in any order, and a server comes back at its old address. */
import { Client } from '../client.js';
import { ask, until } from '../http.js';
import type { Lab, Service } from '../lab.js';
import type { Row } from '../row.js';

const MAX_JOIN_MS = 2_000;

export const order: Row = {
  id: 'R17',
  fault: 'a node before its router, a job before its node, a router that comes back at its address',
  mustSee: 'joined <= 2 s after the router is there; the first job is not lost',
  async run(lab) {
    const at = { dir: lab.dir(), port: await lab.port(), routerPort: await lab.port() };
    const joins: number[] = [];
    lab.startNode(`tcp://127.0.0.1:${at.routerPort}`, 1, { id: 'early' });
    let service = await lab.service(at);
    const client = new Client(() => service.url);
    await client.submit({ spec: {}, seed: 1 });
    joins.push(await joined(service));
    await client.settle();
    for (let restart = 0; restart < 3; restart++) {
      await service.stop(restart % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      service = await lab.service(at);
      await client.submit({ spec: {}, seed: 10 + restart });
      joins.push(await joined(service));
      await client.settle();
    }
    const late = await jobBeforeNode(lab);
    const listed = await client.verify({ counts: false });
    const worst = Math.round(Math.max(...joins, late));
    if (worst > MAX_JOIN_MS) throw new Error(`a node joined only after ${worst} ms`);
    return `joined in <= ${worst} ms in ${joins.length + 1} orders; ${listed.length + 1} first jobs done`;
  },
};

async function joined(service: Service): Promise<number> {
  return until('a node has joined', async () => (await ask(`${service.url}/nodes`)).body.nodes.length === 1);
}

/** Milliseconds from the joining of a node to the end of a job that waited for it. */
async function jobBeforeNode(lab: Lab): Promise<number> {
  const service = await lab.service();
  const client = new Client(() => service.url);
  await client.submit({ spec: {}, seed: 5 });
  await lab.node(service.router, 1);
  const ms = await client.settle();
  await client.verify();
  return ms;
}
