/** One writer for one socket: ZeroMQ takes a single send at a time, so messages wait here in order. */

export interface Outbox<T> {
  push(message: T): void;
  /** Resolves when everything pushed so far was sent or failed. */
  idle(): Promise<void>;
}

/**
 * `send` may throw at once or reject; either goes to `onFailure` with its message, and the next message is
 * sent. A message must not be changed after push: large frames are handed to the socket without a copy.
 */
export function createOutbox<T>(
  send: (message: T) => Promise<void>,
  onFailure: (message: T, code: string) => void,
): Outbox<T> {
  const waiting: T[] = [];
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    for (let at = 0; at < waiting.length; at++) {
      const message = waiting[at]!;
      try {
        await send(message);
      } catch (cause) {
        onFailure(message, (cause as { code?: string }).code ?? 'EUNKNOWN');
      }
    }
    waiting.length = 0;
    running = null;
  }

  return {
    push(message) {
      waiting.push(message);
      running ??= drain();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
