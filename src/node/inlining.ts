/** Lets V8 take the order book's hot path as a whole; to be called before the threads that compute start. */
import { setFlagsFromString } from 'node:v8';

/**
 * Bytes of bytecode that V8 may inline into one function, of the whole process. Its own 920 end in the
 * middle of the book: what is left is called, with its arguments boxed and checked, several times a
 * message (measured: an eighth of a replay with the event stream). Results do not depend on it.
 */
export function widenInlining(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
}
