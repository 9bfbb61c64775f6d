/** Browsers that showed an API key once: a random cookie each, kept in memory by its hash. */
import { hash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

export const SESSION_S = 12 * 3600;
const MAX_SESSIONS = 10_000;
const TOKEN = /^[0-9a-f]{64}$/;

export interface Sessions {
  /** A new session of the key with this id: the text of its cookie. Beyond 10,000 the oldest one ends. */
  open(keyId: string): string;
  /** The id of the session's key; null for a text that is no session. */
  keyOf(token: string): string | null;
  close(token: string): void;
}

/**
 * `nowMs` is monotonic. A session ends after 12 hours and with the process; the key itself, which lives
 * longer, is never given to the browser to keep. Hashes are looked up, so that the time which it takes tells
 * nothing of a token.
 */
export function createSessions(nowMs: () => number = () => performance.now()): Sessions {
  const sessions = new Map<string, { readonly keyId: string; readonly endsMs: number }>();
  return {
    open(keyId) {
      const token = randomBytes(32).toString('hex');
      if (sessions.size >= MAX_SESSIONS) sessions.delete(sessions.keys().next().value!);
      sessions.set(hashOf(token), { keyId, endsMs: nowMs() + SESSION_S * 1000 });
      return token;
    },
    keyOf(token) {
      if (!TOKEN.test(token)) return null;
      const session = sessions.get(hashOf(token));
      return session && session.endsMs > nowMs() ? session.keyId : null;
    },
    close: (token) => void sessions.delete(hashOf(token)),
  };
}

const hashOf = (token: string): string => hash('sha256', token, 'base64');

/** The cookie of a session: named after the port, because browsers share cookies between ports. */
export const cookieName = (request: FastifyRequest): string => `mms_session_${request.socket.localPort ?? 0}`;

/** The session's token that a request brings, or ''. */
export function tokenOf(request: FastifyRequest): string {
  const { cookie } = request.headers;
  if (cookie === undefined) return '';
  const name = `${cookieName(request)}=`;
  const own = cookie.split(';').find((pair) => pair.trimStart().startsWith(name));
  return own?.trim().slice(name.length) ?? '';
}
