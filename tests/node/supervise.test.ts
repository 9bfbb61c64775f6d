/** The supervisor with real processes: a dead child has a successor, close leaves none, orphans end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { superviseNode } from '../../src/node/supervise.js';
import { Cluster, NODE_CHILD } from '../support/cluster.js';
import { FIXTURE_KINDS, chunksOf, echoValues } from '../support/fixture-chunks.js';

/** A process that ended but was not yet reaped by its parent has no command line any more. */
const alive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
};

function argsFor(address: string): string[] {
  return [NODE_CHILD, address, '1', 'local', FIXTURE_KINDS.href];
}

describe('superviseNode', () => {
  it('starts the node again when it is killed, and the work goes on; close ends it', async () => {
    const cluster = await Cluster.start();
    const exits: unknown[] = [];
    const supervisor = superviseNode({
      command: process.execPath,
      args: argsFor(cluster.router.address),
      onExit: (how) => exits.push(how),
    });
    cluster.router.offer(chunksOf('job', 'echo', 20, { spec: { ms: 20 } }));
    await cluster.events.until(() => cluster.events.ended.size === 3);
    const first = supervisor.pid()!;
    process.kill(first, 'SIGKILL');
    await cluster.events.until(() => cluster.events.ended.size === 20);
    expect(cluster.events.values('job', 20)).toEqual(echoValues(20));
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL', restartInMs: 100 }]);
    const second = supervisor.pid()!;
    expect(second).not.toBe(first);
    await supervisor.close();
    expect([alive(first), alive(second), supervisor.pid()]).toEqual([false, false, null]);
    await cluster.stop();
  });

  it('kills a child that does not listen to SIGTERM after the grace time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mms-supervise-'));
    const sign = join(folder, 'up');
    const script = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6);
      require('node:fs').writeFileSync(process.argv[1], '');`;
    const supervisor = superviseNode({ command: process.execPath, args: ['-e', script, sign], graceMs: 300 });
    const pid = supervisor.pid()!;
    while (!existsSync(sign)) await setImmediate();
    await supervisor.close();
    rmSync(folder, { recursive: true });
    expect(alive(pid)).toBe(false);
  });

  it('waits longer between one early death and the next', async () => {
    const waits: number[] = [];
    await new Promise<void>((resolve) => {
      const supervisor = superviseNode({
        command: process.execPath,
        args: ['-e', 'process.exit(1)'],
        onExit: ({ restartInMs }) => {
          waits.push(restartInMs);
          if (waits.length === 3) void supervisor.close().then(resolve);
        },
      });
    });
    expect(waits).toEqual([100, 200, 400]);
  });

  it('leaves no orphan when the supervising process is killed', async () => {
    const cluster = await Cluster.start();
    const supervise = new URL('../../dist/node/supervise.js', import.meta.url).href;
    const args = JSON.stringify(argsFor(cluster.router.address));
    const script = `const { superviseNode } = await import('${supervise}');
      console.log(superviseNode({ command: process.execPath, args: ${args} }).pid());`;
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: [...stdio] });
    const [said] = (await once(parent.stdout!, 'data')) as [Buffer];
    await cluster.joined(1);
    expect(alive(Number(said))).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await cluster.joined(0);
    while (alive(Number(said))) await setImmediate();
    await cluster.stop();
  });
});
