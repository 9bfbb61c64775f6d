/** R13: bits of the store flip, a page is overwritten, the write-ahead log is cut. */
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { Client, wishes } from '../client.js';
import { ask } from '../http.js';
import type { Lab } from '../lab.js';
import { rowsOf } from '../kind/spec.js';
import { createRandom } from '../random.js';
import type { Row } from '../row.js';

const FLIPS = 300;
const SPEC = { rowsPerUnit: 40 };

export const corruption: Row = {
  id: 'R13',
  fault: '300 bit flips in stored results, an overwritten page, a cut write-ahead log',
  mustSee:
    'every flip noticed (E_CORRUPT_RESULT) and computed anew when asked again; a damaged file refused at the start',
  async run(lab) {
    return [await flips(lab), await page(lab), await cutLog(lab)].join('; ');
  },
};

/** One bit in the numbers of each of 300 results. */
async function flips(lab: Lab): Promise<string> {
  const dir = lab.dir();
  const before = await lab.service({ dir, localThreads: 2 });
  const client = new Client(() => before.url);
  await client.load(wishes(FLIPS, SPEC), 300);
  await client.verify();
  await before.stop();
  const random = createRandom(13);
  const file = readFileSync(before.store);
  const fd = openSync(before.store, 'r+');
  for (const { wish } of client.entries) {
    const values = rowsOf(SPEC, wish.seed, 0, 1).columns[1]!;
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const [byte, bit] = [Math.floor(random() * bytes.length), Math.floor(random() * 8)];
    let copies = 0;
    // A page that was split leaves an old copy of its rows behind: the bit flips in all of them.
    for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + 1), copies++) {
      writeSync(fd, Buffer.of(file[at + byte]! ^ (1 << bit)), 0, 1, at + byte);
    }
    if (copies === 0) throw new Error(`the numbers of seed ${wish.seed} are not in the file as they are`);
  }
  closeSync(fd);
  const after = await lab.service({ dir, localThreads: 2 });
  let noticed = 0;
  for (const { id } of client.entries) {
    const { status, body } = await ask(`${after.url}/results/${id}/rows.json`);
    if (status === 500 && body.code === 'E_CORRUPT_RESULT') noticed++;
    else if (status === 200) throw new Error(`a flipped bit of ${id} was served`);
  }
  if (noticed !== FLIPS) throw new Error(`${noticed} of ${FLIPS} flips were noticed`);
  const again = new Client(() => after.url);
  await again.load(wishes(FLIPS, SPEC), 300);
  await again.settle();
  let healed = 0;
  for (const { id } of client.entries) if ((await ask(`${after.url}/results/${id}`)).status === 200) healed++;
  if (healed !== FLIPS) throw new Error(`${healed} of ${FLIPS} results came back when asked for again`);
  await after.stop();
  return `${noticed} of ${FLIPS} flips noticed, all computed anew`;
}

/** A page of the file is overwritten. */
async function page(lab: Lab): Promise<string> {
  const service = await lab.service({ localThreads: 1 });
  const client = new Client(() => service.url);
  await client.load(wishes(50, SPEC), 200);
  await client.verify();
  await service.stop();
  const fd = openSync(service.store, 'r+');
  writeSync(fd, Buffer.alloc(4096, 0xa5), 0, 4096, 4096);
  closeSync(fd);
  const started = lab.mms([
    'serve',
    '--port',
    '0',
    '--router',
    'tcp://127.0.0.1:0',
    '--store',
    service.store,
  ]);
  const code = await started.ended;
  const said = started.log.join(' ');
  if (code === 0 || !/damaged/.test(said) || !/restore/.test(said))
    throw new Error(`ended with ${code}: ${said}`);
  return `overwritten page: refused, exit code ${code}, "${said.replaceAll(service.dir, '<dir>')}"`;
}

/** The log of a killed service loses its second half, as after a broken copy. */
async function cutLog(lab: Lab): Promise<string> {
  const dir = lab.dir();
  const before = await lab.service({ dir, localThreads: 1 });
  const client = new Client(() => before.url);
  await client.load(wishes(100, SPEC), 200);
  await client.settle();
  await before.stop('SIGKILL');
  const log = `${before.store}-wal`;
  const bytes = statSync(log).size;
  truncateSync(log, Math.floor(bytes / 2) + 100);
  const after = await lab.service({ dir, localThreads: 1 });
  const left = new Client(() => after.url);
  await left.settle();
  const jobs = await left.list();
  const known = new Set(client.entries.map(({ id }) => id));
  if (jobs.length === 0 || jobs.some(({ id, state }) => !known.has(id) || state !== 'done'))
    throw new Error(`after the cut ${jobs.length} jobs are listed, some unknown or open`);
  return `log cut at ${bytes >> 1} of ${bytes} bytes: starts with the ${jobs.length} jobs of its whole commits`;
}
