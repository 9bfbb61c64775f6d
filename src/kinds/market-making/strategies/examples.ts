/** An example of each strategy on the built-in market, so that the conformance suite runs them all. */
import type { Example } from '../../../contract/kind.js';
import { BUILT_IN_MARKET } from '../markets/built-in.js';

/** Fields beside `type` where the defaults would leave out a part of the strategy; and the digest. */
const CASES: readonly [
  strategy: { readonly type: string; readonly [field: string]: unknown },
  digest: string,
][] = [
  [{ type: 'fixed', halfSpreadTicks: 5 }, '1bf281a1d67fff8663cc23cce4a2c8ca95e1b99732d28136cffe206d6bb87202'],
  [{ type: 'symmetric', k: 0.3 }, 'f3a9c81964e494f6cbb5e88c78406221e99b9cecd242868f95dc0e0fc1f36cb6'],
  [
    { type: 'avellaneda-stoikov', k: 0.3 },
    '118d304de019f8153f64dd753d9a5e2395c91f3d91297a62f74d40049ee47c4d',
  ],
  [{ type: 'adaptive' }, '521b7eb0a48cfd908acc54c6cadad44591b415ff2e1cf7a73539873b383119f6'],
  [{ type: 'glft', intensity: 'online' }, '880365dc5f0cf2a5808b4d14e7b23475bc159de97d2c210db03700756160a802'],
  [
    { type: 'glft', solution: 'exact', volatility: 'given', k: 0.3 },
    '169e0bd4e6844b94ed8199667792723e02bb7039067e4b8d6076633640ace41d',
  ],
  [
    { type: 'cartea-jaimungal-penalva', kappa: 0.3 },
    '97c3781e213f7cabb6b483052b47d1ea11c1e5672a8ffe6049dc3360ae595808',
  ],
  [
    { type: 'imbalance', halfSpreadTicks: 4, pullAbove: 0.8 },
    '82ce04aa07b273de7dc6415e3ff222a3773a816809b30e6c07a7760ad901876a',
  ],
  [
    { type: 'twap', parentLots: 300, withinS: 90 },
    '4dfc043c251858c93b8d92acf35a00fbc723a341e286df02aeae47dcb866ad90',
  ],
  [
    { type: 'vwap', parentLots: 300, withinS: 90, children: 'market' },
    '4abd44dab7c63591eba5c06cf096ef23ebd12ebef2bac8ef1a15380f7af0c337',
  ],
  [
    { type: 'pov', parentLots: 300, withinS: 90 },
    'f5e426f42499e9e54b25ecc67849badf0e3ae4f4b3941eb8e9b5b97f60725640',
  ],
  [
    { type: 'almgren-chriss', parentLots: 300, withinS: 90 },
    '2e49ca9089ff351c14da4f49ec16dbc0e13af40d94fe29143ab70cfcbb58d08b',
  ],
];

export const STRATEGY_EXAMPLES: readonly Example[] = CASES.map(([strategy, digest], i) => ({
  title: `${[strategy.type, strategy['solution']].filter(Boolean).join(', ')} on the built-in market, three runs`,
  spec: { market: { ...BUILT_IN_MARKET, durationS: 120 }, strategy, runs: 3, seriesPoints: 50 },
  seed: 20 + i,
  digest,
}));
