/** `mms instruments`: the instruments that --instrument knows, with their parts of a spec. */
import { instruments } from '../data/instruments.js';
import type { Io } from './io.js';

export function showInstruments(json: boolean, io: Io): number {
  const all = [...instruments().values()];
  if (json) {
    io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, title, currency } of all) io.out(`${name.padEnd(width)}  ${title}, ${currency}\n`);
  io.talk('\nUse one: mms run --instrument <name>; all fields: mms instruments --json\n');
  return 0;
}
