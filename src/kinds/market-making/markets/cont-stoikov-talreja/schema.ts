/** Cont, Stoikov & Talreja (2010): the submitting side. */
import { Type } from 'typebox';
import { ruleFaults } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize, ratePerS, ratesPerS } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { ContStoikovTalrejaSpec } from './open.js';

const NS_PER_EVENT = 150;

const schema = Type.Object(
  {
    type: Type.Literal('cont-stoikov-talreja'),
    ...flowFields,
    limitRatePerS: ratesPerS(
      0,
      [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
      'Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s]. Default: Cont, ' +
        'Stoikov & Talreja (2010), Sky Perfect, for 1..5, and their power law 1.92 i^-0.52 beyond',
    ),
    marketRatePerS: ratePerS(0, 0.94, 'Market orders per side'),
    cancelRatePerS: ratesPerS(
      0.001,
      [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
      'Cancels of each resting order at distance 1, 2, ... from the opposite best; the last rate holds ' +
        'beyond. As many entries as limitRatePerS [1/s per order]',
    ),
    orderSize,
  },
  closed,
);

export const contStoikovTalreja: MarketModel<ContStoikovTalrejaSpec> = {
  schema,
  load(market) {
    const { limitRatePerS, marketRatePerS, cancelRatePerS } = market;
    // Orders that arrivals and cancels alone would keep alive, both sides; market orders only lower it.
    const orders = 2 * limitRatePerS.reduce((sum, rate, i) => sum + rate / (cancelRatePerS[i] ?? 1), 0);
    const arrivals = 2 * (limitRatePerS.reduce((sum, rate) => sum + rate, 0) + marketRatePerS);
    return flowLoad(market, arrivals + orders * Math.max(...cancelRatePerS), orders, NS_PER_EVENT);
  },
  faults({ rules }, { durationS, limitRatePerS, cancelRatePerS }) {
    const [limits, cancels] = [limitRatePerS.length, cancelRatePerS.length];
    const found = ruleFaults(rules, durationS);
    if (limits === cancels) return found;
    const message = `Expected as many rates as limitRatePerS has (${limits}); got ${cancels}.`;
    return [{ pointer: '/market/cancelRatePerS', message }, ...found];
  },
};
