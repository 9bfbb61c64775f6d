/**
 * A small HTTP client on kept-alive connections, so that the client costs both sides of the bench little: it
 * writes requests as they are, and reads answers that have a Content-Length.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: string;
}

/** One connection; requests on it are answered in order. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  #text = '';

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    const fail = (): void =>
      this.#waiting.splice(0).forEach(({ reject }) => reject(new Error(`${host} closed the connection`)));
    socket.on('close', fail).on('error', fail);
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket, host);
  }

  send(request: Request): Promise<Answer> {
    return this.pipeline([request])[0]!;
  }

  /** Writes all requests at once. */
  pipeline(requests: readonly Request[]): Promise<Answer>[] {
    this.#socket.write(requests.map((request) => this.#textOf(request)).join(''), 'latin1');
    return requests.map(() => new Promise((resolve, reject) => this.#waiting.push({ resolve, reject })));
  }

  close(): void {
    this.#socket.destroy();
  }

  #textOf({ method, path, body, headers = '' }: Request): string {
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${headers}`;
    if (body === undefined) return `${head}\r\n`;
    const text = JSON.stringify(body);
    return `${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  }

  #read(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: *(\d+)/i.exec(this.#text.slice(0, end));
      const size = Number(length?.[1] ?? 0);
      if (this.#text.length < end + 4 + size) return;
      const answer = {
        status: Number(this.#text.slice(9, 12)),
        body: this.#text.slice(end + 4, end + 4 + size),
      };
      this.#text = this.#text.slice(end + 4 + size);
      this.#waiting.shift()!.resolve(answer);
    }
  }
}

/** Some connections that take requests in turns. */
export class Clients {
  readonly #all: readonly Connection[];

  private constructor(all: readonly Connection[]) {
    this.#all = all;
  }

  static async open(url: string, count: number): Promise<Clients> {
    return new Clients(await Promise.all(Array.from({ length: count }, () => Connection.open(url))));
  }

  /** A connection for requests one by one. */
  get first(): Connection {
    return this.#all[0]!;
  }

  /** Sends request(0..count-1), one at a time on each connection; resolves with all answers. */
  async load(count: number, request: (i: number) => Request): Promise<Answer[]> {
    const answers: Answer[] = new Array<Answer>(count);
    let next = 0;
    await Promise.all(
      this.#all.map(async (connection) => {
        for (let i = next++; i < count; i = next++) answers[i] = await connection.send(request(i));
      }),
    );
    return answers;
  }

  /** Sends `count` requests at `perS` from `startMs` on, in turns over the connections, without waiting. */
  async paced(
    count: number,
    perS: number,
    startMs: number,
    request: () => Request,
    heed: (answer: Answer) => void,
  ): Promise<void> {
    const open: Promise<void>[] = [];
    while (open.length < count) {
      const due = Math.min(count, ((performance.now() - startMs) / 1e3) * perS);
      while (open.length < due) {
        const connection = this.#all[open.length % this.#all.length]!;
        open.push(connection.send(request()).then(heed));
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(open);
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }
}

/** The JSON of an answer; an error with its text when the status is another. */
export function expectStatus<T>(answer: Answer, ...statuses: readonly number[]): T {
  if (statuses.includes(answer.status)) return JSON.parse(answer.body) as T;
  throw new Error(
    `expected status ${statuses.join(' or ')}; got ${answer.status}: ${answer.body.slice(0, 500)}`,
  );
}
