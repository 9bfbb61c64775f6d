/** The log: one JSON object per line on stderr, with secrets removed. */
import { destination, pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

/** Members that may hold a secret, wherever a log call puts them, as a header or setting spells them. */
const SECRETS = [
  ...['authorization', 'cookie', 'password', 'token', 'secret', 'apiKey', 'secretKey', 'redisUrl', 'natsUrl'],
  ...['set-cookie', 'x-api-key', 'proxy-authorization'],
];

/** Secrets stand at most so deep: { err: { request: { headers: { authorization } } } } has them removed. */
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

/**
 * Lines that wait because nobody reads stderr; beyond this they are dropped: a reader that stands still must
 * not stop the service (G6).
 */
const MAX_WAITING_BYTES = 4 * 2 ** 20;

/** `level` is one of pino's names or 'silent'; `stream` is stderr unless a test reads along. */
export function createLog(
  level: string,
  stream: DestinationStream = destination({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: DEPTHS.flatMap((depth) => SECRETS.map((name) => path(depth, name))),
        censor: '(hidden)',
      },
    },
    stream,
  );
}

/** A name with a dash is written in brackets, before which no dot stands. */
function path(depth: string, name: string): string {
  return name.includes('-') ? `${depth.slice(0, -1)}["${name}"]` : depth + name;
}
