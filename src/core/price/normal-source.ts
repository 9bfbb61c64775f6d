/**
 * Where the normals of a batch of paths come from: pseudo-random streams, scrambled Sobol points, or mirrors
 * of either.
 *
 * A path's normals depend on its number alone, never on how the batch is split.
 */

export interface NormalSource {
  /**
   * Writes the standard normals of paths firstPath..firstPath+count-1, `perPath` of each, path by path:
   * out[p * perPath + j] is the j-th of path firstPath + p. The same bytes for any split of the paths.
   */
  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void;
}

/**
 * Mirrored pairs: paths 2i and 2i + 1 are path i of `inner` and its negative (Hammersley & Morton 1956).
 * Means over such pairs are what is independent, not the paths: errors must be taken over pairs.
 */
export class AntitheticSource implements NormalSource {
  private readonly inner: NormalSource;
  private scratch = new Float64Array(0);

  constructor(inner: NormalSource) {
    this.inner = inner;
  }

  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void {
    const first = Math.floor(firstPath / 2);
    const pairs = Math.floor((firstPath + count + 1) / 2) - first;
    if (this.scratch.length < pairs * perPath) this.scratch = new Float64Array(pairs * perPath);
    this.inner.fill(first, pairs, perPath, this.scratch);
    for (let p = 0; p < count; p++) {
      const path = firstPath + p;
      const from = (Math.floor(path / 2) - first) * perPath;
      const sign = path % 2 === 0 ? 1 : -1;
      for (let j = 0; j < perPath; j++) out[p * perPath + j] = sign * this.scratch[from + j];
    }
  }
}
