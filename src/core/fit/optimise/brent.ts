/**
 * Brent's method for a root between two signs.
 *
 * Why: it needs no derivative, cannot leave the bracket and takes about 10 evaluations where the function is
 * smooth. Source: Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
 */

const EPSILON = 2.220446049250313e-16;
const MAX_STEPS = 200;

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
