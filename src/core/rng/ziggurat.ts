/**
 * Tables of the 256-layer ziggurat for the normal and the exponential law.
 *
 * The area under f(x) = exp(-x^2/2), or exp(-x), is cut into 256 layers of equal area v: 255 rectangles and a
 * base that ends in the tail beyond r. The tables are computed at load with the house's own exp and log, so
 * that they have the same bits on every engine. Paper: Marsaglia & Tsang, "The ziggurat method for generating
 * random variables", J. Stat. Software 5(8), 2000; the choice of the layer by other bits than the value:
 * Doornik, "An improved ziggurat method", 2005.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

export const LAYERS = 256;
/** Start of the tail: the r for which 256 layers of equal area close at the top. */
export const NORMAL_R = 3.654152885361009;
export const EXPONENTIAL_R = 7.69711747013105;
/** Layer areas: r f(r) + integral of f beyond r. */
const NORMAL_V = 0.004928673233974655;
const EXPONENTIAL_V = 0.003949659822581557;

const TWO_31 = 2147483648;
const TWO_32 = 4294967296;

/**
 * With e[i] the right edge of layer i (e[0] = v / f(r) makes the base a rectangle, e[1] = r, e[256] = 0):
 * width[i] = e[i] / range turns a word into x, height[i] = f(e[i]) for i = 0..256, and a word below inside[i]
 * lies within the next layer too, so that it is accepted without computing f.
 */
export interface Ziggurat<Words extends Int32Array | Float64Array> {
  readonly width: Float64Array;
  readonly height: Float64Array;
  readonly inside: Words;
}

function fill(edges: Float64Array, range: number, tables: Ziggurat<Int32Array | Float64Array>): void {
  for (let i = 0; i < LAYERS; i++) {
    tables.width[i] = edges[i] / range;
    const limit = (edges[i + 1] / edges[i]) * range;
    tables.inside[i] = limit - (limit % 1);
  }
}

/**
 * What decides most points of a wedge without computing f. In units of the wedge (0..1 from its inner edge
 * and from its bottom), the density lies between lowest[i] and highest[i] above the chord from corner to
 * corner.
 */
export interface Wedges {
  /** e[i]. */
  readonly edge: Float64Array;
  /** 1 / (e[i] - e[i + 1]). */
  readonly perWedge: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/** Points of a wedge at which its density is compared with the chord. */
const PROBES = 32;
/** A parabola's top lies at most 1/PROBES^2 of its height above the highest of the probes. */
const MARGIN = 1.02;

function wedgesOf(edges: Float64Array, height: Float64Array): Wedges {
  const [perWedge, lowest, highest] = [0, 0, 0].map(() => new Float64Array(LAYERS));
  for (let i = 1; i < LAYERS; i++) {
    const wide = edges[i] - edges[i + 1];
    perWedge[i] = 1 / wide;
    for (let probe = 1; probe < PROBES; probe++) {
      const x = edges[i + 1] + (wide * probe) / PROBES;
      const share = (exp(-0.5 * x * x) - height[i]) / (height[i + 1] - height[i]);
      const above = share - (1 - probe / PROBES);
      if (above < lowest[i]) lowest[i] = above;
      if (above > highest[i]) highest[i] = above;
    }
    lowest[i] = lowest[i] * MARGIN - 1e-9;
    highest[i] = highest[i] * MARGIN + 1e-9;
  }
  return { edge: edges, perWedge, lowest, highest };
}

/** Tables of the standard normal; words are sizes 0..2^31-1 beside a sign. */
export function normalTables(): Ziggurat<Int32Array> & Wedges {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = NORMAL_V / exp(-0.5 * NORMAL_R * NORMAL_R);
  edges[1] = NORMAL_R;
  for (let i = 2; i < LAYERS; i++) {
    const below = edges[i - 1];
    edges[i] = Math.sqrt(-2 * log(NORMAL_V / below + exp(-0.5 * below * below)));
  }
  const tables = {
    width: new Float64Array(LAYERS),
    height: edges.map((edge) => exp(-0.5 * edge * edge)),
    inside: new Int32Array(LAYERS),
  };
  fill(edges, TWO_31, tables);
  return { ...tables, ...wedgesOf(edges, tables.height) };
}

/** Tables of the standard exponential; words are unsigned, 0..2^32-1, hence `inside` in doubles. */
export function exponentialTables(): Ziggurat<Float64Array> {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = EXPONENTIAL_V / exp(-EXPONENTIAL_R);
  edges[1] = EXPONENTIAL_R;
  for (let i = 2; i < LAYERS; i++) {
    const below = edges[i - 1];
    edges[i] = -log(EXPONENTIAL_V / below + exp(-below));
  }
  const tables = {
    width: new Float64Array(LAYERS),
    height: edges.map((edge) => exp(-edge)),
    inside: new Float64Array(LAYERS),
  };
  fill(edges, TWO_32, tables);
  return tables;
}
