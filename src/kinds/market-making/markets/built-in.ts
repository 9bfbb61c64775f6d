/** The market of a spec that names none, fitted to AMZN: read from its file when the kind is loaded. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const path = fileURLToPath(new URL('../../../../config/markets/amzn.yaml', import.meta.url));

/** Field `market` of config/markets/amzn.yaml; the schema of the kind judges it, like any other. */
export const BUILT_IN_MARKET = readMarket();

function readMarket(): object {
  const { market } = parse(readFileSync(path, 'utf8')) as { readonly market?: unknown };
  if (typeof market === 'object' && market !== null) return market;
  throw new Error(`${path}: expected a mapping under "market"`);
}
