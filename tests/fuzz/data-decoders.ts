/** Files of users under fuzzing: CSV importers, fitted markets, the metadata of strategies. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barsImporter } from '../../src/data/bars.js';
import type { Importer } from '../../src/data/importer.js';
import { createMarkets } from '../../src/data/markets.js';
import { optionQuotesImporter } from '../../src/data/option-quotes.js';
import { tradesImporter } from '../../src/data/trades.js';
import { valuesImporter } from '../../src/data/values.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { readQuestion } from '../../src/jobs/question.js';
import { createSpecDesk } from '../../src/jobs/spec-desk.js';
import { createRegistry } from '../../src/kinds/registry.js';
import type { UserModule } from '../../src/kinds/market-making/strategies/custom/api.js';
import {
  metadataFaults,
  parameterFaults,
} from '../../src/kinds/market-making/strategies/custom/parameters.js';
import { damage } from './bytes.js';
import { YAML_TOKENS } from './config-decoder.js';
import { Broken, bytesOf, refusesWith, type Decoder } from './decoder.js';
import { damageTree, NASTY_TEXTS, textOf } from './trees.js';

const dir = mkdtempSync(join(tmpdir(), 'mms-fuzz-'));
process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
const limits = { maxRows: 1000, maxBytes: 1 << 20 };

const CSV_TOKENS = [
  ...[
    ',',
    '\n',
    '\r\n',
    '"',
    ';',
    '\t',
    '-',
    '.',
    'e',
    'NaN',
    'Infinity',
    '1e309',
    '-0',
    '0',
    '\0',
    '\ufeff',
  ],
  ...['2024-02-30', '1970-01-01', '9'.repeat(40), ' ', '""', '1e-400', '\x1f\x8b'],
].map(bytesOf);

const CSV: readonly [string, Importer, string][] = [
  [
    'bars',
    barsImporter,
    'Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,3,1,2,2,10\n2024-01-03,2,4,2,3,3,20\n' +
      '2024-01-04,3,4,1,2,2,7\n',
  ],
  ['values', valuesImporter, 'day,value\n1,0.5\n2,-1e-3\n3,12\n'],
  [
    'trades',
    tradesImporter,
    'trade_id,exchange_ms,price,qty,buyer_is_maker\n1,1600000000000,10.5,0.25,1\n2,1600000000010,10.6,1,0\n',
  ],
  ['quotes', optionQuotesImporter, 'strike,expiryYr,price,type\n90,0.5,12.1,call\n110,0.5,1.5,put\n'],
];

/** Reading opens a file, which costs more than the decoding: fewer inputs. */
const csvDecoder = ([name, importer, sample]: (typeof CSV)[number]): Decoder => {
  const path = join(dir, name);
  const file = { path, label: 'fuzz.csv', pointer: null };
  const good = bytesOf(sample);
  return {
    name,
    about: `${name} as CSV`,
    inputs: 40_000,
    draw: (random) => damage(random, good, good, CSV_TOKENS),
    async decode(bytes) {
      writeFileSync(path, bytes);
      const { tables } = await importer.read(() => file, limits);
      for (const { rows, columns } of tables) {
        if (rows > limits.maxRows || columns.some(({ length }) => length !== rows))
          throw new Broken(`${rows} rows, columns of ${columns.map(({ length }) => length).join(', ')}`);
      }
      return tables;
    },
    isRefusal: refusesWith('E_DATA'),
  };
};

const registry = createRegistry();
const market = readFileSync(new URL('../../config/markets/aapl.yaml', import.meta.url)).subarray(0, 900);

export const MARKETS: Decoder = {
  name: 'market',
  about: 'fitted markets as YAML, and the spec that they make',
  inputs: 40_000,
  draw: (random) => damage(random, market, market, YAML_TOKENS),
  async decode(bytes) {
    writeFileSync(join(dir, 'x.yaml'), bytes);
    const fitted = createMarkets(dir).get('X')!;
    const { market, instrument } = fitted;
    const spec = { market, ...(instrument && { instrument }) };
    const desk = createSpecDesk(DEFAULT_LIMITS);
    return readQuestion(await registry.get('market-making'), { kind: 'market-making', spec }, desk);
  },
  isRefusal: refusesWith('E_DATA', 'E_SPEC'),
};

const module = {
  name: 'mine',
  description: 'Quotes.',
  parameters: {
    halfSpreadTicks: { type: 'integer', description: 'd', default: 2, minimum: 1, maximum: 9 },
    side: { type: 'string', description: 'd', default: 'both', choices: ['both', 'bid'] },
    isFast: { type: 'boolean', description: 'd', default: false },
  },
};

export const STRATEGIES: Decoder = {
  name: 'strategy',
  about: 'metadata and parameters of strategy files',
  inputs: 2_000_000,
  draw(random) {
    const given = [{ name: random.pick([...NASTY_TEXTS, 'side', 'halfSpreadTicks']), value: 3 }];
    return bytesOf(textOf(damageTree(random, { module, given }, false)));
  },
  decode(bytes) {
    const { module, given } = (JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      module: UserModule;
      given: { name: string; value: string }[];
    } | null) ?? { module: null, given: null };
    // What evaluate.ts promises: an object; a flag is a name and a value.
    if (typeof module !== 'object' || module === null || !Array.isArray(given)) return null;
    if (metadataFaults(module).length > 0) return null;
    const flags = given.filter((one) => typeof one?.name === 'string');
    return parameterFaults(module, flags);
  },
  isRefusal: (error) => error instanceof SyntaxError,
};

export const DATA_DECODERS: readonly Decoder[] = [...CSV.map(csvDecoder), MARKETS, STRATEGIES];
