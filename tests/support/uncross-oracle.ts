/** The price of a call auction by the rules as they are said, tried at every tick: slow and obvious. */
import type { Uncross } from '../../src/core/book/auction.js';
import * as c from '../../src/core/book/codes.js';

export interface Order {
  side: number;
  priceTicks: number;
  lots: number;
}

/** No band. */
export const WIDE = { lowTicks: 0, highTicks: c.MAX_PRICE_TICKS };

/** The rules as they are said, tried at every tick of the band. */
export function oracle(orders: readonly Order[], referenceTicks: number, band = WIDE): Uncross {
  const limits = orders.map((o) => o.priceTicks).filter((p) => p !== c.NIL);
  const low = Math.max(band.lowTicks, limits.length > 0 ? Math.min(...limits) : Math.max(0, referenceTicks));
  const high = Math.min(band.highTicks, limits.length > 0 ? Math.max(...limits) : referenceTicks);
  let all: Uncross[] = [];
  for (let priceTicks = low; priceTicks <= high; priceTicks++) {
    let wanted = 0;
    let offered = 0;
    for (const o of orders) {
      if (o.side === c.BUY && (o.priceTicks === c.NIL || o.priceTicks >= priceTicks)) wanted += o.lots;
      if (o.side === c.SELL && (o.priceTicks === c.NIL || o.priceTicks <= priceTicks)) offered += o.lots;
    }
    all.push({ priceTicks, volumeLots: Math.min(wanted, offered), surplusLots: wanted - offered });
  }
  const most = Math.max(0, ...all.map((one) => one.volumeLots));
  all = all.filter((one) => one.volumeLots === most);
  const least = Math.min(...all.map((one) => Math.abs(one.surplusLots)));
  all = all.filter((one) => Math.abs(one.surplusLots) === least);
  if (most === 0) return { priceTicks: c.NIL, volumeLots: 0, surplusLots: 0 };
  if (all.every((one) => one.surplusLots > 0)) return all.at(-1)!;
  if (all.every((one) => one.surplusLots < 0)) return all[0]!;
  const between =
    least === 0
      ? all
      : [all.filter((one) => one.surplusLots > 0).at(-1)!, all.find((one) => one.surplusLots < 0)!];
  const [first, last] = [between[0]!, between.at(-1)!];
  const priceTicks = Math.min(Math.max(first.priceTicks, referenceTicks), last.priceTicks);
  return all.find((one) => one.priceTicks === priceTicks)!;
}
