/** R5: jobs that use up all memory in five ways; two of them end the thread, the others the whole process. */
import { Client, heldP99, wishes } from '../client.js';
import { askOften, calmly } from '../http.js';
import { footprint } from '../lab.js';
import type { Row } from '../row.js';

const SHAPES = ['oom-array', 'oom-push', 'oom-strings', 'oom-objects'] as const;
const HEAP_MB = 64;
/** Address space of the node: typed arrays are outside the heap. */
const SPACE_KB = 4 * 1024 * 1024;
const MAX_P99_MS = 100;

export const memory: Row = {
  id: 'R5',
  fault: 'out of memory in four shapes of the heap, and by typed arrays',
  mustSee:
    'E_POISON or E_JOB for that job alone; the API answers as before (p99 < 100 ms); memory is given back',
  async run(lab) {
    const service = await lab.service();
    const live = `${service.url}/health/live`;
    const calm = await calmly(live);
    const before = footprint(service.pid);
    const node = await lab.keptNode(service.router, 1, {
      prefix: ['bash', '-c', `ulimit -v ${SPACE_KB}; exec "$@"`, 'node'],
      env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
    });
    const client = new Client(() => service.url);
    for (const [i, act] of SHAPES.entries()) {
      await client.submit({ spec: { act }, seed: 10 + i, ends: 'E_POISON' });
    }
    await client.submit({ spec: { act: 'oom-typed' }, seed: 20, ends: 'E_JOB' });
    const asking = askOften(live);
    await client.load(wishes(40, { unitMs: 10 }, 100), 20);
    const listed = await client.verify({ withinMs: 80_000 });
    const held = heldP99('GET /health/live', MAX_P99_MS, calm, await asking.stop());
    const after = footprint(service.pid);
    if (after.rssMb > before.rssMb + 128) throw new Error(`the service grew to ${after.rssMb} MB`);
    const typed = listed.find(({ problem }) => problem?.code === 'E_JOB')!;
    const told = typed.problem!.detail.replace(/.*failed: /, '');
    return `4 x E_POISON, E_JOB "${told}", 40 others done, ${node.restarts()} restarts, ${held}`;
  },
};
