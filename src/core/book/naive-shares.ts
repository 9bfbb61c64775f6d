/** The slow obvious twin of share-out.ts: the pro-rata rule as it would be said, in big integers. */

/** Shares of `taken` lots among orders of so many lots, oldest first; see shareOut. */
export function naiveShares(lots: readonly number[], taken: number, top: boolean): number[] {
  const shares = lots.map(() => 0);
  let rest = taken;
  if (top && lots.length > 0) {
    shares[0] = Math.min(rest, lots[0]!);
    rest -= shares[0];
  }
  const from = top ? 1 : 0;
  const total = lots.slice(from).reduce((a, b) => a + b, 0);
  const shared = rest;
  for (let i = from; i < lots.length && shared > 0; i++) {
    shares[i] = Number((BigInt(lots[i]!) * BigInt(shared)) / BigInt(total));
    rest -= shares[i]!;
  }
  for (let i = from; i < lots.length; i++) {
    const more = Math.min(rest, lots[i]! - shares[i]!);
    shares[i]! += more;
    rest -= more;
  }
  return shares;
}
