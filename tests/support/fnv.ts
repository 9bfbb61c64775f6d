/** FNV-1a over the bytes of a typed array: a digest that a C++ twin computes in five lines. */

/** 32-bit FNV-1a of the little-endian bytes, as 8 hex digits. */
export function fnv1a32(data: Float64Array | Int32Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
