/** Times prepared cases side by side, a run of each per round, so that noise disturbs all alike. */
import type { PreparedCase } from './cases.js';

export interface Measured {
  readonly name: string;
  readonly count: number;
  readonly digest: string;
  /** Nanoseconds per unit of each round. */
  readonly nsPerUnit: readonly number[];
}

/**
 * Runs each case `warmups` times untimed, then once per round. A digest that changes between runs is an
 * error.
 */
export function measure(
  prepared: ReadonlyMap<string, PreparedCase>,
  warmups: number,
  rounds: number,
  nowNs: () => bigint,
): Measured[] {
  const digests = new Map<string, string>();
  const times = new Map([...prepared.keys()].map((name) => [name, [] as number[]]));
  for (let round = -warmups; round < rounds; round++) {
    for (const [name, { count, before, run }] of prepared) {
      before?.();
      const start = nowNs();
      const digest = run();
      const ns = Number(nowNs() - start);
      const first = digests.get(name) ?? digest;
      if (digest !== first)
        throw new Error(`${name}: digest ${digest} after ${first}: the case is not repeatable`);
      digests.set(name, digest);
      if (round >= 0) times.get(name)!.push(ns / count);
    }
  }
  return [...prepared].map(([name, { count }]) => ({
    name,
    count,
    digest: digests.get(name)!,
    nsPerUnit: times.get(name)!,
  }));
}

/** Middle value; the mean of the two middle ones for an even number. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median absolute deviation from the median. */
export function mad(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

/** Ratios of speed (a over b), round by round. */
export function speedRatios(a: Measured, b: Measured): number[] {
  return a.nsPerUnit.map((ns, round) => b.nsPerUnit[round]! / ns);
}
