/** Settings on SIGHUP: hot ones are taken and felt, others named, a file that is wrong changes nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, valueOf } from '../../src/ops/config.js';
import { isHot, reload, takeHot } from '../../src/ops/hot.js';
import { createLog } from '../../src/ops/log.js';
import { SETTING_KEYS, SETTINGS, type Setting } from '../../src/ops/settings.js';
import { startApi } from '../support/api.js';
import { freshDir, post, startService } from '../support/service.js';

/** Another value that the setting may have. */
function otherValue({ type, default: usual, min = 0, max = 0, oneOf }: Setting): unknown {
  if (type === 'boolean') return usual !== true;
  if (type === 'string') return oneOf?.find((one) => one !== usual) ?? 'other';
  return [min + 1, min + 2, max / 2].find((one) => one !== usual && one <= max);
}

describe('taking the hot settings', () => {
  it('writes them where all parts see them, and names the others', () => {
    const flags = Object.fromEntries(
      SETTING_KEYS.filter((key) => key !== 'router.bind').map((key) => [key, otherValue(SETTINGS[key])]),
    );
    const [live, next] = [loadConfig().config, loadConfig({ flags, listens: false }).config];
    const { limits, http } = live;
    const { taken, waiting } = takeHot(live, next);
    expect([...taken, ...waiting].sort()).toEqual(Object.keys(flags).sort());
    for (const key of SETTING_KEYS)
      expect([key, valueOf(live, key) === valueOf(next, key)]).toEqual([
        key,
        isHot(key) || key === 'router.bind',
      ]);
    expect([live.limits, live.http]).toEqual([limits, http]);
    expect(live.limits).toBe(limits);
    expect(taken).toContain('limits.maxRequestsPerMin');
    expect(waiting).toContain('http.port');
    expect(takeHot(live, live)).toEqual({ taken: [], waiting: [] });
  });

  it('keeps the old ones for a file that is wrong, with one line of log and a metric', () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog('info', {
      write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]),
    });
    const gauges: unknown[] = [];
    const live = loadConfig().config;
    const before = structuredClone(live);
    const read = (text: string): void =>
      reload({
        live,
        log,
        metrics: { gauge: (...given) => void gauges.push(given) },
        load: () => loadConfig({ file: 'x.yaml', read: () => text }),
        changed: () => undefined,
      });
    read('limits: { maxUnits: 5, maxQueudJobs: 1 }\nredis: { url: 7 }\n');
    expect(live).toEqual(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', msg: 'configuration refused; the old one stays' });
    expect(JSON.stringify(lines[0]!['errors'])).toMatch(/maxQueuedJobs.*redis\.url/);
    read('limits: { maxUnits: 5 }\nhttp: { port: 1 }\n');
    expect([live.limits.maxUnits, live.http.port]).toEqual([5, 8080]);
    expect(lines.slice(1)).toMatchObject([
      { level: 'info', taken: ['limits.maxUnits'] },
      { level: 'warn', waiting: ['http.port'] },
    ]);
    expect(gauges).toEqual([
      ['mms_config_reload_failed', 1],
      ['mms_config_reload_failed', 0],
    ]);
  });

  it('is felt by requests at once, for specs too that came before', async () => {
    const api = await startApi();
    const { config } = api.parts;
    const payload = { kind: 'paths', spec: { paths: 10 }, seed: 1 };
    const ask = async (): Promise<number> => {
      const headers = { prefer: 'wait=20' };
      return (await api.app.inject({ method: 'POST', url: '/v1/jobs', payload, headers })).statusCode;
    };
    expect(await ask()).toBe(200);
    const set = (flags: Record<string, unknown>) => takeHot(config, loadConfig({ flags }).config);
    set({ 'limits.maxResultBytes': 1024, 'limits.maxJobCoreS': 0.001, 'limits.maxUnits': 1 });
    payload.spec = { paths: 1e6 };
    expect(await ask()).toBe(422);
    set({});
    expect(await ask()).toBe(200);
    set({ 'limits.maxUnits': 1 });
    payload.seed = 2;
    expect(await ask()).toBe(422);
    set({ 'limits.maxRequestsPerMin': 1 });
    expect((await api.app.inject('/v1/kinds')).statusCode).toBe(429);
    await api.close();
  });
});

describe('mms serve', () => {
  it('reads ./mms.config.yaml, and again on SIGHUP: limits, retention, log; a bad one stays outside', async () => {
    const dir = freshDir();
    mkdirSync(join(dir, 'sub'));
    const write = (text: string): void => writeFileSync(join(dir, 'mms.config.yaml'), text);
    write('log: { level: warn }\nlimits: { maxUnits: 100 }\nnode: { threads: 1 }\n');
    const service = await startService({ dir });
    const job = { kind: 'market-making', spec: { runs: 101 }, seed: 1 };
    const hangUp = async (line: RegExp): Promise<void> => {
      service.child.kill('SIGHUP');
      while (!service.log.some((one) => line.test(one))) await new Promise((next) => setTimeout(next, 20));
    };
    expect((await post(`${service.url}/v1/jobs`, job)).body).toMatchObject({ code: 'E_COST' });
    write(
      'log: { level: info }\nlimits: { maxUnits: 101 }\nstore: { retain: { jobs: 7 } }\nnode: { threads: 2 }\n',
    );
    await hangUp(/wait for a restart/);
    expect((await post(`${service.url}/v1/jobs`, job)).status).toBe(202);
    const told = service.log.map((line) => (line.startsWith('{') ? JSON.parse(line) : {}));
    expect(told).toContainEqual(expect.objectContaining({ waiting: ['node.threads'] }));
    expect(told).toContainEqual(
      expect.objectContaining({ taken: ['store.retain.jobs', 'limits.maxUnits', 'log.level'] }),
    );
    write('limits: [\n');
    await hangUp(/configuration refused/);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/^mms_config_reload_failed 1$/m);
    expect((await post(`${service.url}/v1/jobs`, { ...job, seed: 2 })).status).toBe(202);
    // Without waiting for the jobs.
    await service.stop('SIGKILL');
  });
});
