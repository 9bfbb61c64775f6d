/** The committed bytes of all kernels: what a build of their sources gives; and what is no module. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileWasm, instantiateWasm } from '../../src/core/wasm.js';

interface Sources {
  readonly folder: string;
  readonly module: string;
}
const { MODULES, compile } = (await import(new URL('../../kernels/build.js', import.meta.url).href)) as {
  MODULES: readonly Sources[];
  compile(of: Sources): Promise<string>;
};

it.each(MODULES)('a build of $folder gives the committed bytes of $module', async (of) => {
  expect(await compile(of)).toBe(readFileSync(of.module, 'utf8'));
});

it('decodes base64 with and without padding, and refuses what is no module', () => {
  const empty = [0, 97, 115, 109, 1, 0, 0, 0];
  const sections = [[], [0, 2, 1, 97], [0, 3, 1, 97, 98]];
  for (const section of sections) {
    const text = Buffer.from([...empty, ...section]).toString('base64');
    expect(Object.keys(instantiateWasm(compileWasm(text)) as object)).toEqual([]);
  }
  expect(() => compileWasm('AAAA')).toThrow('WebAssembly');
});
