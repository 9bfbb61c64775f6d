/** A static plot: shapes as SVG that stretches with the page, labels as text that keeps its size. */
import { escapeHtml } from './html.js';

export type Range = readonly [low: number, high: number];

export interface Plot {
  readonly x: Range;
  readonly y: Range;
  readonly xLabel: string;
  readonly yLabel: string;
  /** SVG in a 1000 x 1000 box with y upwards already turned; see `place`. */
  readonly shapes: string;
}

const BOX = 1000;
const TICKS = 6;

/** Data to box coordinates, one decimal. */
export function place(x: Range, y: Range): (px: number, py: number) => string {
  const scale = ([low, high]: Range, value: number): number => ((value - low) / (high - low || 1)) * BOX;
  return (px, py) => `${scale(x, px).toFixed(1)},${(BOX - scale(y, py)).toFixed(1)}`;
}

/** Round numbers (1, 2 or 5 times a power of ten) inside the range, about six of them. */
export function niceTicks([low, high]: Range): number[] {
  const raw = (high - low) / TICKS;
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

export function drawPlot({ x, y, xLabel, yLabel, shapes }: Plot): string {
  const share = ([low, high]: Range, value: number): string =>
    `${(((value - low) / (high - low || 1)) * 100).toFixed(2)}%`;
  const xTicks = niceTicks(x);
  const yTicks = niceTicks(y);
  const at = place(x, y);
  const rule = (from: string, to: string): string => `<polyline class="rule" points="${from} ${to}"/>`;
  const rules =
    yTicks.map((tick) => rule(at(x[0], tick), at(x[1], tick))).join('') +
    xTicks.map((tick) => rule(at(tick, y[0]), at(tick, y[1]))).join('');
  const labels =
    yTicks.map((tick) => `<span class="y" style="bottom:${share(y, tick)}">${tick}</span>`).join('') +
    xTicks.map((tick) => `<span class="x" style="left:${share(x, tick)}">${tick}</span>`).join('');
  return (
    `<div class="plot" aria-hidden="true"><svg viewBox="0 0 ${BOX} ${BOX}" preserveAspectRatio="none">` +
    `${rules}${shapes}</svg>${labels}</div>` +
    `<p class="key"><span>across: ${escapeHtml(xLabel)}</span><span>up: ${escapeHtml(yLabel)}</span></p>`
  );
}
