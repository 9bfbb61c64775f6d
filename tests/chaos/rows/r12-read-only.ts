/** R12: folder or file of the store cannot be written. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../row.js';

/** Root may write everywhere: it gives that right up, and stays who may enter the folder of the program. */
const AS_OWNER = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'];

export const readOnly: Row = {
  id: 'R12',
  fault: 'a read-only folder, and a read-only store in a writable one',
  mustSee: 'refused at the start with one sentence that names path and user; exit code 1; nothing hangs',
  async run(lab) {
    const prefix = process.getuid?.() === 0 ? AS_OWNER : [];
    const seen: string[] = [];
    for (const what of ['folder', 'file'] as const) {
      const dir = join(lab.dir(), what);
      mkdirSync(dir);
      const store = join(dir, 'mms.db');
      chmodSync(join(dir, '..'), 0o755);
      if (what === 'file') writeFileSync(store, '', { mode: 0o444 });
      chmodSync(dir, what === 'file' ? 0o755 : 0o555);
      const port = ['--port', '0', '--router', 'tcp://127.0.0.1:0', '--no-local-node'];
      const program = lab.mms(['serve', ...port, '--store', store], { prefix });
      const code = await program.ended;
      const said = program.log.join(' ');
      if (code !== 1 || !said.includes(store) || !/user \d+/.test(said))
        throw new Error(`${what}: ended with ${code}: ${said}`);
      seen.push(`${what}: "${said.replaceAll(dir, '<dir>').replace(/\s+/g, ' ')}"`);
      chmodSync(dir, 0o755);
    }
    return seen.join('; ');
  },
};
