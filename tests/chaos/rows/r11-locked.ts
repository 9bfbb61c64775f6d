/** R11: another process holds the write lock of the store, for a while or for long. */
import { Client, heldP99, wishes } from '../client.js';
import { askOften, calmly, until } from '../http.js';
import type { Lab } from '../lab.js';
import type { Row } from '../row.js';

const MAX_P99_MS = 100;
/** Holds the lock for so many milliseconds; prints a line when it has it. */
const HOLDER = `
  const db = new (await import('better-sqlite3')).default(process.argv[1], { timeout: 2000 });
  db.exec('BEGIN IMMEDIATE');
  process.stderr.write('locked\\n');
  setTimeout(() => { db.exec('ROLLBACK'); db.close(); }, Number(process.argv[2]));`;

async function hold(lab: Lab, store: string, forMs: number): Promise<void> {
  const code = ['--input-type=module', '-e', HOLDER, store, `${forMs}`];
  const holder = lab.run([process.execPath, ...code], { cwd: process.cwd() });
  await until('the store is locked', () => holder.log.includes('locked'));
}

export const locked: Row = {
  id: 'R11',
  fault: 'another process holds the write lock for 2 s, then for 8 s',
  mustSee:
    'commits wait and the API goes on (p99 < 100 ms); after 5 s 503 and a restart; nothing acknowledged is lost',
  async run(lab) {
    const service = await lab.keptService({ localThreads: 1 });
    const client = new Client(() => service.url);
    await client.load(wishes(20), 100);
    const url = `${service.url}/status/${client.entries[0]!.id}`;
    const calm = await calmly(url);
    const asking = askOften(url);
    await hold(lab, service.now().store, 2_000);
    await client.load(wishes(20, {}, 100), 100);
    const held = heldP99('GET /status', MAX_P99_MS, calm, await asking.stop());
    if (service.ends.length > 0) throw new Error('it left although the lock was short');
    await hold(lab, service.now().store, 8_000);
    await client.load(wishes(20, {}, 200), 100);
    const listed = await client.verify({ counts: false });
    if (service.ends[0] !== 1) throw new Error(`expected exit code 1; got ${service.ends[0]}`);
    const refused = client.answers.get(503) ?? 0;
    return `2 s: nothing refused, ${held}; 8 s: ${refused} x 503, left with 1; ${listed.length} jobs done`;
  },
};
