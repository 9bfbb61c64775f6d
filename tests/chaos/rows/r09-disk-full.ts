/** R9: the disk fills up under load and has room again later. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, wishes } from '../client.js';
import { ask, quietly, until } from '../http.js';
import { missingRoot, sh } from '../machine.js';
import type { Row } from '../row.js';

const DISK_KB = 6 * 1024;

export const diskFull: Row = {
  id: 'R9',
  fault: 'the disk is full, and has room again later',
  mustSee:
    '503 with Retry-After and not ready, reads answered till it leaves; all acknowledged jobs are there after',
  missing: () => missingRoot('a small tmpfs'),
  async run(lab) {
    const disk = lab.dir();
    sh('mount', '-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'tmpfs', disk);
    lab.atEnd(() => sh('umount', '-l', disk));
    const service = await lab.keptService({ dir: disk, localThreads: 1 });
    const client = new Client(() => service.url);
    await client.load(wishes(50, { rowsPerUnit: 100 }), 100);
    await client.settle();
    const { id: old } = client.entries[0]!;
    const filler = join(disk, 'filler');
    const seen = { full: 0, unready: 0, reads: 0, code: '', retryAfter: '' };
    fill(filler);
    for (let seed = 1_000; seen.full === 0 || seen.unready === 0; seed++) {
      if (seed > 6_000) throw new Error(`the full disk was not noticed: ${JSON.stringify(seen)}`);
      await quietly(async () => {
        const body = { kind: 'chaos', spec: { rowsPerUnit: 100 }, seed };
        const headers = { 'idempotency-key': `early-${seed}` };
        const answer = await ask(`${service.url}/simulate`, { method: 'POST', body, headers });
        if (answer.status === 202)
          client.entries.push({ wish: body, key: '', tries: 1, id: answer.body.task_id });
        if (answer.status !== 503) return true;
        seen.full++;
        seen.code ||= answer.body.code;
        seen.retryAfter ||= answer.headers['retry-after'] ?? 'none';
        if ((await ask(`${service.url}/health/ready`)).status === 503) seen.unready++;
        if ((await ask(`${service.url}/status/${old}`)).status === 200) seen.reads++;
        return true;
      });
      if (service.ends.length > 0 && seen.unready === 0) break;
    }
    await until('the process has left', () => service.ends.length > 0);
    const starts = service.starts();
    await until(
      'it was started while the disk is full',
      () => service.refusals.length > 0 || service.starts() > starts,
    );
    const whileFull = service.refusals.length > 0 ? 'is refused' : 'serves reads';
    rmSync(filler);
    await until('it is back', () =>
      quietly(async () => (await ask(`${service.url}/health/ready`)).status === 200),
    );
    await client.load(wishes(20, { rowsPerUnit: 100 }, 10_000), 100);
    await known(client);
    if (seen.full === 0 || seen.unready === 0 || seen.reads === 0 || seen.retryAfter === 'none')
      throw new Error(`seen only ${JSON.stringify(seen)}`);
    return (
      `503 ${seen.code} (Retry-After ${seen.retryAfter}), not ready, reads answered; left with ${service.ends[0]}, ` +
      `a start on the full disk ${whileFull}; ${client.entries.length} acknowledged jobs done`
    );
  },
};

/** Fills the disk to its last block. */
function fill(filler: string): void {
  for (const size of [65_536, 4_096, 512]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size, 1), { flag: 'a' });
    } catch {
      continue;
    }
  }
}

/** What was not acknowledged may be there all the same (G2): only acknowledged jobs are judged here. */
async function known(client: Client): Promise<void> {
  await client.settle();
  const ids = new Set(client.entries.map(({ id }) => id));
  const listed = await client.list();
  const extra = listed.filter(({ id }) => !ids.has(id));
  for (const { id } of extra)
    client.entries.push({ wish: { spec: { rowsPerUnit: 100 }, seed: 0 }, key: '', tries: 1, id });
  const lost = [...ids].filter((id) => !listed.some((job) => job.id === id && job.state === 'done'));
  if (lost.length > 0) throw new Error(`I1 ${lost.length} acknowledged jobs are not done, e.g. ${lost[0]}`);
}
