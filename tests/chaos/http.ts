/** HTTP as a client of the service speaks it: one request, its answer or the error of its connection. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; null when it is not JSON. */
  readonly body: any;
  readonly ms: number;
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Rejects after this time; default 10 s. */
  readonly timeoutMs?: number;
  readonly agent?: Agent;
  /** Source address, e.g. 127.0.0.2. */
  readonly from?: string;
}

const shared = new Agent({ keepAlive: true, maxSockets: 256 });

/** Rejects with the error of the connection, or when no whole answer came in time. */
export function ask(url: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', timeoutMs = 10_000, agent = shared } = asking;
  const text = asking.body === undefined ? null : JSON.stringify(asking.body);
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent,
      headers: { ...(text !== null && { 'content-type': 'application/json' }), ...asking.headers },
      ...(asking.from !== undefined && { localAddress: asking.from }),
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    sent.once('error', fail);
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', fail);
      response.once('end', () => {
        clearTimeout(timer);
        const all = Buffer.concat(parts).toString();
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: all, body: parsed(all), ms: performance.now() - startMs });
      });
    });
    sent.end(text ?? undefined);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** GET /metrics: value by `name{labels}`, and the sum over labels by `name` alone. */
export async function metricsOf(url: string): Promise<Map<string, number>> {
  const values = new Map<string, number>();
  for (const line of (await ask(`${url}/metrics`)).text.split('\n')) {
    const match = /^(\w+)(\{[^}]*\})? (\S+)$/.exec(line);
    if (!match) continue;
    const [, name, labels = '', value] = match;
    if (labels !== '') values.set(name! + labels, Number(value));
    values.set(name!, (values.get(name!) ?? 0) + Number(value));
  }
  return values;
}

/** Waits for a condition; throws a sentence with `what` when it does not hold within `withinMs`. */
export async function until(
  what: string,
  wanted: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    if (await wanted()) return performance.now() - startMs;
    if (performance.now() - startMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** True when the condition held and no error was thrown: for questions to a service that may be down. */
export async function quietly(question: () => Promise<boolean>): Promise<boolean> {
  try {
    return await question();
  } catch {
    return false;
  }
}

/** Milliseconds of the answers of two calm seconds. */
export async function calmly(url: string): Promise<number[]> {
  const asking = askOften(url);
  await new Promise((next) => setTimeout(next, 2_000));
  return asking.stop();
}

/** Asks for `url` every 10 ms until stop(), which resolves with the milliseconds of the answers. */
export function askOften(url: string): { stop(): Promise<number[]> } {
  const ms: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      await quietly(async () => ms.push((await ask(url)).ms) > 0);
      await new Promise((next) => setTimeout(next, 10));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await asking;
      return ms;
    },
  };
}
