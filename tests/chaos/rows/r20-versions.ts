/** R20: nodes and stores of other versions meet this one. */
import { Dealer } from 'zeromq';
import { decode, encode } from '../../../src/wire/codec.js';
import { PROTOCOL } from '../../../src/wire/messages.js';
import { Client, wishes } from '../client.js';
import { ask } from '../http.js';
import type { Lab, Service } from '../lab.js';
import type { Row } from '../row.js';

const OLDER = '0.0.9';
const NEWER = '9.9.9';

export const versions: Row = {
  id: 'R20',
  fault: 'a node of another version, another wire protocol, a store that an older version left',
  mustSee:
    'refused with the reason and what to install; results of two versions never mix; open jobs are finished',
  async run(lab) {
    const dir = lab.dir();
    const old = await lab.service({ dir });
    const node = await lab.node(old.router, 1);
    const client = new Client(() => old.url);
    await client.load(wishes(10), 100);
    await client.verify();
    const seen = [await otherNode(lab, old), await otherProtocol(old)];
    await node.stop();
    await client.load(wishes(10, {}, 100), 100);
    await old.stop();

    const next = await lab.service({ dir, version: NEWER });
    await lab.node(next.router, 1, { version: NEWER });
    const later = new Client(() => next.url);
    await later.settle();
    const open = (await later.list()).filter(({ state }) => state !== 'done');
    if (open.length > 0) throw new Error(`${open.length} jobs of the older version did not end`);
    const { id } = client.entries[0]!;
    const before = (await ask(`${next.url}/status/${id}`)).body;
    const { body: again } = await ask(`${next.url}/simulate`, {
      method: 'POST',
      body: { kind: 'chaos', spec: {}, seed: client.entries[0]!.wish.seed },
      headers: { prefer: 'wait=10' },
    });
    if (again.cached || again.key === before.key) throw new Error('a result of the older version was taken');
    if (again.digest !== before.digest) throw new Error('the two versions give different digests');
    const result = await ask(`${next.url}/results/${id}`);
    if (result.status !== 200) throw new Error(`the old result answers ${result.status}`);
    seen.push('10 open jobs of the older version done, its result readable, the same question computed anew');
    return seen.join('; ');
  },
};

async function otherNode(lab: Lab, service: Service): Promise<string> {
  const node = lab.startNode(service.router, 1, { version: OLDER });
  const code = await node.ended;
  const said = node.log.at(-1) ?? '';
  if (code !== 2 || !said.includes(OLDER))
    throw new Error(`the older node ended with ${code}: ${node.log.join(' ')}`);
  return `node: exit code ${code}, "${said}"`;
}

async function otherProtocol({ router }: Service): Promise<string> {
  const dealer = new Dealer({ linger: 0, receiveTimeout: 5_000 });
  dealer.connect(router);
  await dealer.send([
    Buffer.from(encode({ type: 'hello', protocol: PROTOCOL + 1, shards: [1], name: 'next' })),
  ]);
  const [head] = await dealer.receive();
  dealer.close();
  const { type, reason } = decode(head!) as { type: string; reason: string };
  if (type !== 'reject') throw new Error(`a HELLO of the next protocol was answered with ${type}`);
  return `protocol: "${reason}"`;
}
