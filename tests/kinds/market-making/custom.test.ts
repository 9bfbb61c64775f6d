/** A user's own strategy file: the template, the same bytes in any chunks, and errors with their line. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputData } from '../../../src/contract/kind.js';
import type { Table } from '../../../src/contract/columns.js';
import type { MmsError } from '../../../src/contract/problem.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { closedReader, createInputReader, openDataFolder } from '../../../src/data/input-reader.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/wire/digest.js';
import { joinTables } from '../../../src/wire/settle.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import type { Spec } from '../../../src/kinds/market-making/spec.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-custom-'));
const template = readFileSync(resolve(import.meta.dirname, '../../../config/strategy/template.txt'), 'utf8');
let files = 0;

/** Writes a strategy file of its own name; returns its path. */
function write(text: string): string {
  const path = join(folder, `own-${++files}.ts`);
  writeFileSync(path, text);
  return path;
}

const CENTRE = '    const centre = ';
/** The template with a statement before the first of onBook, in the same line. */
const withStatement = (statement: string): string =>
  template.replace(CENTRE, `    ${statement} const centre = `);
const CENTRE_LINE = template.slice(0, template.indexOf(CENTRE)).split('\n').length;

function specOf(file: string, parameters: object[] = []): Spec {
  const strategy = { type: 'custom', file, parameters };
  const market = { type: 'cont-stoikov-talreja', durationS: 40, warmupS: 10 };
  return checkSpec(kind, { market, strategy, runs: 3, seriesPoints: 20 });
}

async function inputsOf(spec: Spec): Promise<Record<string, InputData>> {
  const reader = createInputReader({ root: null });
  const refs = kind.inputs!(spec);
  const data = await Promise.all(refs.map((ref) => reader.read(ref)));
  return Object.fromEntries(refs.map(({ name }, i) => [name, data[i]!]));
}

async function simulate(spec: Spec, cuts: readonly number[] = [0, 3]): Promise<Table[]> {
  const inputs = Object.fromEntries(
    Object.entries(await inputsOf(spec)).map(([name, { tables }]) => [name, tables]),
  );
  const parts = cuts.slice(1).map((to, i) => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
    return run({ spec, seed: 2, from: cuts[i]!, to, inputs, control })!;
  });
  return joinTables(kind.tables, parts);
}

const digest = async (spec: Spec, cuts?: readonly number[]): Promise<string> =>
  digestTables(kind.tables, await simulate(spec, cuts));

describe('a strategy file', () => {
  it('of the template trades, and its parameters change what it does', async () => {
    const file = write(template);
    const tables = await simulate(specOf(file));
    expect(tables.find(({ name }) => name === 'fills')!.rows).toBeGreaterThan(3);
    const wide = await digest(specOf(file, [{ name: 'halfSpreadTicks', value: 4 }]));
    expect(wide).not.toBe(await digest(specOf(file)));
  });

  it('gives the same bytes in any chunks, with chance and memory of its own', async () => {
    const text = withStatement('seen++; if (tools.random() < 0.1 + 0.0001 * (seen % 7)) return;')
      .replace('class Leaning', 'let seen = 0;\nlet tools: { random(): number };\nclass Leaning')
      .replace('create: (parameters) => new', 'create: (parameters, given) => (tools = given, new')
      .replace('new Leaning(parameters),\n});', 'new Leaning(parameters)),\n});');
    const spec = specOf(write(text));
    expect(await digest(spec, [0, 1, 3])).toBe(await digest(spec));
    expect(await digest(spec)).not.toBe(await digest(specOf(write(template))));
  });

  it('that says what a built-in strategy says gives the same bytes', async () => {
    const own = specOf(
      write(`import { defineStrategy } from 'mms/strategy';
export default defineStrategy({ name: 'twin', description: '', parameters: {}, create: () => ({
  onBook(market: any, orders: any) {
    let [bid, ask] = [Math.floor(market.midTicks - 2), Math.ceil(market.midTicks + 2)];
    if (market.askTicks >= 0 && bid >= market.askTicks) bid = market.askTicks - 1;
    if (market.bidTicks >= 0 && ask <= market.bidTicks) ask = market.bidTicks + 1;
    orders.bid(bid, 10);
    orders.ask(Math.max(ask, bid + 1), 10);
  },
}) });`),
    );
    const fixed = checkSpec<Spec>(kind, {
      ...own,
      strategy: { type: 'fixed', halfSpreadTicks: 2, quoteLots: 10 },
    });
    expect(await digest(own)).toBe(await digest(fixed));
  });

  it('hears of sizes when it asks for them', async () => {
    const text = withStatement('if (market.bidLots + market.askLots > 0) throw new Error("heard");');
    await expect(simulate(specOf(write(text)))).resolves.toBeDefined();
    const asking = text.replace("  name: 'NAME',", "  name: 'NAME',\n  sizes: true,");
    await expect(simulate(specOf(write(asking)))).rejects.toThrow('heard');
  });

  it('has the digest of its content in its input, and its hash in the notes', async () => {
    const inputs = async (text: string): Promise<InputData> =>
      (await inputsOf(specOf(write(text))))['strategy']!;
    const [one, two] = [await inputs(template), await inputs(template.replace('0.3', '0.4'))];
    expect(one.digest).not.toBe(two.digest);
    expect(one.notes[0]).toMatch(/^Strategy of the file own-\d+\.ts, sha256 [0-9a-f]{64}\.$/);
  });

  it.each([
    ['(null as any).foo;', 'Cannot read properties of null'],
    ['Date.now();', 'Date is not available in a strategy: use market.tNs'],
    ['new Date();', 'Date is not available'],
    ['Math.random();', 'Math.random is not available in a strategy: use tools.random()'],
    ['Math.sin(1);', 'Math.sin is not available in a strategy: its last digit differs'],
    ['orders.bid(NaN, 1);', 'orders.bid: Expected a whole number of ticks, 1 or more; got NaN.'],
    ['orders.buy(0);', 'orders.buy: Expected a whole number of lots, 1 or more; got 0.'],
  ])('that does %s fails with the line of the file', async (statement, message) => {
    const file = write(withStatement(statement));
    await expect(simulate(specOf(file))).rejects.toThrow(`own-${files}.ts:${CENTRE_LINE}: ${message}`);
  });

  it('names the line of a file that it imports', async () => {
    writeFileSync(
      join(folder, 'helper.ts'),
      'type Of = number;\n\nexport const half = (x: Of): number => {\n  throw new Error(`no ${x}`);\n};\n',
    );
    const text = `import { half } from './helper.js';\n${withStatement('half(3);')}`;
    await expect(simulate(specOf(write(text)))).rejects.toThrow('helper.ts:4: no 3');
  });

  it('cannot be read with a fault in it: line and column are told', async () => {
    const fault = async (text: string): Promise<MmsError> =>
      inputsOf(specOf(write(text))).then(
        () => Promise.reject(new Error('was read')),
        (error: unknown) => error as MmsError,
      );
    const syntax = await fault(withStatement('const x = ;'));
    expect(syntax.problem).toMatchObject({ code: 'E_DATA' });
    expect(syntax.message).toBe(`own-${files}.ts:${CENTRE_LINE}:15: Unexpected ";"`);
    expect((await fault(`import fs from 'node:fs';\nfs.readFileSync('x');\n${template}`)).message).toContain(
      `own-${files}.ts:1:16`,
    );
  });

  it('is judged by what it declares before it runs', async () => {
    const faults = async (text: string, parameters: object[] = []) => {
      const spec = specOf(write(text), parameters);
      return kind.inputFaults!(spec, await inputsOf(spec));
    };
    expect(await faults(template, [{ name: 'skewTicks', value: 2 }])).toEqual([]);
    expect(await faults(template, [{ name: 'skewTick', value: 2 }])).toEqual([
      {
        pointer: '/strategy/parameters/0',
        message:
          'Expected one of halfSpreadTicks, skewTicks, quoteLots; got "skewTick". Did you mean "skewTicks"?',
      },
    ]);
    const [range] = await faults(template, [{ name: 'quoteLots', value: 1.5 }]);
    expect(range!.message).toBe('quoteLots: Expected integer from 1 to 1000000; got 1.5.');
    const [none] = await faults('export const x = 1;');
    expect(none!.message).toContain('Expected "export default defineStrategy(');
    const [bad] = await faults(template.replace('default: 0.3', 'default: -1'));
    expect(bad!.message).toBe('parameters: skewTicks.default: Expected number from 0 to 100; got -1.');
  });

  it('is refused by a service that was not told to run code, with 403', async () => {
    const [ref] = kind.inputs!(specOf('own.ts'));
    writeFileSync(join(folder, 'own.ts'), template);
    for (const reader of [closedReader, await openDataFolder(folder)]) {
      const error = (await reader.read(ref!).catch((cause: unknown) => cause)) as MmsError;
      expect(error.problem).toMatchObject({ code: 'E_CODE', status: 403 });
      expect(error.problem.errors![0]!.pointer).toBe('/strategy/file');
    }
    const allowed = await openDataFolder(folder, true);
    expect((await allowed.read(ref!)).tables).toHaveLength(1);
  });
});
