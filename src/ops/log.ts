/** The log: one JSON object per line on stderr, with secrets removed. */
import { destination, pino, stdSerializers } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

/** Members that may hold a secret, as headers, settings and variables spell them. */
const SECRET = /authorization$|cookie$|password|passwd|token$|secret|api[-_]?key|(redis|nats)[-_]?url$/i;
/** User and password of an address, wherever one stands in a line. */
const CREDENTIALS = /:\/\/[^/\s"\\@]+@/g;
const HIDDEN = '(hidden)';
/** What stands deeper is left out, with its secrets. */
const MAX_DEPTH = 8;

/**
 * Lines that wait because nobody reads stderr; beyond this they are dropped: a reader that stands still must
 * not stop the service (G6).
 */
const MAX_WAITING_BYTES = 4 * 2 ** 20;

/** How long the last lines may take at the end of the process. */
const LAST_LINES_MS = 500;

/** Ends the process once the lines that wait are written, or nobody took them. */
export function exitAfterLog(log: Log, code: number): void {
  const leave = (): never => process.exit(code);
  setTimeout(leave, LAST_LINES_MS);
  log.flush(leave);
}

/** Its own last flush would try for ever where the reader is gone: exitAfterLog does without. */
function openStderr(): DestinationStream {
  const stream = destination({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  stream.flushSync = () => undefined;
  return stream;
}

/** `level` is one of pino's names or 'silent'; `stream` is stderr unless a test reads along. */
export function createLog(level: string, stream: DestinationStream = openStderr()): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (facts) => withoutSecrets(facts, 0) as Record<string, unknown>,
      },
      hooks: {
        streamWrite: (line) => (line.includes('@') ? line.replace(CREDENTIALS, `://${HIDDEN}@`) : line),
      },
    },
    stream,
  );
}

/** Pino's own paths of redaction need a depth and a spelling for each, and cost a line five times as much. */
function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '(deep)';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON() as unknown;
  const plain: Record<string, unknown> = {};
  const members = value instanceof Error ? stdSerializers.err(value) : value;
  for (const [name, member] of Object.entries(members))
    plain[name] = SECRET.test(name) ? HIDDEN : withoutSecrets(member, depth + 1);
  return plain;
}
