/**
 * The image without an engine: the lines of the Dockerfile are run, and what they made runs as in a hardened
 * container: read-only, as uid 65532, without rights. One line is replaced, `npm ci` of all packages, which
 * takes minutes where others build too; with MMS_IMAGE_WHOLE=1 (make image-check) it is run as well.
 */
import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/redis.js';
import { freshDir, isDone, mms, post, startService, statusUntil } from '../support/service.js';
import { ComposeRun, ended, said } from './compose.js';
import { buildImage, type Image } from './image.js';
import { PATH, runWithin, whyNoProfile, within, type Profile } from './profile.js';

const project = resolve(import.meta.dirname, '../..');
const why = whyNoProfile();
const skipped = why === null ? '' : ` (SKIPPED, no mount namespace here: ${why})`;
const isWhole = process.env['MMS_IMAGE_WHOLE'] === '1';

/** MiB that the image may add to its base image. */
const MAX_ADDED_MIB = 120;

const installed = { run: 'npm ci --ignore-scripts', packages: join(project, 'node_modules') };
const small = {
  kind: 'market-making',
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 20 }, runs: 4 },
};

describe.skipIf(why !== null)(`the image${skipped}`, () => {
  let image: Image;
  /** A fresh volume, and the image as a container that has it. */
  function container(): { profile: Profile; env: Record<string, string> } {
    const data = freshDir();
    chownSync(data, 65532, 65532);
    const mounts = [{ here: data, inside: '/data', isWritable: true }];
    const env = { ...image.env, PATH };
    return { profile: { root: image.root, workdir: image.workdir, mounts, user: 65532 }, env };
  }

  const dir = freshDir();
  beforeAll(() => {
    image = buildImage({ context: project, dir, ...(!isWhole && { installed }) });
  }, 240_000);
  // Hundreds of megabytes: too much for the end of the process, which is given seconds.
  afterAll(() => rm(dir, { recursive: true, force: true }), 60_000);

  it('holds what runs and nothing else', () => {
    const files = readdirSync(join(image.root, 'mms'), { recursive: true }) as string[];
    expect(files).toContain('dist/main.js');
    expect(files.filter((file) => /\.map$|\.d\.[cm]?ts$|^src\/|^tests\/|^kernels\//.test(file))).toEqual([]);
    const { devDependencies, dependencies } = JSON.parse(
      readFileSync(join(project, 'package.json'), 'utf8'),
    ) as Record<'devDependencies' | 'dependencies', Record<string, string>>;
    const there = (name: string): boolean =>
      existsSync(join(image.root, 'mms/node_modules', name, 'package.json'));
    expect(Object.keys(dependencies).filter((name) => !there(name))).toEqual([]);
    expect(
      ['typescript', 'vitest', 'node', 'playwright-core'].filter(
        (name) => name in devDependencies && there(name),
      ),
    ).toEqual([]);
    const [kib] = execFileSync('du', ['-xsk', join(image.root, 'mms')], { encoding: 'utf8' }).split('\t');
    expect(Number(kib) / 1024).toBeLessThan(MAX_ADDED_MIB);
  });

  it('runs as uid 65532 without capabilities, and writes nowhere but to its volume and /tmp', () => {
    const { profile, env } = container();
    const status = runWithin(profile, ['cat', '/proc/self/status'], env);
    expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m);
    expect(status).toMatch(/^Gid:\t65532\t65532\t65532\t65532$/m);
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']) {
      expect(status).toMatch(new RegExp(`^Cap${set}:\t0+$`, 'm'));
    }
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    const write = (path: string): string =>
      runWithin(profile, ['sh', '-c', `echo x > ${path} && cat ${path}`], env);
    for (const path of ['/data/probe', '/tmp/probe']) expect(write(path)).toBe('x\n');
    for (const path of ['/probe', '/mms/probe', '/mms/config/default.yaml', '/usr/probe', '/etc/probe']) {
      expect(() => write(path)).toThrow(/Read-only file system/);
    }
  });

  it('computes, and compiles a strategy of its user, with the same bytes as outside', async () => {
    const { profile, env } = container();
    const here = ['run', 'paths', '--paths', '2000', '--seed', '3', '--no-report', '--json'];
    const outside = JSON.parse((await mms(here)).stdout) as { digest: string };
    const run = (...words: string[]): string => runWithin(profile, [...image.entrypoint, ...words], env);
    expect(JSON.parse(run(...here))).toMatchObject({ digest: outside.digest });
    const place = { ...profile, workdir: '/data' };
    const own = (...words: string[]): string => runWithin(place, [...image.entrypoint, ...words], env);
    own('strategy', 'new', 'own');
    const told = own('run', './own.ts', '--durationS', '20', '--runs', '2', '--no-report', '--json');
    expect(JSON.parse(told)).toMatchObject({ spec: { strategy: { type: 'custom' } } });
  });

  it('refuses to open its port to others without a key, in one sentence that tells how', () => {
    const { profile, env } = container();
    const words = [...image.entrypoint, ...image.cmd];
    expect(() => runWithin(profile, words, env)).toThrow(/http\.host.*0\.0\.0\.0.*not authenticated/);
  });

  it('serves, says by its health check how it is, survives a restart on its volume and ends on SIGTERM', async () => {
    const { profile, env } = container();
    const port = String(await freePort());
    const place = { within: within(profile), program: image.entrypoint[1]! };
    const inside = { ...env, MMS_HTTP_HOST: '127.0.0.1', MMS_HTTP_PORT: port };
    const options = { env: inside, place, store: env['MMS_STORE_PATH']!, args: ['--port', port] };
    const isHealthy = (): boolean => {
      const [program, ...args] = [...within(profile), ...image.healthcheck];
      return spawnSync(program!, args, { env: inside, stdio: 'ignore' }).status === 0;
    };
    expect(isHealthy()).toBe(false);
    const first = await startService(options);
    expect(isHealthy()).toBe(true);
    const { body } = await post(`${first.url}/simulate`, small);
    const { digest } = await statusUntil(first.url, body.task_id, isDone);
    expect(await first.stop()).toBe(0);
    expect(isHealthy()).toBe(false);
    const second = await startService(options);
    expect(await statusUntil(second.url, body.task_id, isDone)).toMatchObject({ digest });
    expect(await second.stop()).toBe(0);
  });

  it('works together as monitoring/compose.yml says: keys, service, two nodes, an API key, a drain', async () => {
    const netns = `mms-compose-${process.pid}`;
    execFileSync('ip', ['netns', 'add', netns]);
    const children: ChildProcess[] = [];
    try {
      execFileSync('ip', ['-n', netns, 'link', 'set', 'lo', 'up']);
      const dir = freshDir();
      const run = new ComposeRun(image, dir, netns);
      const start = (name: string, command?: readonly string[]): ChildProcess => {
        children.push(run.start(name, command));
        return children.at(-1)!;
      };
      expect(await ended(start('keys'))).toMatchObject({ code: 0 });
      // Starting it again makes nothing anew.
      expect(await ended(start('keys'))).toEqual({ code: 0, output: '' });
      const server = start('server');
      await said(server, /Add a machine/);
      expect(await ended(start('server', image.healthcheck))).toMatchObject({ code: 0 });
      const nodes = [start('node'), start('node')];
      await Promise.all(nodes.map((node) => said(node, /joined/)));
      const key = (await ended(start('server', [...image.entrypoint, 'key', 'create', '--name', 'me'])))
        .output;
      const scraper = readFileSync(join(dir, 'metrics-keys/api-key'), 'utf8').trim();
      const asked = { key: /mms_\w+/.exec(key)![0], scraper, job: { ...small, seed: 1 } };
      const answers = await ended(start('server', ['node', '-e', ASK, JSON.stringify(asked)]));
      expect(answers.code, answers.output).toBe(0);
      expect(JSON.parse(answers.output)).toMatchObject({
        refused: 401,
        nodes: 2,
        state: 'done',
        scraped: 200,
      });
      for (const child of [...nodes, server]) {
        const end = ended(child);
        child.kill('SIGTERM');
        expect(await end).toMatchObject({ code: 0 });
      }
    } finally {
      for (const child of children) child.kill('SIGKILL');
      execFileSync('ip', ['netns', 'del', netns]);
    }
  });
});

/** A client inside: without a key, with one, which counts within a second, and with that of Prometheus. */
const ASK = `
const { key, scraper, job } = JSON.parse(process.argv[1]);
const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json', prefer: 'wait=30' };
const ask = (path, options) => fetch('http://server:8080' + path, { headers, ...options });
const refused = (await fetch('http://server:8080/v1/jobs')).status;
let answer;
do answer = await ask('/v1/nodes'); while (answer.status === 401);
const nodes = (await answer.json()).nodes.length;
const { state } = await (await ask('/v1/jobs', { method: 'POST', body: JSON.stringify(job) })).json();
const scraped = (await ask('/metrics', { headers: { authorization: 'Bearer ' + scraper } })).status;
console.log(JSON.stringify({ refused, nodes, state, scraped }));
`;
