/**
 * Socket options that router and node share, and a receive loop that lets the rest of the process breathe.
 */
import { setImmediate } from 'node:timers/promises';
import { BEAT_MS, MAX_FRAME_BYTES, MISSED_BEATS } from './messages.js';

/** Both sides look at clock, progress and silence this often. */
export const TICK_MS = 100;

/**
 * sendTimeout 0: a peer that is cut off fails its own send at once instead of holding up all others.
 * ZeroMQ's heartbeats (off by default) close a connection whose other end vanished; they are slower than
 * our own, so that a peer that is only silent is lost as silent, and a connection that closed before that
 * means that its process ended. The send queue is bounded by credits, not by its mark.
 */
export const SOCKET_OPTIONS = {
  sendTimeout: 0,
  sendHighWaterMark: 0,
  linger: 500,
  maxMessageSize: MAX_FRAME_BYTES,
  heartbeatInterval: BEAT_MS,
  heartbeatTimeout: 2 * MISSED_BEATS * BEAT_MS,
  heartbeatTimeToLive: 2 * MISSED_BEATS * BEAT_MS,
} as const;

/** Sockets speak IPv6 (with IPv4 mapped into it) only where a literal address asks for it. */
export function isIpv6(endpoint: string): boolean {
  return endpoint.startsWith('tcp://[');
}

/** Messages taken in a row before timers and other sockets get their turn. */
const BURST = 256;

/**
 * Gives every message to `heed` until the socket closes. Resolves then; rejects with what `heed` throws.
 */
export async function receiveAll(
  socket: AsyncIterable<Buffer[]>,
  heed: (frames: Buffer[]) => void,
): Promise<void> {
  let burst = 0;
  for await (const frames of socket) {
    heed(frames);
    if (++burst % BURST === 0) await setImmediate();
  }
}
