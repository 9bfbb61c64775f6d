/**
 * Brent's methods in one variable: a root between two signs, and a minimum between two ends.
 *
 * Why: both need no derivative, cannot leave the bracket and take about 10 evaluations where the function is
 * smooth. Source: Brent, Algorithms for Minimization without Derivatives (1973), chapters 4 and 5.
 */

const EPSILON = 2.220446049250313e-16;
const MAX_STEPS = 200;
/** Square of the inverse of the golden ratio: (3 - sqrt 5) / 2. */
const GOLDEN = 0.3819660112501051;

/**
 * x in low..high with f(x) = 0, to `tolerance` and a few roundings. NaN where f has the same sign at both
 * ends.
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (!(fa * fb <= 0)) return NaN;
  let [c, fc, step, last] = [a, fa, b - a, b - a];
  for (let k = 0; k < MAX_STEPS; k++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const width = 2 * EPSILON * Math.abs(b) + 0.5 * tolerance;
    const middle = 0.5 * (c - b);
    if (Math.abs(middle) <= width || fb === 0) return b;
    const inner =
      Math.abs(last) >= width && Math.abs(fa) > Math.abs(fb) ? interpolate(a, b, c, fa, fb, fc) : NaN;
    if (2 * Math.abs(inner) < Math.min(3 * Math.abs(middle) - width, Math.abs(last)) && inner * middle > 0) {
      last = step;
      step = inner;
    } else {
      step = middle;
      last = middle;
    }
    [a, fa] = [b, fb];
    b += Math.abs(step) > width ? step : middle > 0 ? width : -width;
    fb = f(b);
    if (fb > 0 === fc > 0) [c, fc, step, last] = [a, fa, b - a, b - a];
  }
  return b;
}

/** The step from b by inverse quadratic interpolation, or by the secant where a and c are one point. */
function interpolate(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (1 - s);
  const q = fa / fc;
  const r = fb / fc;
  const p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  return -p / ((q - 1) * (r - 1) * (s - 1));
}

export interface LineMinimum {
  readonly x: number;
  readonly value: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/** A local minimum of f in low..high to relative accuracy `tolerance`; below 1e-8 rounding allows no more. */
export function brentMinimum(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-8,
): LineMinimum {
  let [a, b] = [low, high];
  let x = a + GOLDEN * (b - a);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let [step, last] = [0, 0];
  for (let evaluations = 1; evaluations <= MAX_STEPS; evaluations++) {
    const middle = 0.5 * (a + b);
    const width = tolerance * Math.abs(x) + EPSILON;
    if (Math.abs(x - middle) <= 2 * width - 0.5 * (b - a)) {
      return { x, value: fx, evaluations, converged: true };
    }
    let r = (x - w) * (fx - fv);
    let q = (x - v) * (fx - fw);
    let p = (x - v) * q - (x - w) * r;
    q = 2 * (q - r);
    if (q > 0) p = -p;
    else q = -q;
    r = last;
    last = step;
    if (Math.abs(p) < Math.abs(0.5 * q * r) && p > q * (a - x) && p < q * (b - x)) {
      step = p / q;
      const u = x + step;
      if (u - a < 2 * width || b - u < 2 * width) step = x < middle ? width : -width;
    } else {
      last = x < middle ? b - x : a - x;
      step = GOLDEN * last;
    }
    const u = x + (Math.abs(step) >= width ? step : step > 0 ? width : -width);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
      continue;
    }
    if (u < x) a = u;
    else b = u;
    if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
    else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
  }
  return { x, value: fx, evaluations: MAX_STEPS, converged: false };
}
