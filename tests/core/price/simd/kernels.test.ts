/** The committed bytes of the batch kernels: no imports, and memory of their own below the callers'. */
import { expect, it } from 'vitest';
import { simdKernels } from '../../../../src/core/price/simd/instance.js';
import { KERNELS } from '../../../../src/core/price/simd/kernels.js';

it('the kernels import nothing and keep their data below what callers get', () => {
  const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  expect(simdKernels().base).toBeGreaterThan(1_024 + 8_192);
  expect(simdKernels().base % 64).toBe(0);
});
