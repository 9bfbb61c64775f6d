/** Fields that strategies share. */
import { Type } from 'typebox';
import { LOTS_MAX, named, timeS } from '../schema-parts.js';

export const sizeFields = {
  quoteLots: Type.Integer({
    minimum: 1,
    maximum: LOTS_MAX,
    default: 10,
    description: 'Size of each quote [lots]',
  }),
  maxInventoryLots: Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    default: 100,
    description: 'Position that is never exceeded, long or short, orders on their way included [lots]',
  }),
};

export const positive = (value: number, description: string) =>
  Type.Number({ minimum: 1e-6, maximum: 1_000, default: value, description });

export const notNegative = (value: number, maximum: number, description: string) =>
  Type.Number({ minimum: 0, maximum, default: value, description });

export const sigmaField = notNegative(0.5, 1_000_000, 'Volatility of the mid [ticks/sqrt(s)]');

/** How a strategy comes to its volatility. */
export const volatilityFields = {
  volatility: named(
    ['online', 'given'],
    'Volatility of the mid: estimated from the feed while running, or as given',
  ),
  sigmaTicksPerSqrtS: notNegative(
    0.5,
    1_000_000,
    'Volatility of the mid when given, the first guess when online [ticks/sqrt(s)]',
  ),
  volatilityHalfLifeS: timeS(60, 'Half-life of the online estimate'),
};

/** How a strategy comes to the rate at which market orders reach its quotes; the first way is the default. */
export const intensityFields = (ways: readonly ('given' | 'online')[]) => ({
  intensity: named(
    ways,
    'Reach of market orders, A exp(-k distance): as given, or estimated from the trades while running',
  ),
  intensityHalfLifeS: timeS(300, 'Half-life of the online estimate of A and k'),
});

export const rollingHorizon = (value: number) =>
  timeS(value, 'Rolling horizon: time left = the smaller of this and the time to the end');
