/** The committed bytes of the kernels: what a build of their sources gives. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { simdKernels } from '../../../../src/core/price/simd/instance.js';
import { KERNELS } from '../../../../src/core/price/simd/kernels.js';

const FILE = 'src/core/price/simd/kernels.ts';

it('a build of the sources gives the committed bytes', async () => {
  const { compile } = (await import(new URL('../../../../kernels/build.js', import.meta.url).href)) as {
    compile(): Promise<string>;
  };
  expect(await compile()).toBe(readFileSync(FILE, 'utf8'));
});

it('the kernels import nothing and keep their data below what callers get', () => {
  const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  expect(simdKernels().base).toBeGreaterThan(1_024 + 8_192);
  expect(simdKernels().base % 64).toBe(0);
});
