/** Who asks, by address or by key, what each has open, and how often it asked in this minute. */

/** What one client has open, and how often it asked since the minute began. */
export interface Client {
  readonly name: string;
  connections: number;
  requests: number;
  asked: number;
}

export interface Clients {
  /** The client at an address. */
  of(address: string | undefined): Client;
  /** The client with this name, which is no address. */
  named(name: string): Client;
  /** Counts one request; requests of this client in this minute. */
  asks(client: Client): number;
  /** Says that something of this client ended. */
  leave(client: Client): void;
  /** Whole seconds until the counts of requests begin anew, 1 to 60. */
  secondsLeft(): number;
}

const MINUTE_MS = 60_000;
/** Beyond so many, clients that have nothing open are forgotten at once and not at the minute's end. */
const MAX_CLIENTS = 65_536;

/** `nowMs` is monotonic. All minutes begin together, so that one sweep in each keeps the table short. */
export function createClients(nowMs: () => number = () => performance.now()): Clients {
  const clients = new Map<string, Client>();
  let endsMs = nowMs() + MINUTE_MS;

  const turn = (): void => {
    if (nowMs() < endsMs) return;
    endsMs = nowMs() + MINUTE_MS;
    for (const client of clients.values()) {
      client.asked = 0;
      if (isIdle(client)) clients.delete(client.name);
    }
  };

  const named = (name: string): Client => {
    turn();
    let client = clients.get(name);
    if (!client) clients.set(name, (client = { name, connections: 0, requests: 0, asked: 0 }));
    return client;
  };
  return {
    of: (address) => named(clientOf(address)),
    named,
    asks(client) {
      turn();
      return ++client.asked;
    },
    leave(client) {
      if (clients.size > MAX_CLIENTS && isIdle(client)) clients.delete(client.name);
    },
    secondsLeft: () => Math.min(60, Math.max(1, Math.ceil((endsMs - nowMs()) / 1000))),
  };
}

const isIdle = ({ connections, requests }: Client): boolean => connections + requests === 0;

/** Who asks, as far as an address tells: IPv6 by its /64, which is what one subscriber gets. */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first!.length - last!.length);
  const groups = [...first!, ...Array<string>(zeros).fill('0'), ...last!];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
