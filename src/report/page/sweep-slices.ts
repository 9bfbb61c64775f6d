/** Slices of a sweep: the metric along each axis through the chosen cell, with its 95 % band. */
/// <reference lib="dom" />
import type { default as UPlot, Options, Series } from 'uplot';
import { css } from './canvas.js';
import { shortNumber, type Axis, type Place, type Spot, type SweepModel } from './sweep-model.js';

// The page carries uPlot's own script.
declare const uPlot: typeof UPlot;

const HEIGHT = 200;
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

export class Slices {
  readonly #model: SweepModel;
  readonly #hosts: readonly HTMLElement[];
  #charts: UPlot[] = [];

  /** One host for each axis. */
  constructor(model: SweepModel, hosts: readonly HTMLElement[]) {
    this.#model = model;
    this.#hosts = hosts;
  }

  /** `places` has for each axis the points of all other axes that its slice runs through. */
  draw(metric: number, places: readonly Place[], chosen: readonly number[] | null): void {
    for (const chart of this.#charts) chart.destroy();
    this.#charts = this.#hosts.map((host, axis) => {
      const spots = this.#model.spots(metric, axis, null, places[axis]!);
      const about = this.#model.axes[axis]!;
      host
        .querySelector('table.data tbody')!
        .replaceChildren(...spots.map((spot, i) => rowOf(about, spot, i)));
      const marked = chosen === null ? null : xOf(about, chosen[axis]!);
      return this.#chart(host.querySelector<HTMLElement>('.slice')!, metric, axis, spots, marked);
    });
  }

  #chart(
    host: HTMLElement,
    metric: number,
    axis: number,
    spots: readonly Spot[],
    marked: number | null,
  ): UPlot {
    const about = this.#model.axes[axis]!;
    const { label } = this.#model.sweep.metrics[metric]!;
    const order = spots.map((_, i) => i).sort((a, b) => xOf(about, a) - xOf(about, b));
    const data = [
      order.map((i) => xOf(about, i)),
      ...(['high', 'low', 'mean'] as const).map((part) => order.map((i) => known(spots[i]![part]))),
    ];
    const text = (_: UPlot, value: number | null): string => (value === null ? '–' : shortNumber(value, 4));
    const isWords = about.points[0]?.x === null;
    const line: Partial<Series> = isWords ? { paths: () => null } : {};
    const edge: Series = { stroke: 'transparent', value: text, points: { show: false }, ...line };
    const options: Options = {
      width: host.clientWidth,
      height: HEIGHT,
      padding: [10, 14, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false, distr: about.isLog ? 3 : 1, ...(isWords && { range: [-0.5, spots.length - 0.5] }) },
      },
      series: [
        { label: about.label, value: (_, x) => (x === null ? '–' : textAt(about, x)) },
        { label: '95 % high', ...edge },
        { label: 'low', ...edge },
        {
          label,
          stroke: css('bid'),
          width: 2,
          value: text,
          points: { size: 5, fill: css('bid') },
          spanGaps: true,
          ...line,
        },
      ],
      bands: isWords ? [] : [{ series: [1, 2], fill: css('band-fill') }],
      axes: [
        { ...plainAxis(), size: 34, space: 46, values: (_, xs) => xs.map((x) => tickText(about, x)) },
        { ...plainAxis(), size: 58, values: (_, ys) => ys.map((y) => shortNumber(y)) },
      ],
      hooks: {
        drawAxes: [(u) => marked !== null && markAt(u, marked)],
        draw: [(u) => isWords && whiskers(u)],
      },
    };
    return new uPlot(options, data as UPlot.AlignedData, host);
  }
}

function plainAxis(): { stroke: string; font: string; grid: object; ticks: object } {
  const grid = { stroke: css('grid'), width: 1 };
  return { stroke: css('muted'), font: '12px system-ui, sans-serif', grid, ticks: grid };
}

/** Where a point lies: its number, or its place among words. */
const xOf = ({ points }: Axis, point: number): number => points[point]!.x ?? point;

function textAt(axis: Axis, x: number): string {
  const point = axis.points.find((_, i) => xOf(axis, i) === x);
  return point?.text ?? shortNumber(x);
}

/** Axes of words have a tick at each word and nowhere else. */
function tickText(axis: Axis, x: number | null): string {
  if (x === null) return '';
  if (axis.points[0]?.x !== null) return shortNumber(x);
  return Number.isInteger(x) ? (axis.points[x]?.text ?? '') : '';
}

function markAt(u: UPlot, x: number): void {
  const at = Math.round(u.valToPos(x, 'x', true));
  u.ctx.save();
  u.ctx.strokeStyle = css('ask');
  u.ctx.lineWidth = devicePixelRatio * 1.5;
  u.ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  u.ctx.beginPath();
  u.ctx.moveTo(at, u.bbox.top);
  u.ctx.lineTo(at, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
  u.ctx.restore();
}

/** Between words there is nothing to draw a band through: each has its own interval. */
function whiskers(u: UPlot): void {
  const [xs, highs, lows] = u.data as [number[], (number | null)[], (number | null)[]];
  u.ctx.save();
  u.ctx.strokeStyle = css('bid');
  u.ctx.lineWidth = devicePixelRatio * 2;
  u.ctx.beginPath();
  xs.forEach((x, i) => {
    const [high, low] = [highs[i] ?? null, lows[i] ?? null];
    if (high === null || low === null) return;
    const at = Math.round(u.valToPos(x, 'x', true));
    u.ctx.moveTo(at, u.valToPos(low, 'y', true));
    u.ctx.lineTo(at, u.valToPos(high, 'y', true));
  });
  u.ctx.stroke();
  u.ctx.restore();
}

function rowOf(axis: Axis, spot: Spot, point: number): HTMLTableRowElement {
  const row = document.createElement('tr');
  const interval = Number.isNaN(spot.low)
    ? ''
    : `${shortNumber(spot.low, 4)} to ${shortNumber(spot.high, 4)}`;
  const value = Number.isNaN(spot.mean) ? 'n/a' : shortNumber(spot.mean, 4);
  for (const text of [axis.points[point]!.text, value, interval, String(spot.cells)])
    row.insertCell().textContent = text;
  return row;
}
