/** R10: writes and fsyncs of the store fail, or take very long. */
import { Client, quantile, wishes } from '../client.js';
import { until } from '../http.js';
import { missingPrograms } from '../machine.js';
import type { Lab } from '../lab.js';
import type { Row } from '../row.js';
import { inject } from '../strace.js';

const SYNC = 'fsync,fdatasync';
const FAULTS = [
  [SYNC, 'error=EIO:when=8+'],
  ['pwrite64', 'error=EIO:when=20+'],
] as const;

export const ioError: Row = {
  id: 'R10',
  fault: 'EIO on fsync, EIO on write, fsyncs of 0.1 s and 1 s',
  mustSee:
    'EIO: 503, the process leaves and recovers from disk, nothing acknowledged is lost; slow: only slower',
  missing: () => missingPrograms({ strace: 'strace' }),
  async run(lab) {
    const seen: string[] = [];
    for (const [calls, fault] of FAULTS) seen.push(await failing(lab, calls, fault));
    seen.push(await slow(lab));
    return seen.join('; ');
  },
};

async function failing(lab: Lab, calls: string, fault: string): Promise<string> {
  const service = await lab.keptService({ localThreads: 1 });
  const client = new Client(() => service.url, 'half');
  await inject(lab, service.now().pid, calls, fault);
  await client.load(wishes(150), 75);
  await until('the process has left', () => service.ends.length > 0);
  const listed = await client.verify({ counts: false });
  const refused = client.answers.get(503) ?? 0;
  if (service.ends[0] !== 1) throw new Error(`${calls}: left with ${service.ends[0]}`);
  return `${calls} ${fault.split(':')[0]}: ${refused} x 503, left with 1, ${listed.length} jobs done once each`;
}

async function slow(lab: Lab): Promise<string> {
  const service = await lab.service({ localThreads: 1 });
  const client = new Client(() => service.url);
  const seen: string[] = [];
  for (const [delayMs, count] of [
    [100, 60],
    [1_000, 20],
  ] as const) {
    const tracer = await inject(lab, service.pid, SYNC, `delay_enter=${delayMs * 1000}`);
    client.ackMs.length = 0;
    await client.load(wishes(count, {}, delayMs), 20);
    seen.push(`fsync of ${delayMs} ms: p50 of an ack ${quantile(client.ackMs, 0.5).toFixed(0)} ms`);
    await tracer.stop('SIGINT');
  }
  await client.verify();
  return `${seen.join(', ')}, nothing refused or lost`;
}
