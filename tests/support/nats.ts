/** A real nats-server with JetStream for tests, on a free port and in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './redis.js';

export interface NatsServer {
  readonly url: string;
  /** Kills it with -9 and resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
}

/** Resolves when it accepts connections; throws a sentence that says what to install when it is missing. */
export async function startNats(): Promise<NatsServer> {
  if (spawnSync('nats-server', ['--version']).error) {
    throw new Error(
      'nats-server is not installed; these tests need the real one: apt-get install nats-server',
    );
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'mms-nats-'));
  let child = await launch(port, folder);
  const server: NatsServer = {
    url: `nats://127.0.0.1:${port}`,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async restart() {
      child = await launch(port, folder);
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const args = ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', `${port}`];
  const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stderr! });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => line.includes('Server is ready') && resolve());
    child.once('exit', (status) => reject(new Error(`nats-server ended at its start (${status})`)));
  });
  return child;
}
