/** R21: the wall clock of server and node leaps an hour forwards and backwards; the machine sleeps. */
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, wishes } from '../client.js';
import { metricsOf } from '../http.js';
import type { Row } from '../row.js';

const LIBRARY = '/usr/lib/*/faketime/libfaketimeMT.so.1';
const SLEEP_MS = 3_000;

export const clocks: Row = {
  id: 'R21',
  fault: 'the wall clock leaps one hour forwards, then two backwards; server and node sleep for 3 s',
  mustSee: 'no work is given up for it (every job at its first attempt); times of a job never run backwards',
  missing: () =>
    globSync(LIBRARY).length > 0 ? null : 'libfaketime not installed: apt-get install faketime',
  async run(lab) {
    const file = join(lab.dir(), 'clock');
    const leap = (to: string): void => writeFileSync(file, `${to}\n`);
    leap('+0');
    const env = {
      LD_PRELOAD: globSync(LIBRARY)[0]!,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
    const service = await lab.service({ env });
    const node = await lab.node(service.router, 2, { env });
    const client = new Client(() => service.url);
    const loaded = client.load(wishes(240, { units: 2, unitMs: 20 }), 40);
    const dates: string[] = [];
    for (const to of ['+1h', '-1h', '+0']) {
      await sleep(1_500);
      leap(to);
      await sleep(100);
      dates.push(new Date((await client.list())[0]!.createdMs).toISOString().slice(11, 16));
    }
    await loaded;
    const long = client.submit({ spec: { units: 6, unitMs: 400 }, seed: 1_000 });
    await long;
    for (const { pid } of [service, node]) process.kill(pid, 'SIGSTOP');
    await sleep(SLEEP_MS);
    for (const { pid } of [service, node]) process.kill(pid, 'SIGCONT');
    const listed = await client.verify();
    const again = listed.filter(({ attempts }) => attempts > 1).length;
    if (again > 0) throw new Error(`${again} jobs were tried again because of a clock`);
    const stale = (await metricsOf(service.url)).get('mms_router_dropped_messages_total') ?? 0;
    return `${listed.length} jobs at their first attempt, newest job's hour ${dates.join(', ')}; ${stale} messages dropped`;
  },
};
