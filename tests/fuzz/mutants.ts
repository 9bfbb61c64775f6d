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
    name: 'overclaim-off-by-one',
    about: 'the scan lets a container claim more elements than there are bytes',
    decoder: 'node',
    file: 'wire/scan.ts',
    find: "if (owedTotal + elements > end - at) return 'overclaims';",
    put: '',
  },
  {
    name: 'no-depth-limit',
    about: 'the guard lets bodies nest without end',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: 'if (levels.length > MAX_DEPTH) {',
    put: 'if (levels.length > 1e9) {',
  },
  {
    name: 'escaped-names-differ',
    about: 'a name written with an escape is not seen as given twice',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: "token.includes('\\\\') ? (JSON.parse(token) as string) : token.slice(1, -1)",
    put: 'token.slice(1, -1)',
  },
  {
    name: 'doubled-members',
    about: 'the last of two members of one name wins',
    decoder: 'json',
    file: 'api/json-guard.ts',
    find: 'if (level.names.has(word))',
    put: 'if (level.names.size > 1e9)',
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
    name: 'header-length-unchecked',
    about: "a result's header may reach beyond its bytes",
    decoder: 'result',
    file: 'wire/result.ts',
    find: 'if (expected !== bytes.length)',
    put: 'if (expected > bytes.length + 8)',
  },
  {
    name: 'prototype-types',
    about: 'a column type may be a name of the prototype',
    decoder: 'result',
    file: 'wire/frames.ts',
    find: "if (typeof type !== 'string' || !Object.hasOwn(BYTES, type)) {",
    put: "if (typeof type !== 'string') {",
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
