/** What the page of a sweep embeds, and its cells gathered along axes: points of a grid, or bins of draws. */
/// <reference lib="dom" />

export interface EmbeddedAxis {
  readonly label: string;
  /** Points of a grid or a list; null for a range that was drawn from. */
  readonly values: readonly unknown[] | null;
  /** Texts of `values`. */
  readonly texts: readonly string[] | null;
  readonly range: { readonly from: number; readonly to: number; readonly scale: 'linear' | 'log' } | null;
}

export interface EmbeddedMetric {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly meaning: string;
  /** Mean, low and high end of the 95 % interval of each cell, one after the other: base64 of f32. */
  readonly figures: string;
}

export interface EmbeddedSweep {
  readonly cells: number;
  readonly repeats: number;
  readonly isGrid: boolean;
  readonly axes: readonly EmbeddedAxis[];
  readonly metrics: readonly EmbeddedMetric[];
  /** The best cell, where there is one. */
  readonly best: number | null;
  /** Base64 of u8: 0 open, 1 done, 2 failed, 3 cancelled. */
  readonly states: string;
  /** Values of each cell by axis, where they were drawn. */
  readonly drawn: readonly (readonly unknown[])[] | null;
}

/** One point of an axis: a value, or a bin of draws. */
export interface Point {
  readonly text: string;
  /** Where it lies on a numeric axis; null on one of words. */
  readonly x: number | null;
}

export interface Axis {
  readonly label: string;
  readonly points: readonly Point[];
  readonly isLog: boolean;
}

/** What is known at one point, or one pair of points. */
export interface Spot {
  readonly mean: number;
  /** NaN where there is no error. */
  readonly low: number;
  readonly high: number;
  /** Cells behind it that have a value, and the first of all of them; -1 without any. */
  readonly cells: number;
  readonly first: number;
  /** The worst state of its cells: failed, then cancelled, open, done. */
  readonly state: number;
}

/** For each axis the point that is looked at, or null for all. */
export type Place = readonly (number | null)[];

const BINS = 10;
const WORST = [2, 1, 4, 3];

export class SweepModel {
  readonly sweep: EmbeddedSweep;
  readonly axes: readonly Axis[];
  readonly #states: Uint8Array;
  /** Point of cell c on axis a at c * axes + a. */
  readonly #points: Uint32Array;
  readonly #figures = new Map<number, Float32Array>();

  constructor(sweep: EmbeddedSweep) {
    this.sweep = sweep;
    this.#states = bytes(sweep.states);
    this.axes = sweep.axes.map(axisOf);
    this.#points = new Uint32Array(sweep.cells * this.axes.length);
    for (let cell = 0; cell < sweep.cells; cell++) this.#place(cell);
  }

  #place(cell: number): void {
    const { axes, drawn } = this.sweep;
    let rest = cell;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const n = this.axes[axis]!.points.length;
      const point = drawn ? pointOf(axes[axis]!, drawn[axis]![cell]) : rest % n;
      this.#points[cell * axes.length + axis] = point;
      rest = Math.floor(rest / n);
    }
  }

  pointsOf(cell: number): number[] {
    const n = this.axes.length;
    return [...this.#points.subarray(cell * n, cell * n + n)];
  }

  /** The value of a cell on an axis, as text. */
  valueText(cell: number, axis: number): string {
    const value = this.sweep.drawn?.[axis]?.[cell];
    if (typeof value === 'number') return shortNumber(value, 4);
    return this.axes[axis]!.points[this.pointsOf(cell)[axis]!]!.text;
  }

  #figuresOf(metric: number): Float32Array {
    let found = this.#figures.get(metric);
    if (!found) {
      found = new Float32Array(bytes(this.sweep.metrics[metric]!.figures).buffer);
      this.#figures.set(metric, found);
    }
    return found;
  }

  /**
   * Spots along axis x, or for each pair with axis y at [y * points of x + x], of the cells at `place` on all
   * other axes. A spot of several cells has their mean and the 95 % interval of it over these cells.
   */
  spots(metric: number, x: number, y: number | null, place: Place): Spot[] {
    const { cells } = this.sweep;
    const [n, nx] = [this.axes.length, this.axes[x]!.points.length];
    const count = nx * (y === null ? 1 : this.axes[y]!.points.length);
    const groups: number[][] = Array.from({ length: count }, () => []);
    for (let cell = 0; cell < cells; cell++) {
      const at = cell * n;
      let inside = true;
      for (let axis = 0; axis < n && inside; axis++) {
        const wanted = place[axis] ?? null;
        inside = axis === x || axis === y || wanted === null || this.#points[at + axis] === wanted;
      }
      if (inside) groups[this.#points[at + x]! + (y === null ? 0 : this.#points[at + y]! * nx)]!.push(cell);
    }
    const figures = this.#figuresOf(metric);
    return groups.map((group) => this.#spotOf(group, figures));
  }

  #spotOf(group: readonly number[], figures: Float32Array): Spot {
    const { cells } = this.sweep;
    const known = group.filter((cell) => !Number.isNaN(figures[cell]));
    const state = group.reduce(
      (worst, cell) => (WORST[this.#states[cell]!]! > WORST[worst]! ? this.#states[cell]! : worst),
      1,
    );
    const first = group[0] ?? -1;
    const [only] = known;
    if (only === undefined) return { mean: NaN, low: NaN, high: NaN, cells: 0, first, state };
    if (known.length === 1) {
      const [mean, low, high] = [0, 1, 2].map((part) => figures[part * cells + only]!) as Triple;
      return { mean, low, high, cells: 1, first: only, state };
    }
    const mean = known.reduce((sum, cell) => sum + figures[cell]!, 0) / known.length;
    const squares = known.reduce((sum, cell) => sum + (figures[cell]! - mean) ** 2, 0);
    const half = 1.96 * Math.sqrt(squares / (known.length - 1) / known.length);
    return { mean, low: mean - half, high: mean + half, cells: known.length, first, state };
  }
}

type Triple = [number, number, number];

function axisOf({ label, values, texts, range }: EmbeddedAxis): Axis {
  if (values && texts) {
    const numbers = values.every((value) => typeof value === 'number') ? (values as number[]) : null;
    const short = numbers && shortTexts(numbers);
    const points = texts.map((text, i) => ({ text: short?.[i] ?? text, x: numbers?.[i] ?? null }));
    return { label, points, isLog: numbers !== null && looksLogarithmic(numbers) };
  }
  const isLog = range!.scale === 'log';
  const edge = (i: number): number =>
    isLog
      ? range!.from * (range!.to / range!.from) ** (i / BINS)
      : range!.from + ((range!.to - range!.from) * i) / BINS;
  const points = Array.from({ length: BINS }, (_, i) => ({
    text: `${shortNumber(edge(i))} to ${shortNumber(edge(i + 1))}`,
    x: edge(i + 0.5),
  }));
  return { label, points, isLog };
}

function pointOf({ values, range }: EmbeddedAxis, value: unknown): number {
  if (values) {
    const text = JSON.stringify(value);
    return Math.max(
      0,
      values.findIndex((known) => JSON.stringify(known) === text),
    );
  }
  const { from, to, scale } = range!;
  const at = value as number;
  const share = scale === 'log' ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from);
  return Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS)));
}

/** As few digits as tell the values apart, three at least. */
function shortTexts(values: readonly number[]): string[] {
  for (let digits = 3; ; digits++) {
    const texts = values.map((value) => shortNumber(value, digits));
    if (digits >= 12 || new Set(texts).size === texts.length) return texts;
  }
}

function looksLogarithmic(values: readonly number[]): boolean {
  const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
  if (!(first > 0) || !(last > first) || values.length < 3) return false;
  const middle = values[Math.floor(values.length / 2)]!;
  return last / first >= 8 && middle < (first + last) / 2.5;
}

/** Few digits, a true minus sign. */
export function shortNumber(value: number, digits = 3): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(digits - 1)
      : String(Number(value.toPrecision(digits)));
  return text.replace('-', '\u2212');
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
