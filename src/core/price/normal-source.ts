/**
 * Where standard normals come from: one interface for pseudo-random streams, scrambled Sobol points and
 * antithetic pairs, so that a price process does not know which it gets.
 *
 * Layout: path-major. The `perPath` numbers of a path are `factors` runs of `steps` numbers each, one run for
 * each driver of the process (a price, a variance, the count of jumps), in the order of time: a Brownian
 * bridge reorders the numbers inside a run and nothing else. A path is addressed by its number, never by its
 * place in a stream, so that results cannot depend on how paths are cut into blocks, chunks or nodes.
 */
export interface NormalSource {
  /**
   * Writes out[(p - firstPath) * perPath + i], the i-th normal of path p, for `count` paths from `firstPath`
   * (an integer 0..2^53-1). The same path gets the same numbers in every call with the same perPath; the
   * first numbers of a path may depend on perPath (a bridge does).
   */
  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void;
}

/**
 * Mirrored pairs: paths 2k and 2k + 1 have the normals of path k of `inner` and their negatives (Hammersley &
 * Morton 1956; Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 4.2). Pairs are
 * independent, the two of a pair are not: errors are taken over the means of pairs.
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
    for (let path = 0; path < count; path++) {
      const from = (Math.floor((firstPath + path) / 2) - first) * perPath;
      const sign = (firstPath + path) % 2 === 0 ? 1 : -1;
      for (let i = 0; i < perPath; i++) out[path * perPath + i] = sign * this.scratch[from + i];
    }
  }
}
