/** The toy market of Avellaneda & Stoikov (2008): the spec and the thread side. */
import { ToyMarket, type ToyMarketOptions } from '../../../../core/sim/toy-market.js';
import type { OpenMarket } from '../stage.js';

export interface AvellanedaStoikovSpec extends ToyMarketOptions {
  readonly type: 'avellaneda-stoikov';
  readonly durationS: number;
}

export const openAvellanedaStoikov: OpenMarket<AvellanedaStoikovSpec> = (options, { seed }) => {
  const market = new ToyMarket(options);
  const endNs = Math.round(options.durationS * 1e9);
  return (unit) => {
    market.start(seed, unit);
    return { market, endNs, log: null };
  };
};
