/** scratch */
import * as protocol from './protocol.js';
import { scheduleOf, FLAVOURS } from './schedule.js';
import { simulate } from './world.js';
const [from, to] = process.argv.slice(2).map(Number) as [number, number];
const t0 = performance.now();
const bad = new Map<string, number>();
let shown = 0, execs = 0; const perF: Record<string, number> = {};
for (let seed = from; seed < to; seed++) {
  const t = performance.now();
  const o = simulate(scheduleOf(seed), protocol);
  const f = FLAVOURS[seed % 10]!;
  perF[f] = (perF[f] ?? 0) + performance.now() - t;
  execs += o.executions;
  if (o.faults.length) { const k = f + ' ' + o.faults[0]!.replace(/\d+/g, 'N'); bad.set(k, (bad.get(k) ?? 0) + 1); if (shown++ < 15) console.log(seed, f, o.faults.slice(0, 2)); }
}
console.log(to - from, 'schedules', ((performance.now() - t0) / 1000).toFixed(1), 's', execs, perF);
console.log([...bad].sort((a, b) => b[1] - a[1]).slice(0, 20));
