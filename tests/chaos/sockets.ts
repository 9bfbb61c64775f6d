/** Thousands of plain TCP clients of the HTTP service, cheaper than an agent of requests. */
import { connect, type Socket } from 'node:net';

export interface Raw {
  readonly socket: Socket;
  /** Everything that came so far. */
  received(): string;
  /** Resolves when `wanted` holds for what came; rejects when the connection ends before. */
  until(wanted: (received: string) => boolean): Promise<string>;
  /** Forgets what came. */
  clear(): void;
  /** Milliseconds from the connection to its end; null while it is open. */
  closedMs(): number | null;
}

/** Resolves when it is connected. `from` is the source address. */
export function openRaw(url: string, from = '127.0.0.1'): Promise<Raw> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  let received = '';
  let closedMs: number | null = null;
  let startMs = 0;
  let look = (): void => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    look();
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    closedMs = performance.now() - startMs;
    look();
  });
  const raw: Raw = {
    socket,
    received: () => received,
    clear: () => void (received = ''),
    closedMs: () => closedMs,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (wanted(received)) resolve(received);
          else if (closedMs !== null) reject(new Error(`closed after: ${received.slice(0, 200)}`));
        };
        look();
      }),
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      startMs = performance.now();
      resolve(raw);
    });
  });
}

/** True when a whole answer with Content-Length is there. */
export function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  return end >= 0 && length !== undefined && received.length >= end + 4 + Number(length);
}

export function getText(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`;
}

export function postText(path: string, body: unknown): string {
  const text = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
  return `${head}Content-Length: ${text.length}\r\n\r\n${text}`;
}
