/** The log: one JSON object per line on stderr, with secrets removed. */
import { destination, pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

/** Members that may hold a secret, wherever a log call puts them. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'redisUrl'];

/** `level` is one of pino's names or 'silent'; `stream` is stderr unless a test reads along. */
export function createLog(
  level: string,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '(hidden)' },
    },
    stream,
  );
}
