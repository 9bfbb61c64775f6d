/** Every setting of the service in one table: key, type, default, range, meaning. */

export type SettingValue = string | number | boolean | null;

/** A `null` default means "none"; the unit stands in the key or in `unit`. */
export interface Setting {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly default: SettingValue;
  readonly about: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
  /** Short flag of the command line; the others are named after the key. */
  readonly flag?: string;
  /** The value is hidden where configuration is shown or logged. */
  readonly secret?: boolean;
  /** A running service takes a change on SIGHUP: whoever uses the value asks for it each time. */
  readonly hot?: boolean;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

export const SETTINGS = {
  'http.host': {
    type: 'string',
    flag: 'host',
    default: '127.0.0.1',
    about: 'Address the HTTP service listens on.',
  },
  'http.port': {
    type: 'integer',
    flag: 'port',
    default: 8080,
    min: 0,
    max: 65535,
    about: 'Port of the HTTP service; 0 takes a free one.',
  },
  'http.apiKeys': {
    type: 'string',
    hot: true,
    flag: 'api-keys',
    default: null,
    about:
      'File of API keys, made by "mms key create"; without it STORE-keys beside the store. Where there is one, every request needs a key.',
  },
  'http.names': {
    type: 'string',
    default: null,
    about:
      'Names, with commas between, by which clients may call the service besides addresses and names of the local network.',
  },
  'http.openMetrics': {
    type: 'boolean',
    hot: true,
    default: false,
    about: 'Answer GET /metrics without a key, for a Prometheus on a network that keeps strangers out.',
  },
  'http.maxWaitS': {
    type: 'number',
    hot: true,
    default: 30,
    min: 0,
    max: 600,
    unit: 's',
    about: 'Longest time that "Prefer: wait" keeps a submission open.',
  },
  'http.requestTimeoutS': {
    type: 'number',
    default: 5,
    min: 0.05,
    max: 600,
    unit: 's',
    about: 'Time that a request, headers and body, has to arrive; a slower client is closed.',
  },
  'http.keepAliveS': {
    type: 'number',
    default: 72,
    min: 0.05,
    max: 3600,
    unit: 's',
    about: 'Time that a connection without a request stays open for the next one.',
  },
  'http.stallTimeoutS': {
    type: 'number',
    default: 30,
    min: 0.05,
    max: 3600,
    unit: 's',
    about:
      'Time that an answer may wait for a client that reads nothing of it; then the connection is closed.',
  },
  'router.bind': {
    type: 'string',
    flag: 'router',
    default: 'tcp://127.0.0.1:7777',
    about: 'ZeroMQ address that nodes connect to: tcp://HOST:PORT; port 0 takes a free one.',
  },
  'router.keys': {
    type: 'string',
    flag: 'keys',
    default: null,
    about: 'Folder of keys, made by "mms keys new": nodes join over CURVE, and only those that it lists.',
  },
  'store.path': {
    type: 'string',
    flag: 'store',
    default: './mms-data/mms.db',
    about: 'SQLite file of jobs and results; its folder is made when missing.',
  },
  'store.retain.days': {
    type: 'number',
    hot: true,
    flag: 'retain-days',
    default: null,
    min: 0.001,
    max: 36_500,
    unit: 'days',
    about:
      'Ended jobs are removed with their results so long after their end; without it they stay for ever.',
  },
  'store.retain.jobs': {
    type: 'integer',
    hot: true,
    flag: 'retain-jobs',
    default: null,
    min: 1,
    max: 1e12,
    about: 'Ended jobs are removed when so many were accepted after them; without it they stay for ever.',
  },
  'store.retain.bytes': {
    type: 'integer',
    hot: true,
    flag: 'retain-bytes',
    default: null,
    min: MIB,
    max: 2 ** 50,
    unit: 'bytes',
    about:
      'Ended jobs are removed, oldest first, while the store takes more than this; without it they stay for ever.',
  },
  'node.local': {
    type: 'boolean',
    flag: 'no-local-node',
    default: true,
    about: 'Run a node on this machine beside the service.',
  },
  'node.threads': {
    type: 'integer',
    flag: 'threads',
    default: 0,
    min: 0,
    max: 1024,
    about: 'Compute threads of the local node; 0 means one per core.',
  },
  'cache.bytes': {
    type: 'integer',
    default: 256 * MIB,
    min: 0,
    max: 64 * GIB,
    unit: 'bytes',
    about: 'Memory for finished results in front of the store.',
  },
  'redis.url': {
    type: 'string',
    default: null,
    secret: true,
    about: 'Redis as a second cache, redis://HOST:PORT; without it only memory and the store are used.',
  },
  'nats.url': {
    type: 'string',
    default: null,
    secret: true,
    about:
      'Hand out work through NATS JetStream instead of the own router: nats://HOST:PORT[,HOST:PORT...][/NAME].',
  },
  'nats.replicas': {
    type: 'integer',
    default: 1,
    min: 1,
    max: 5,
    about: 'Copies that a NATS cluster keeps of the queue; 3 survive the loss of any one server.',
  },
  'data.dir': {
    type: 'string',
    default: null,
    about: 'Folder whose files a spec sent over HTTP may name; without it such specs are refused.',
  },
  'data.allowCode': {
    type: 'boolean',
    default: false,
    about:
      'Run strategies of clients, files of the data folder or text in a spec: whoever sends one runs code here.',
  },
  'limits.maxQueuedJobs': {
    type: 'integer',
    hot: true,
    default: 10_000,
    min: 1,
    max: 10_000_000,
    about: 'Jobs that may wait or run at once; more are answered 503 with Retry-After.',
  },
  'limits.maxClientShare': {
    type: 'number',
    hot: true,
    default: 0.9,
    min: 0.001,
    max: 1,
    about:
      'Share of limits.maxQueuedJobs that one client address may fill; more of its jobs are answered 429.',
  },
  'limits.maxConnections': {
    type: 'integer',
    hot: true,
    default: 20_000,
    min: 1,
    max: 1_000_000,
    about: 'HTTP connections open at once; more are answered 503 and closed.',
  },
  'limits.maxClientRequests': {
    type: 'integer',
    hot: true,
    default: 10_000,
    min: 1,
    max: 1_000_000,
    about: 'Connections, and requests in progress, of one client address; more are answered 429.',
  },
  'limits.maxBodyBytes': {
    type: 'integer',
    default: MIB,
    min: 1024,
    max: 64 * MIB,
    unit: 'bytes',
    about: 'Largest request body.',
  },
  'limits.maxJobCoreS': {
    type: 'number',
    hot: true,
    default: 3600,
    min: 0.001,
    max: 1e9,
    unit: 'core seconds',
    about: 'Largest estimated compute of one job.',
  },
  'limits.maxResultBytes': {
    type: 'integer',
    hot: true,
    default: 256 * MIB,
    min: 1024,
    max: 4 * GIB,
    unit: 'bytes',
    about: 'Largest estimated result of one job.',
  },
  'limits.maxThreadBytes': {
    type: 'integer',
    hot: true,
    default: 512 * MIB,
    min: MIB,
    max: 64 * GIB,
    unit: 'bytes',
    about: 'Largest estimated memory of one chunk inside a thread.',
  },
  'limits.maxUnits': {
    type: 'integer',
    hot: true,
    default: 10_000_000,
    min: 1,
    max: 2 ** 31 - 1,
    about: 'Largest number of independent units (runs, blocks of paths) of one job.',
  },
  'limits.overrunS': {
    type: 'number',
    hot: true,
    default: 60,
    min: 0,
    max: 1e6,
    unit: 's',
    about: 'Time that a chunk may compute beyond ten times its estimate; then its job fails with E_TIMEOUT.',
  },
  'limits.maxRequestsPerMin': {
    type: 'integer',
    hot: true,
    default: 600_000,
    min: 1,
    max: 1e9,
    about: 'HTTP requests per minute and client address; more are answered 429. Health and metrics are free.',
  },
  'limits.maxWatchers': {
    type: 'integer',
    hot: true,
    default: 10_000,
    min: 1,
    max: 1_000_000,
    about: 'Event streams (text/event-stream) open at once; more are answered 503.',
  },
  'limits.maxBooks': {
    type: 'integer',
    default: 4,
    min: 0,
    max: 1_000,
    about: 'Books watched over WebSockets at once, each with a thread of its own; more are answered 503.',
  },
  'stop.graceS': {
    type: 'number',
    default: 10,
    min: 0,
    max: 3600,
    unit: 's',
    about: 'Time that running jobs get to finish after SIGTERM; the rest runs again after the next start.',
  },
  'log.level': {
    type: 'string',
    hot: true,
    default: 'info',
    oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    about: 'Least severity that is logged to stderr.',
  },
  insecure: {
    type: 'boolean',
    default: false,
    about:
      'Allow addresses beyond this machine where nothing authenticates the other side; a warning each minute.',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** The same settings as an object; a test holds it equal to the table. */
export interface Config {
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly apiKeys: string | null;
    readonly names: string | null;
    readonly openMetrics: boolean;
    readonly maxWaitS: number;
    readonly requestTimeoutS: number;
    readonly keepAliveS: number;
    readonly stallTimeoutS: number;
  };
  readonly router: { readonly bind: string; readonly keys: string | null };
  readonly store: {
    readonly path: string;
    /** Null: for ever. */
    readonly retain: {
      readonly days: number | null;
      readonly jobs: number | null;
      readonly bytes: number | null;
    };
  };
  readonly node: { readonly local: boolean; readonly threads: number };
  readonly cache: { readonly bytes: number };
  readonly redis: { readonly url: string | null };
  readonly nats: { readonly url: string | null; readonly replicas: number };
  readonly data: { readonly dir: string | null; readonly allowCode: boolean };
  readonly limits: {
    readonly maxQueuedJobs: number;
    readonly maxClientShare: number;
    readonly maxConnections: number;
    readonly maxClientRequests: number;
    readonly maxBodyBytes: number;
    readonly maxJobCoreS: number;
    readonly maxResultBytes: number;
    readonly maxThreadBytes: number;
    readonly maxUnits: number;
    readonly overrunS: number;
    readonly maxRequestsPerMin: number;
    readonly maxWatchers: number;
    readonly maxBooks: number;
  };
  readonly stop: { readonly graceS: number };
  readonly log: { readonly level: string };
  readonly insecure: boolean;
}

/** http.port -> MMS_HTTP_PORT, limits.maxJobCoreS -> MMS_LIMITS_MAX_JOB_CORE_S. */
export function envNameOf(key: SettingKey): string {
  return `MMS_${key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

/** http.port -> --port, limits.maxJobCoreS -> --limits-max-job-core-s. */
export function flagNameOf(key: SettingKey): string {
  const { flag }: Setting = SETTINGS[key];
  if (flag !== undefined) return `--${flag}`;
  return `--${key
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('.', '-')
    .toLowerCase()}`;
}
