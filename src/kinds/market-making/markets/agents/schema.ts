/**
 * A market of agents: the submitting side.
 *
 * Defaults are those of ABIDES' RMSC03 and RMSC04 (jpmorganchase/abides-jpmc-public, abides_markets/configs),
 * where prices stand at 100,000 ticks; distances in ticks are scaled to the 10,000 of this kind. What has no
 * counterpart there is chosen: noise agents wake every 200 s instead of once a day, so that half an hour has
 * trades, and the fundamental moves by 0.5 ticks/sqrt(s), between the 0.16 of RMSC04 and the 3.2 of RMSC03.
 */
import { Type } from 'typebox';
import { ruleFaults } from '../../rule-faults.js';
import { closed, LOTS_MAX, named, timeS } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { AgentsSpec } from './open.js';

const MAX_AGENTS = 100_000;
/** Their ladders are long. */
const MAX_MAKERS = 1_000;
const MAX_LEVELS = 100;
/** Estimates: 260 ns a wake were measured with the defaults and without a trader, its ladders included. */
const NS_PER_WAKE = 400;
const NS_PER_LADDER_ORDER = 60;

const count = (value: number, what: string, maximum = MAX_AGENTS) =>
  Type.Integer({ minimum: 0, maximum, default: value, description: what });
const wakeS = (value: number, who: string) =>
  timeS(value, `Mean time that ${who} sleeps, exponential for each of them`);
const number = (minimum: number, maximum: number, value: number, description: string) =>
  Type.Number({ minimum, maximum, default: value, description });
const looks = (value: number, what: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: value,
    description: `Span of the ${what} average of the mid that a momentum agent keeps [looks]`,
  });

const schema = Type.Object(
  {
    type: Type.Literal('agents'),
    ...flowFields,
    noiseAgents: count(1_000, 'Agents that take the best opposite price on a random side [1]'),
    noiseWakeS: wakeS(200, 'a noise agent'),
    valueAgents: count(102, 'Agents that look at a fundamental value through noise and trade towards it [1]'),
    valueWakeS: wakeS(14.3, 'a value agent'),
    valueNoiseTicks: number(0, 1e6, 3, 'Standard deviation of one look at the fundamental value [ticks]'),
    valueTakingShare: number(
      0,
      1,
      0.1,
      'Share of their orders that take the best opposite price; the others lie up to two spreads short of it [1]',
    ),
    momentumAgents: count(12, 'Agents that follow the trend of the mid with orders that take [1]'),
    momentumWakeS: wakeS(37, 'a momentum agent'),
    momentumFastLooks: looks(20, 'fast'),
    momentumSlowLooks: looks(50, 'slow'),
    makerAgents: count(2, 'Market makers that lay a ladder of orders on both sides [1]', MAX_MAKERS),
    makerWakeS: wakeS(10, 'a market maker'),
    makerLevels: Type.Integer({
      minimum: 1,
      maximum: MAX_LEVELS,
      default: 10,
      description: 'Price levels of its ladder on each side [1]',
    }),
    makerLevelSpacing: number(
      0,
      1_000,
      0.5,
      'Distance of its levels, one tick at least [average spreads that it has seen]',
    ),
    makerVolumeShare: number(
      0,
      1,
      0.025,
      'Size of each of its orders as a share of the volume since it last woke [1]',
    ),
    makerMinLots: Type.Integer({
      minimum: 1,
      maximum: LOTS_MAX,
      default: 1,
      description: 'Size of each of its orders at least [lots]',
    }),
    makerSkewTicks: number(
      0,
      1e6,
      1,
      'Move of its ladder when all trades since it last woke were on one side [ticks]',
    ),
    executionAgents: count(1, 'Agents that work large parent orders, one after another on random sides [1]'),
    executionWakeS: wakeS(30, 'an execution agent'),
    executionSchedule: named(
      ['pov', 'twap'],
      'Child orders by share of the volume, or in equal parts; each takes the best opposite price',
    ),
    executionParentLots: Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      default: 1_000,
      description: 'Size of a parent order [lots]',
    }),
    executionVolumeShare: number(
      0,
      1,
      0.1,
      'Child order by pov, as a share of the volume since the last one [1]',
    ),
    executionSlices: Type.Integer({
      minimum: 1,
      maximum: LOTS_MAX,
      default: 50,
      description: 'Number of child orders by twap [1]',
    }),
    fundamentalSigmaTicksPerSqrtS: number(0, 1e6, 0.5, 'Volatility of the fundamental value [ticks/sqrt(s)]'),
    fundamentalReversionPerS: number(
      0,
      1_000,
      1.67e-7,
      'Speed at which the fundamental value returns to startMidTicks + 1/2; half of the way in ln 2 over it [1/s]',
    ),
    orderSize,
  },
  closed,
);

export const agents: MarketModel<AgentsSpec> = {
  schema,
  examples: [
    {
      title: 'Avellaneda-Stoikov quotes in a market of agents',
      spec: { market: { type: 'agents', durationS: 120 }, runs: 7, seriesPoints: 100 },
      seed: 11,
      digest: 'b22e702e13ae61dfd76c5f94b6475df7be92f25bc4e00a4039518ab338fc759b',
    },
    {
      title: 'A market of agents with an opening call, a halt and a circuit breaker that calls an auction',
      spec: {
        market: { type: 'agents', durationS: 120, valueNoiseTicks: 1, executionSchedule: 'twap' },
        rules: {
          session: { type: 'auctions', openingS: 10, closingS: 10 },
          halts: [{ fromS: 40, toS: 45 }],
          breaker: { moveTicks: 6, windowS: 20, pauseS: 5 },
          interruption: 'auction',
        },
        strategy: { type: 'fixed', halfSpreadTicks: 1 },
        runs: 3,
        seriesPoints: 100,
      },
      seed: 12,
      digest: '077d8f0671e8d2a623f229aa5689732697b33a54cc27d7bfb09f79f520f39a0f',
    },
  ],
  load(market) {
    const singles = market.noiseAgents + market.valueAgents + market.momentumAgents + market.executionAgents;
    const ladderOrders = 2 * market.makerLevels * market.makerAgents;
    const wakesPerS =
      market.noiseAgents / market.noiseWakeS +
      market.valueAgents / market.valueWakeS +
      market.momentumAgents / market.momentumWakeS +
      market.makerAgents / market.makerWakeS +
      market.executionAgents / market.executionWakeS;
    const ladderNsPerS = (NS_PER_LADDER_ORDER * ladderOrders) / market.makerWakeS;
    const nsPerStep = NS_PER_WAKE + (wakesPerS > 0 ? ladderNsPerS / wakesPerS : 0);
    return flowLoad(market, wakesPerS, singles + market.makerAgents + ladderOrders, nsPerStep);
  },
  faults({ rules }, { durationS, momentumFastLooks, momentumSlowLooks }) {
    const found = ruleFaults(rules, durationS);
    if (momentumFastLooks < momentumSlowLooks) return found;
    const message = `Expected more than momentumFastLooks (${momentumFastLooks}); got ${momentumSlowLooks}.`;
    return [{ pointer: '/market/momentumSlowLooks', message }, ...found];
  },
};
