/** A real Prometheus on a free port, with the project's own configuration pointed at a service under test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../support/redis.js';
import { freshDir } from '../support/service.js';

/** Scrapes and rules so often that a few seconds hold what minutes do. */
export const SCRAPE_MS = 200;

export interface Prometheus {
  /**
   * Number of series that the query has now, or had at the second `atS` since the epoch. Throws with what
   * Prometheus says when it cannot read the query.
   */
  count(expr: string, atS?: number): Promise<number>;
  /** Value of the first series of the query; null when there is none. */
  value(expr: string): Promise<number | null>;
  /** Each rule with its health and, where that is bad, the error. */
  rules(): Promise<{ readonly name: string; readonly health: string; readonly lastError?: string }[]>;
  stop(): Promise<void>;
}

type Found = readonly { readonly value: readonly [number, string] }[];

/**
 * Resolves when it is ready; throws a sentence that says what to install when it is missing. With `keyFile`
 * the line of the configuration that is for services with API keys stands in it.
 */
export async function startPrometheus(serviceUrl: string, keyFile?: string): Promise<Prometheus> {
  const dir = freshDir();
  const config = readFileSync('monitoring/prometheus.yml', 'utf8')
    .replaceAll(': 15s', `: ${SCRAPE_MS}ms`)
    .replace('127.0.0.1:8080', new URL(serviceUrl).host)
    .replace('alerts.yml', resolve('monitoring/alerts.yml'))
    .replace(/# (authorization:.*file: )\S+/, keyFile === undefined ? '$&' : `$1${keyFile}`);
  writeFileSync(join(dir, 'prometheus.yml'), config);
  const port = await freePort();
  const args = [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines: string[] = [];
  await new Promise<void>((ready, reject) => {
    child.once('error', () => reject(new Error('prometheus is missing: apt-get install prometheus')));
    child.once('exit', () => reject(new Error(`prometheus ended:\n${lines.join('\n')}`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Server is ready')) ready();
    });
  });
  const ask = async (path: string): Promise<any> => {
    const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()) as any;
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  };
  const query = async (expr: string, atS?: number): Promise<Found> => {
    const at = atS === undefined ? '' : `&time=${atS}`;
    return (await ask(`query?query=${encodeURIComponent(expr)}${at}`)).result;
  };
  return {
    count: async (expr, atS) => (await query(expr, atS)).length,
    async value(expr) {
      const [first] = await query(expr);
      return first ? Number(first.value[1]) : null;
    },
    rules: async () => (await ask('rules')).groups.flatMap((group: any) => group.rules),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
