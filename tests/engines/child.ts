/**
 * Hashes of what this engine computes with the built program: the kernels and their oracles, the
 * functions of core/math, the streams, and examples of job kinds. Prints them as JSON. Called as: NODE
 * tests/engines/child.ts; engines.test.ts calls it with several versions of Node, which run TypeScript like
 * this as it is.
 */
import { createHash } from 'node:crypto';
import type { ExamplesOf, Modules } from './modules.ts';

const dist = (path: string): string => new URL(`../../dist/${path}.js`, import.meta.url).href;
const load = async <Name extends keyof Modules>(path: Name): Promise<Modules[Name]> =>
  (await import(dist(path))) as Modules[Name];

const hash = (...values: readonly ArrayBufferView[]): string => {
  const sum = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of values) {
    sum.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return sum.digest('hex').slice(0, 16);
};

const STEPS = { driftPerStep: 0.001, sdPerStep: 0.02, steps: 101 };
const PATHS = 203;

/** Normals, reduced paths and whole paths of a sampler and its normals; passes over bars. */
async function kernels(prefix: string): Promise<Record<string, string>> {
  const { SimdNormals } = await load('core/price/simd/normals');
  const { SimdGbm, gbmColumns } = await load('core/price/simd/gbm');
  const { OracleNormals, OracleGbm } = await load('core/price/simd/oracle');
  const hashes: Record<string, string> = {};
  for (const precision of ['f64', 'f32-draws'] as const) {
    const isOracle = prefix === 'oracle';
    const normals = new (isOracle ? OracleNormals : SimdNormals)(7, precision);
    const sampler = new (isOracle ? OracleGbm : SimdGbm)(7, precision);
    const columns = gbmColumns(PATHS);
    const [drawn, paths] = [0, 0].map(() => new Float64Array(PATHS * STEPS.steps));
    normals.fill(4_294_967_200, PATHS, STEPS.steps, drawn!);
    sampler.reduce(STEPS, 'sums', 4_294_967_200, PATHS, columns);
    sampler.paths(STEPS, 100, 4_294_967_200, PATHS, paths!);
    hashes[precision] = hash(drawn!, ...Object.values(columns), paths!);
  }
  hashes.bars = await bars(prefix);
  return hashes;
}

/** Equity of the strategy passes over a walk, by the kernels or by their oracle, the passes over arrays. */
async function bars(prefix: string): Promise<string> {
  const { DualAverage, MacdCross, RsiReversal, runBars } = await load('core/bars/strategies');
  const { BarTable } = await load('core/bars/table');
  const { Stream } = await load('core/rng/stream');
  const table = new BarTable(20_000);
  const { close, fill } = table;
  const stream = new Stream(3, 5, 7);
  for (let i = 0, price = 100; i < close.length; i++) {
    fill[i] = price * (1 + 0.001 * stream.normal());
    close[i] = price *= 1 + 0.01 * stream.normal();
  }
  const rules = { feeRate: 0.0005, down: -1 } as const;
  const equities = [
    new DualAverage(20, 100, rules),
    new MacdCross({ fast: 12, slow: 26, signal: 9 }, rules),
    new RsiReversal({ n: 14, lower: 30, upper: 70 }, rules),
  ].map((pass) => {
    const equity = new Float64Array(close.length);
    if (prefix === 'oracle') runBars(pass, { close, fill }, equity);
    else table.run(pass);
    return prefix === 'oracle' ? equity : table.equity.slice();
  });
  return hash(...equities);
}

/** Functions over a wide grid of arguments. */
async function functions(): Promise<string> {
  const { exp } = await load('core/math/exp');
  const { log } = await load('core/math/log');
  const { sin, cos, atan2 } = await load('core/math/trig');
  const values = new Float64Array(500_000);
  for (let i = 0; i < values.length; i += 5) {
    const x = (i - values.length / 2) * 0.0027;
    values.set([exp(x), log(Math.abs(x)), sin(x), cos(x), atan2(x, i)], i);
  }
  return hash(values);
}

async function streams(): Promise<string> {
  const { Stream } = await load('core/rng/stream');
  const [normals, exponentials, uniforms] = [0, 0, 0].map(() => new Float64Array(500_000));
  const stream = new Stream(3, 5, 7);
  stream.fillNormals(normals!, normals!.length);
  stream.fillExponentials(exponentials!, exponentials!.length);
  stream.fillUniforms(uniforms!, uniforms!.length);
  return hash(normals!, exponentials!, uniforms!);
}

/** Digests of all examples of some kinds, in one chunk. */
async function examples(name: ExamplesOf): Promise<Record<string, string>> {
  const { createRegistry } = await load('kinds/registry');
  const { checkSpec } = await load('jobs/check-spec');
  const { digestTables } = await load('wire/digest');
  const { resultTables } = await load('wire/settle');
  const { run } = await load(`kinds/${name}/run`);
  const kind = await createRegistry().get(name);
  return Object.fromEntries(
    kind.examples.map((example) => {
      const spec = checkSpec(kind, example.spec);
      const control = new Int32Array(new SharedArrayBuffer(64));
      const part = run({ spec, seed: example.seed, from: 0, to: kind.units(spec), inputs: {}, control });
      const tables = resultTables(kind, spec, [part!]);
      return [example.title, digestTables(kind.tables, tables)];
    }),
  );
}

const found = {
  kernels: await kernels('simd'),
  oracle: await kernels('oracle'),
  functions: await functions(),
  streams: await streams(),
  paths: await examples('paths'),
  'market-making': await examples('market-making'),
};
process.stdout.write(JSON.stringify({ node: process.version, found }));
