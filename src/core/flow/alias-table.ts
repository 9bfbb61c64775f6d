/**
 * Picks an index with given weights in O(1): Walker's alias method (1977), table built as by Vose (1991).
 *
 * n columns of equal height hold two indices each: the column's own below its cut, another one above it.
 */
export class AliasTable {
  declare private readonly cut: Float64Array;
  /** The two indices of each column: its own, then the other one. */
  declare private readonly held: Int32Array;

  /** Weights >= 0; where all are 0 every index is as likely as the others. */
  constructor(weights: ArrayLike<number>) {
    const n = weights.length;
    this.cut = new Float64Array(n).fill(1);
    this.held = Int32Array.from({ length: 2 * n }, (_, i) => (i & 1 ? 0 : i >> 1));
    let total = 0;
    for (let i = 0; i < n; i++) total += weights[i];
    const share = new Float64Array(n);
    const small: number[] = [];
    const large: number[] = [];
    for (let i = 0; i < n; i++) {
      share[i] = total > 0 ? (weights[i] / total) * n : 1;
      (share[i] < 1 ? small : large).push(i);
    }
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!;
      const rich = large[large.length - 1];
      this.cut[poor] = share[poor];
      this.held[2 * poor + 1] = rich;
      share[rich] -= 1 - share[poor];
      if (share[rich] < 1) small.push(large.pop()!);
    }
    // What remains differs from 1 by rounding only and keeps its whole column.
  }

  /** Index for a uniform in [0, 1]; 1 may come out of a rounded quotient. */
  pick(uniform: number): number {
    const x = uniform * this.cut.length;
    const i = Math.min(x | 0, this.cut.length - 1);
    // Without a branch, which would be mispredicted as often as the cuts divide evenly.
    return this.held[2 * i + Number(x - i >= this.cut[i])];
  }
}
