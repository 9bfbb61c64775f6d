/** Writes a Binance capture of random trading whose book is known after every line. */
import { Pcg32 } from '../bench/pcg32.js';

export interface BinanceOptions {
  /** Lines say pu, as USD-M futures do. */
  readonly futures?: boolean;
  readonly differences: number;
  readonly seed: number;
}

export interface Capture {
  readonly lines: string[];
  /** Price text -> quantity text at the end, bids and asks. */
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

/** Differences 0 and 1 come before the snapshot; the snapshot falls into the ids of difference 1. */
export function binanceCapture({ futures = false, differences, seed }: BinanceOptions): Capture {
  const random = new Pcg32(seed);
  const [bids, asks] = [new Map<string, string>(), new Map<string, string>()];
  const lines: string[] = [];
  let [last, ms] = [1000, 1_723_161_255_000];
  const line = (message: object): void => {
    ms += 1 + random.uniform(100);
    lines.push(`${ms}${String(random.uniform(1_000_000)).padStart(6, '0')} ${JSON.stringify(message)}`);
  };
  const change = (): [string, string][] =>
    Array.from({ length: random.uniform(4) }, () => {
      const price = (1000 + random.uniform(50)) / 100;
      const qty = random.uniform(3) === 0 ? 0 : random.uniform(1_000_000) / 1000;
      return [price.toFixed(8), qty.toFixed(8)];
    });
  for (let i = 0; i < differences; i++) {
    const pu = last;
    const U = last + 1 + (futures ? random.uniform(9) : 0);
    last = U + 2 + random.uniform(5);
    const b = change();
    const a = change().map(([price, qty]): [string, string] => [(Number(price) + 1).toFixed(8), qty]);
    for (const [side, levels] of [
      [bids, b],
      [asks, a],
    ] as const) {
      for (const [price, qty] of levels) {
        if (Number(qty) === 0) side.delete(price);
        else side.set(price, qty);
      }
    }
    const message = { e: 'depthUpdate', E: ms, s: 'TESTUSDT', U, u: last, ...(futures && { pu }), b, a };
    line(random.uniform(2) === 0 ? { stream: 'testusdt@depth', data: message } : message);
    if (i === 1) line({ lastUpdateId: last - 1, bids: [...bids], asks: [...asks] });
    if (i > 1 && random.uniform(3) === 0 && bids.size > 0 && asks.size > 0) line(quote(last, bids, asks));
  }
  return { lines, bids, asks };
}

function quote(u: number, bids: Map<string, string>, asks: Map<string, string>): object {
  const [bid, B] = [...bids].sort(([a], [b]) => Number(b) - Number(a))[0]!;
  const [ask, A] = [...asks].sort(([a], [b]) => Number(a) - Number(b))[0]!;
  return { stream: 'testusdt@bookTicker', data: { u, s: 'TESTUSDT', b: bid, B, a: ask, A } };
}
