/**
 * Control variates: the mean of a payoff, freed of what it shares with a quantity whose mean is known.
 *
 * Y - beta (X - E[X]) has the mean of Y for a fixed beta, and least variance at beta = cov(X, Y) / var(X)
 * (Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 4.1). A beta estimated from
 * the same paths correlates with them and biases the mean by O(1/n). Here paths come in independent groups,
 * and each group is corrected by the beta of all other groups (Avramidis & Wilson, "A splitting scheme for
 * control variates", Operations Research Letters 14, 1993), so the mean is unbiased for any number of
 * paths. The scatter of the groups' corrected means is the error: right for independent paths as for
 * randomisations of Sobol points. Betas of two groups share paths, so the means are not quite independent:
 * of second order in 1/n.
 */

/** Sums over pairs: `m2Y`, `m2X` and `mXY` are of deviations from the means. */
export interface PairMoments {
  count: number;
  meanY: number;
  meanX: number;
  m2Y: number;
  m2X: number;
  mXY: number;
}

export function emptyPairs(): PairMoments {
  return { count: 0, meanY: 0, meanX: 0, m2Y: 0, m2X: 0, mXY: 0 };
}

/** Moments of the pairs (y[i], x[i]), i = 0..count-1, into `out`: two passes, so no digits cancel. */
export function pairMomentsOf(y: Float64Array, x: Float64Array, count: number, out: PairMoments): void {
  let sumY = 0;
  let sumX = 0;
  for (let i = 0; i < count; i++) {
    sumY += y[i];
    sumX += x[i];
  }
  const meanY = count > 0 ? sumY / count : 0;
  const meanX = count > 0 ? sumX / count : 0;
  let m2Y = 0;
  let m2X = 0;
  let mXY = 0;
  for (let i = 0; i < count; i++) {
    const dy = y[i] - meanY;
    const dx = x[i] - meanX;
    m2Y += dy * dy;
    m2X += dx * dx;
    mXY += dy * dx;
  }
  out.count = count;
  out.meanY = meanY;
  out.meanX = meanX;
  out.m2Y = m2Y;
  out.m2X = m2X;
  out.mXY = mXY;
}

/** Adds the pairs of `b` to `a` (Pebay 2008, equation 3.12); merging in a fixed order gives the same bits. */
export function mergePairs(a: PairMoments, b: PairMoments): void {
  if (b.count === 0) return;
  const n = a.count + b.count;
  const dy = b.meanY - a.meanY;
  const dx = b.meanX - a.meanX;
  const weight = (a.count * b.count) / n;
  a.m2Y += b.m2Y + dy * dy * weight;
  a.m2X += b.m2X + dx * dx * weight;
  a.mXY += b.mXY + dy * dx * weight;
  a.meanY += (dy * b.count) / n;
  a.meanX += (dx * b.count) / n;
  a.count = n;
}

export interface Controlled {
  readonly mean: number;
  readonly standardError: number;
  /** The coefficient of all paths together, for the record; the groups had those of the others. */
  readonly beta: number;
}

/**
 * The mean of Y with X as its control, from >= 2 independent groups of equal kind (16 or more for an error
 * worth its name); groups of unequal size weigh by their paths. An X that never moves controls nothing:
 * beta is 0.
 */
export function controlledMean(groups: readonly PairMoments[], expectedX: number): Controlled {
  const total = emptyPairs();
  for (const group of groups) mergePairs(total, group);
  const corrected = groups.map((group) => {
    const others = emptyPairs();
    for (const other of groups) if (other !== group) mergePairs(others, other);
    return group.meanY - betaOf(others) * (group.meanX - expectedX);
  });
  let mean = 0;
  groups.forEach((group, i) => (mean += (corrected[i] * group.count) / total.count));
  let squares = 0;
  groups.forEach((group, i) => {
    const share = group.count / total.count;
    const d = corrected[i] - mean;
    squares += share * share * d * d;
  });
  const standardError = Math.sqrt((squares * groups.length) / (groups.length - 1));
  return { mean, standardError, beta: betaOf(total) };
}

function betaOf({ m2X, mXY }: PairMoments): number {
  return m2X > 0 ? mXY / m2X : 0;
}

/** Mean and standard error of independent groups without a control: the same weights, beta 0. */
export function groupedMean(groups: readonly PairMoments[]): Controlled {
  return controlledMean(
    groups.map((group) => ({ ...group, meanX: 0, m2X: 0, mXY: 0 })),
    0,
  );
}

export interface PooledMean extends Controlled {
  /** Standard error of the mean of Y alone. */
  readonly plainError: number;
}

/**
 * The mean of Y with X as its control from independent pairs in one pool: one beta for all, whose bias is of
 * order 1/n and far below the error, and an error from all pairs instead of a few groups (Glasserman 2003,
 * section 4.1; one degree of freedom is lost to beta). NaN errors below three pairs, two without a control.
 */
export function pooledMean(pairs: PairMoments, expectedX: number): PooledMean {
  const { count: n, meanY, meanX, m2Y, mXY } = pairs;
  const plainError = n > 1 ? Math.sqrt(m2Y / (n - 1) / n) : NaN;
  const beta = betaOf(pairs);
  if (!(pairs.m2X > 0)) return { mean: meanY, standardError: plainError, beta, plainError };
  const rest = m2Y - beta * mXY;
  const standardError = n > 2 ? Math.sqrt((rest > 0 ? rest : 0) / (n - 2) / n) : NaN;
  return { mean: meanY - beta * (meanX - expectedX), standardError, beta, plainError };
}
