/** What a report's page embeds, unpacked: series, fills, depth and phases of the first run. */
/// <reference lib="dom" />

/** What the page embeds: columns as base64 of little-endian arrays. Ticks of -1 mean "no price". */
interface Packed {
  readonly type: 'f64' | 'i32' | 'u8';
  readonly base64: string;
}
interface Embedded {
  readonly tickSize: number;
  /** Seconds since midnight at which the run starts; null shows the time since the start. */
  readonly clockStartS: number | null;
  readonly series: Readonly<Record<string, Packed>>;
  readonly fills: Readonly<Record<string, Packed>>;
  readonly depth: Readonly<Record<string, Packed>>;
  /** Call auctions and halts; absent where there are no rules for them. */
  readonly phases?: Readonly<Record<string, Packed>>;
}
export type Line = (number | null)[];

const NS_PER_S = 1e9;

function unpack(packed: Packed | undefined): ArrayLike<number> {
  if (!packed) return [];
  const bytes = Uint8Array.from(atob(packed.base64), (char) => char.charCodeAt(0));
  if (packed.type === 'u8') return bytes;
  return packed.type === 'i32' ? new Int32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

const dataElement = document.getElementById('chart-data');
export const data = dataElement ? (JSON.parse(dataElement.textContent) as Embedded) : null;
const columns = (table: Readonly<Record<string, Packed>> | undefined, name: string): ArrayLike<number> =>
  unpack(table?.[name]);
export const tick = data?.tickSize ?? 1;
export const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(tick) - 1e-9)));
/** Seconds since the start, or since midnight where the run has a clock: ticks then fall on round times. */
const seconds = (tNs: ArrayLike<number>): number[] =>
  Array.from(tNs, (t) => (data?.clockStartS ?? 0) + t / NS_PER_S);
const prices = (ticks: ArrayLike<number>): Line => Array.from(ticks, (p) => (p < 0 ? null : p * tick));

export const series = {
  t: seconds(columns(data?.series, 'tNs')),
  bid: prices(columns(data?.series, 'bidTicks')),
  ask: prices(columns(data?.series, 'askTicks')),
  ownBid: prices(columns(data?.series, 'ownBidTicks')),
  ownAsk: prices(columns(data?.series, 'ownAskTicks')),
  inventory: Array.from(columns(data?.series, 'inventoryLots')),
  pnl: Array.from(columns(data?.series, 'pnl')),
};
export const mid: Line = series.bid.map((bid, i) => {
  const ask = series.ask[i] ?? null;
  return bid === null || ask === null ? null : (bid + ask) / 2;
});
export const fills = {
  t: seconds(columns(data?.fills, 'tNs')),
  side: columns(data?.fills, 'side'),
  price: columns(data?.fills, 'priceTicks'),
};
export const depth = {
  t: seconds(columns(data?.depth, 'tNs')),
  price: columns(data?.depth, 'priceTicks'),
  lots: columns(data?.depth, 'qtyLots'),
};
export const phases = {
  from: seconds(columns(data?.phases, 'fromNs')),
  to: seconds(columns(data?.phases, 'toNs')),
  what: columns(data?.phases, 'what'),
  price: columns(data?.phases, 'priceTicks'),
};
/** First row of each instant of the depth table, and its end. */
export const instants = depth.t.flatMap((t, i) => (i === 0 || t !== depth.t[i - 1] ? [i] : []));
export const mostLots = Math.max(1, ...Array.from(depth.lots));
export const priceStep = smallestStep();

/** Least distance of prices in ticks: where prices move by several ticks, cells still have no holes. */
function smallestStep(): number {
  const sorted = [...new Set(Array.from(depth.price))].sort((a, b) => a - b);
  const steps = sorted.map((price, i) => (i === 0 ? Infinity : price - (sorted[i - 1] ?? price)));
  const least = Math.min(...steps);
  return Number.isFinite(least) ? least : 1;
}
