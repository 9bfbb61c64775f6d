/** From the words of a spec to the connections between trader and exchange. */
import { FEED_LATENCY, LATENCY } from '../../core/rng/names.js';
import { LatencyRing, type LatencyLaw, type MessageLatency } from '../../core/sim/latency.js';
import type { Wires } from '../../core/sim/loop.js';
import { CANCEL, PLACE_BUY, PLACE_SELL } from '../../core/sim/trader.js';

/** A constant in ns, or a law. */
export type LatencyValue = number | Exclude<LatencyLaw, { readonly type: 'constant' }>;

export interface LatencySpec {
  readonly orderNs: LatencyValue;
  readonly cancelNs?: LatencyValue;
  readonly feedNs: LatencyValue;
  readonly bumpNs: number;
  readonly bumpOn: 'all' | 'taking';
}

/** Latencies as the loop takes them; `wires` only where a constant each way does not say all. */
export interface Latencies {
  readonly orderLatencyNs: number;
  readonly feedLatencyNs: number;
  readonly wires?: Wires;
}

/** Whether runs differ by their latencies. */
export function isDrawn({ orderNs, cancelNs, feedNs }: LatencySpec): boolean {
  return [orderNs, cancelNs, feedNs].some((value) => typeof value === 'object');
}

/** Connections of one run, their random streams at the start. */
export function toLatencies(spec: LatencySpec, seed: number, unit: number): Latencies {
  const { orderNs, cancelNs = orderNs, feedNs, bumpNs, bumpOn } = spec;
  const isPlain =
    typeof orderNs === 'number' && cancelNs === orderNs && typeof feedNs === 'number' && bumpNs === 0;
  if (isPlain) return { orderLatencyNs: orderNs, feedLatencyNs: feedNs };
  const everyBumpNs = bumpOn === 'all' ? bumpNs : 0;
  const orders: MessageLatency[] = [];
  orders[PLACE_BUY] = orders[PLACE_SELL] = { law: toLaw(orderNs), bumpNs: everyBumpNs };
  orders[CANCEL] = { law: toLaw(cancelNs), bumpNs: everyBumpNs };
  // Words beyond are orders that take.
  orders[CANCEL + 1] = { law: toLaw(orderNs), bumpNs };
  const news = [{ law: toLaw(feedNs), bumpNs: 0 }];
  const wires = {
    toExchange: new LatencyRing(orders, seed, unit, LATENCY),
    toTrader: new LatencyRing(news, seed, unit, FEED_LATENCY),
  };
  return { orderLatencyNs: 0, feedLatencyNs: 0, wires };
}

function toLaw(value: LatencyValue): LatencyLaw {
  return typeof value === 'number' ? { type: 'constant', ns: value } : value;
}
