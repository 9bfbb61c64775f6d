/**
 * A second machine, as a network namespace, joins over CURVE by the printed line, is drained, upgraded and
 * removed while clients keep the service busy: no call fails, no job fails, every digest is right.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { run } from '../../src/kinds/market-making/run.js';
import { createRegistry } from '../../src/kinds/registry.js';
import { digestTables } from '../../src/wire/digest.js';
import { secondMachine } from '../support/second-machine.js';
import {
  freshDir,
  isDone,
  joinNode,
  mms,
  nodesUntil,
  post,
  startService,
  statusUntil,
} from '../support/service.js';

const machine = secondMachine();
const reason = typeof machine === 'string' ? ` (SKIPPED, no network namespace here: ${machine})` : '';
afterAll(() => {
  if (typeof machine !== 'string') machine.remove();
});

/** So many of the digests are computed again, evenly from first to last. */
const VERIFIED = 24;
const spec = { market: { type: 'cont-stoikov-talreja', durationS: 20 }, runs: 8 };

/** Clients that submit job after job and read each to its end, until they are told to stop. */
class Load {
  /** Seed -> digest of its job. */
  readonly digests = new Map<number, string>();
  readonly attempts = new Set<number>();
  readonly #url: string;
  #isOver = false;
  readonly #clients: Promise<void>[];

  constructor(url: string, clients: number) {
    this.#url = url;
    this.#clients = Array.from({ length: clients }, (_, client) => this.#submitAll(client));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #submitAll(client: number): Promise<void> {
    for (let seed = 1000 * client; !this.#isOver; seed++) {
      const { status, body } = await post(`${this.#url}/simulate`, { kind: 'market-making', spec, seed });
      expect([status, body.detail]).toEqual([202, undefined]);
      const ended = await statusUntil(this.#url, body.task_id, isDone);
      const table = await fetch(`${this.#url}/results/${body.task_id}/runs.csv`);
      expect(table.status).toBe(200);
      expect((await table.text()).trim().split('\n')).toHaveLength(1 + spec.runs);
      this.digests.set(seed, ended.digest!);
      this.attempts.add(ended.attempts);
    }
  }
}

const project = resolve(import.meta.dirname, '../..');
const about = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };

/** The program as another installation has it; returns its folder. */
function install(dir: string): string {
  mkdirSync(dir);
  cpSync(join(project, 'dist'), join(dir, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'config']) symlinkSync(join(project, name), join(dir, name));
  return dir;
}

/** Program of an installation that says it is of this version. */
function programOf(dir: string, version: string): string {
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ ...about, version }));
  return join(dir, 'dist/main.js');
}

/** Digest of a job computed here, in one piece. */
async function digestHere(seed: number): Promise<string> {
  const kind = await createRegistry().get('market-making');
  const control = new Int32Array(CONTROL_SLOTS);
  const checked = checkSpec(kind, spec) as never;
  return digestTables(
    kind.tables,
    run({ spec: checked, seed, from: 0, to: spec.runs, inputs: {}, control })!,
  );
}

describe('a second machine', () => {
  it.skipIf(typeof machine === 'string')(
    `joins by the printed line, is drained, upgraded and removed under load${reason}`,
    async () => {
      const { nearAddress, within } = machine as Exclude<typeof machine, string>;
      const dir = freshDir();
      await mms(['keys', 'new', 'keys'], { cwd: dir });
      const service = await startService({
        dir,
        bind: `tcp://${nearAddress}:0`,
        args: ['--keys', 'keys', '--threads', '1'],
      });
      expect(service.router).toContain(nearAddress);
      const far = freshDir();
      copyFileSync(join(dir, 'keys/node.key'), join(far, 'node.key'));
      const load = new Load(service.url, 6);
      const works = (id: string, chunks: number): Promise<unknown> =>
        nodesUntil(service.url, (nodes) => nodes.some((node) => node.id !== id && node.chunksDone >= chunks));

      const first = await joinNode(service.join, { cwd: far, within });
      await works('local', 6);
      expect(await first.stop()).toBe(0);
      expect(first.log.at(-1)).toBe('drained');

      const other = install(join(far, 'other'));
      const refused = await mms(service.join, { cwd: far, within, program: programOf(other, '0.0.1') });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(
        /Expected engine version \S+; the node runs 0\.0\.1\. Install MMS \S+ on the node/,
      );

      const upgraded = await joinNode(service.join, {
        cwd: far,
        within,
        program: programOf(other, about.version),
      });
      await works('local', 6);
      expect(await upgraded.stop()).toBe(0);
      await nodesUntil(service.url, (nodes) => nodes.map(({ id }) => id).join() === 'local');

      await load.stop();
      expect(await service.stop()).toBe(0);
      expect(load.digests.size).toBeGreaterThan(20);
      expect([...load.attempts]).toEqual([1]);
      const ended = [...load.digests];
      const sample = ended.filter((_, at) => at % Math.ceil(ended.length / VERIFIED) === 0);
      for (const [seed, digest] of sample) expect([seed, digest]).toEqual([seed, await digestHere(seed)]);
    },
  );
});
