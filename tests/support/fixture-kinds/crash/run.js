/** Fixture: ends its thread (spec.process false) or kills its whole process, unless spec.marker exists already. */
import { existsSync, writeFileSync } from 'node:fs';

export function run({ spec, from, to }) {
  if (spec.marker && existsSync(spec.marker)) {
    return [{ name: 'echo', rows: to - from, columns: [new Uint32Array(to - from)] }];
  }
  if (spec.marker) writeFileSync(spec.marker, '');
  if (spec.process) process.kill(process.pid, 'SIGKILL');
  return process.exit(3);
}
