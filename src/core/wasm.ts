/** WebAssembly as core uses it: modules that stand in the sources as base64, and their memory. */

// Core knows no DOM types: what is used of WebAssembly stands here.
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Compiles a module from base64; throws where the engine does not take it. */
export function compileWasm(base64: string): object {
  const bytes = fromBase64(base64);
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      'Expected an engine with WebAssembly SIMD, which Node has had since 16.4; this one refuses the kernels. Use Node 22.13 or later.',
    );
  }
  return new WebAssembly.Module(bytes);
}

/** Exports of a new instance of a module that imports nothing, with memory of its own. */
export function instantiateWasm(module: object): unknown {
  return new WebAssembly.Instance(module, {}).exports;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes of base64 text without line breaks; the language itself has no decoder yet on Node 22. */
function fromBase64(text: string): Uint8Array {
  const values = new Int8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    let three = 0;
    for (let i = 0; i < 4; i++) three = (three << 6) | values[text.charCodeAt(from + i)];
    bytes[to] = three >> 16;
    bytes[to + 1] = three >> 8;
    bytes[to + 2] = three;
  }
  return bytes;
}
