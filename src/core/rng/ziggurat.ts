/**
 * Tables of the 256-layer ziggurat for the normal and the exponential law.
 *
 * The area under f(x) = exp(-x^2/2) (or exp(-x)) is cut into 256 layers of equal area v: 255 rectangles and a base that
 * ends in the tail beyond r. EDGE[i] is the right edge of layer i (EDGE[0] = v / f(r) is the base as a rectangle,
 * EDGE[1] = r, EDGE[256] = 0), HEIGHT[i] = f(EDGE[i]), WIDTH[i] = EDGE[i] / 2^31 (2^32 for the exponential) turns a
 * word into x, and a word below INSIDE[i] lies inside the next layer too, so it is accepted without computing f.
 * The tables are computed at load with the house's own exp and log: the same bits on every engine.
 * Paper: Marsaglia & Tsang, "The ziggurat method for generating random variables", J. Stat. Software 5(8), 2000;
 * the choice of the layer by other bits than the value: Doornik, "An improved ziggurat method", 2005.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

export const LAYERS = 256;
/** Start of the tail: the r for which 256 layers of equal area close at the top. */
export const NORMAL_R = 3.654152885361009;
export const EXPONENTIAL_R = 7.69711747013105;
/** Layer areas r f(r) + integral of f beyond r. */
const NORMAL_V = 0.004928673233974655;
const EXPONENTIAL_V = 0.003949659822581557;

export const NORMAL_WIDTH = new Float64Array(LAYERS);
export const NORMAL_HEIGHT = new Float64Array(LAYERS + 1);
export const NORMAL_INSIDE = new Int32Array(LAYERS);
export const EXPONENTIAL_WIDTH = new Float64Array(LAYERS);
export const EXPONENTIAL_HEIGHT = new Float64Array(LAYERS + 1);
/** Doubles, not Int32: the words of the exponential are unsigned. */
export const EXPONENTIAL_INSIDE = new Float64Array(LAYERS);

const TWO_31 = 2147483648;
const TWO_32 = 4294967296;

function fill(
  edges: Float64Array,
  range: number,
  width: Float64Array,
  inside: Int32Array | Float64Array,
): void {
  for (let i = 0; i < LAYERS; i++) {
    width[i] = edges[i] / range;
    const limit = (edges[i + 1] / edges[i]) * range;
    inside[i] = limit - (limit % 1);
  }
}

function buildNormal(): void {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = NORMAL_V / exp(-0.5 * NORMAL_R * NORMAL_R);
  edges[1] = NORMAL_R;
  for (let i = 2; i < LAYERS; i++) {
    const below = edges[i - 1];
    edges[i] = Math.sqrt(-2 * log(NORMAL_V / below + exp(-0.5 * below * below)));
  }
  for (let i = 0; i <= LAYERS; i++) NORMAL_HEIGHT[i] = exp(-0.5 * edges[i] * edges[i]);
  fill(edges, TWO_31, NORMAL_WIDTH, NORMAL_INSIDE);
}

function buildExponential(): void {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = EXPONENTIAL_V / exp(-EXPONENTIAL_R);
  edges[1] = EXPONENTIAL_R;
  for (let i = 2; i < LAYERS; i++) {
    const below = edges[i - 1];
    edges[i] = -log(EXPONENTIAL_V / below + exp(-below));
  }
  for (let i = 0; i <= LAYERS; i++) EXPONENTIAL_HEIGHT[i] = exp(-edges[i]);
  fill(edges, TWO_32, EXPONENTIAL_WIDTH, EXPONENTIAL_INSIDE);
}

buildNormal();
buildExponential();
