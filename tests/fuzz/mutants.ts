/** Bugs planted in decoders, one at a time: the fuzzer must find each. */

export interface DecoderMutant {
  readonly name: string;
  readonly about: string;
  /** The decoder that must find it. */
  readonly decoder: string;
  /** Below src/. */
  readonly file: string;
  /** A text that occurs once in the file, and what stands there instead. */
  readonly find: string;
  readonly put: string;
}

export const DECODER_MUTANTS: readonly DecoderMutant[] = [
  {
    name: 'null-is-a-record',
    about: 'null passes where a map is expected',
    decoder: 'router',
    file: 'wire/fields.ts',
    find: "typeof value !== 'object' || value === null || Array.isArray(value)",
    put: "typeof value !== 'object' || Array.isArray(value)",
  },
  {
    name: 'no-depth-limit',
    about: 'the guard lets bodies nest without end',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: 'if (levels.length === MAX_DEPTH) {',
    put: 'if (levels.length === 1e9) {',
  },
  {
    name: 'escapes-unread',
    about: 'names and texts are judged as they are written, escapes and all',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: 'isEscaped ? (JSON.parse(raw) as string) : raw.slice(1, -1)',
    put: 'raw.slice(1, -1)',
  },
  {
    name: 'doubled-members',
    about: 'the last of two members of one name wins',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: 'if (level.names!.has(word))',
    put: 'if (level.names!.size > 1e9)',
  },
  {
    name: 'frame-sizes-unchecked',
    about: 'a column frame may be shorter than its rows',
    decoder: 'node',
    file: 'wire/frames.ts',
    find: 'if (frame.byteLength !== sizes[at]) {',
    put: 'if (frame.byteLength > sizes[at]!) {',
  },
  {
    name: 'unaligned-view',
    about: 'a frame that does not start on a multiple of its type is viewed in place',
    decoder: 'node',
    file: 'wire/frames.ts',
    find: 'frame.byteOffset % BYTES[type] === 0 ? frame : new Uint8Array(frame)',
    put: 'frame',
  },
  {
    name: 'wire-errors-leak',
    about: 'what is wrong with the bytes of a stored result is thrown as it is',
    decoder: 'result',
    file: 'wire/result.ts',
    find: 'if (!(cause instanceof WireError)) throw cause;',
    put: 'if (cause) throw cause;',
  },
  {
    name: 'decoder-errors-leak',
    about: "the MessagePack decoder's own errors are thrown as they are",
    decoder: 'node',
    file: 'wire/codec.ts',
    find: "throw new WireError('malformed', `the bytes are not MessagePack: ${(cause as Error).message}`);",
    put: 'throw cause;',
  },
  {
    name: 'aliases-read',
    about: 'aliases of a configuration are followed',
    decoder: 'config',
    file: 'ops/config.ts',
    find: 'document.toJS({ maxAliasCount: 0 })',
    put: 'document.toJS()',
  },
  {
    name: 'numbers-not-finite',
    about: 'a setting may be infinite',
    decoder: 'config',
    file: 'ops/config.ts',
    find: "if (typeof value !== 'number' || !Number.isFinite(value)) return false;",
    put: "if (typeof value !== 'number') return false;\n  if (value === Infinity) return true;",
  },
];
