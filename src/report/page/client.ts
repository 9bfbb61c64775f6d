/** The script of a report: price, depth map, inventory and PnL with one shared time axis, zoom and cursor. */
/// <reference lib="dom" />
import type { default as UPlot, Axis, Options, Series } from 'uplot';
import { clip, css, visible } from './canvas.js';
import {
  data,
  decimals,
  depth,
  fills,
  instants,
  type Line,
  mid,
  mostLots,
  priceStep,
  series,
  tick,
} from './data.js';
import { drawAuctionPrices, drawPhases } from './phases.js';

// Bundled into the page beside uPlot's own script, of which it imports types only.
declare const uPlot: typeof UPlot;

const NARROW_PX = 600;
const HEAT_STEPS = 64;
const TIME_STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200,
];

/** Colour by the logarithm of the lots, so that one large order does not flatten the rest. */
function heatColours(): string[] {
  const stops = [0, 1, 2, 3, 4].map((i) => css(`heat${i}`));
  const rgb = stops.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: HEAT_STEPS }, (_, i) => {
    const at = (i / (HEAT_STEPS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const mixed = [0, 1, 2].map((c) => {
      const from = rgb[low]?.[c] ?? 0;
      return Math.round(from + ((rgb[low + 1]?.[c] ?? 0) - from) * (at - low));
    });
    return `rgb(${mixed.join(',')})`;
  });
}

/** Index of the last element <= value, -1 before the first. */
function lastAtMost(n: number, at: (i: number) => number, value: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
const instantAt = (t: number): number =>
  lastAtMost(instants.length, (i) => depth.t[instants[i] ?? 0] ?? 0, t);

/** Resting lots as cells: one column per instant until the next one; an empty price keeps the background. */
function drawDepth(u: UPlot): void {
  const colours = heatColours();
  const [from, to] = visible(u);
  const first = Math.max(0, instantAt(from));
  const tail =
    (depth.t.at(-1) ?? 0) + ((depth.t.at(-1) ?? 0) - (depth.t[0] ?? 0)) / Math.max(1, instants.length - 1);
  const height = Math.max(
    3 * devicePixelRatio,
    Math.abs(u.valToPos(0, 'y', true) - u.valToPos(priceStep * tick, 'y', true)),
  );
  clip(u, (ctx) => {
    for (let i = first; i < instants.length && (depth.t[instants[i] ?? 0] ?? 0) <= to; i++) {
      const row = instants[i] ?? 0;
      const end = instants[i + 1] ?? depth.t.length;
      const left = Math.floor(u.valToPos(depth.t[row] ?? 0, 'x', true));
      const right = Math.ceil(u.valToPos(depth.t[end] ?? tail, 'x', true));
      for (let k = row; k < end; k++) {
        const heat = Math.log1p(depth.lots[k] ?? 0) / Math.log1p(mostLots);
        const y = u.valToPos((depth.price[k] ?? 0) * tick, 'y', true);
        ctx.fillStyle = colours[Math.round(heat * (HEAT_STEPS - 1))] ?? '';
        ctx.fillRect(left, Math.round(y - height / 2), right - left, Math.ceil(height));
      }
    }
  });
}

/** Own fills: a triangle up where we bought, down where we sold; smaller when very many are in view. */
function drawFills(u: UPlot): void {
  const [from, to] = visible(u);
  const n = fills.t.length;
  const start = lastAtMost(n, (i) => fills.t[i] ?? 0, from - 1e-12) + 1;
  const end = lastAtMost(n, (i) => fills.t[i] ?? 0, to) + 1;
  const size =
    devicePixelRatio * Math.min(5, Math.max(2, 5 - Math.log10(Math.max(1, (end - start) / 100)) * 2.5));
  const colours = [css('bid'), css('ask')];
  clip(u, (ctx) => {
    ctx.strokeStyle = css('panel');
    ctx.lineWidth = devicePixelRatio;
    for (let i = start; i < end; i++) {
      const side = fills.side[i] === 0 ? 0 : 1;
      const down = side === 0 ? 1 : -1;
      const x = u.valToPos(fills.t[i] ?? 0, 'x', true);
      const y = u.valToPos((fills.price[i] ?? 0) * tick, 'y', true);
      ctx.fillStyle = colours[side] ?? '';
      ctx.beginPath();
      ctx.moveTo(x, y - size * down);
      ctx.lineTo(x + size, y + size * down);
      ctx.lineTo(x - size, y + size * down);
      ctx.closePath();
      ctx.stroke();
      ctx.fill();
    }
  });
}

/** Lowest and highest depth price between two times, half a cell wider; null when there is none. */
function depthPrices(from: number, to: number): { min: number; max: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = Math.max(0, instantAt(from)); i < instants.length; i++) {
    const row = instants[i] ?? 0;
    if ((depth.t[row] ?? 0) > to) break;
    for (let k = row; k < (instants[i + 1] ?? depth.t.length); k++) {
      low = Math.min(low, depth.price[k] ?? low);
      high = Math.max(high, depth.price[k] ?? high);
    }
  }
  if (low > high) return null;
  return { min: (low - priceStep * 0.75) * tick, max: (high + priceStep * 0.75) * tick };
}

/** Zooming in time also zooms in price. */
function fitDepth(u: UPlot, key: string): void {
  const range = key === 'x' ? depthPrices(...visible(u)) : null;
  // Later, because uPlot drops scales that are set while it sets scales.
  if (range) queueMicrotask(() => u.setScale('y', range));
}

/** Tells the lots under the cursor in words, below the map. */
function readDepth(u: UPlot): void {
  const out = document.getElementById('depth-readout');
  const { left, top } = u.cursor;
  if (!out || left === undefined || top === undefined || left < 0 || top < 0) return;
  const i = instantAt(u.posToVal(left, 'x'));
  if (i < 0) return;
  const wanted = u.posToVal(top, 'y') / tick;
  let lots = 0;
  let price = Math.round(wanted / priceStep) * priceStep;
  for (let k = instants[i] ?? 0; k < (instants[i + 1] ?? depth.t.length); k++) {
    if (Math.abs((depth.price[k] ?? 0) - wanted) > priceStep / 2) continue;
    price = depth.price[k] ?? price;
    lots += depth.lots[k] ?? 0;
  }
  out.textContent = `${timeText(depth.t[instants[i] ?? 0] ?? 0)} · price ${(price * tick).toFixed(decimals)} · ${lots} lots`;
}

function timeText(t: number): string {
  const longest = series.t.at(-1) ?? 0;
  if (longest < 120) return `${Number(t.toFixed(3))} s`;
  const part = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const sub = t % 1 > 1e-9 ? (t % 1).toFixed(3).slice(1) : '';
  return longest < 3600
    ? `${Math.floor(t / 60)}:${part(t % 60)}${sub}`
    : `${part(t / 3600)}:${part((t / 60) % 60)}:${part(t % 60)}${sub}`;
}

const small = (): boolean => innerWidth < NARROW_PX;
const leftGutter = (): number => (small() ? 56 : 68);
const rightGutter = (): number => (small() ? 34 : 56);
const trueMinus: Axis.Values = (_, ticks) => ticks.map((value) => String(value).replace('-', '\u2212'));
function axis(extra: Partial<Axis>): Axis {
  const grid = { stroke: css('grid'), width: 1 };
  return {
    stroke: css('muted'),
    font: `${small() ? 11 : 12}px system-ui, sans-serif`,
    grid,
    ticks: grid,
    values: trueMinus,
    ...extra,
  };
}
const timeAxis = (): Axis =>
  axis({ incrs: TIME_STEPS_S, space: 70, size: 34, values: (_, ts) => ts.map(timeText) });
const priceAxis = (): Axis =>
  axis({
    scale: 'y',
    size: leftGutter(),
    values: (_, ps) => ps.map((p) => p.toFixed(Math.max(decimals, 0))),
  });
const priceText = (_: UPlot, v: number | null): string => (v === null ? '–' : v.toFixed(decimals));
const timeSeries = (): Series => ({ label: 'Time', value: (_, t) => (t === null ? '–' : timeText(t)) });
/** Absent on a page without charts, which has no uPlot either. */
const stepped = data ? uPlot.paths.stepped?.({ align: 1 }) : undefined;

/** Own quotes change many times a second: they are drawn where the zoom leaves room for single quotes. */
const QUOTE_PX = 3;
const quotePaths: Series.PathBuilder = (u, seriesIdx, from, to) =>
  (to - from) * QUOTE_PX * devicePixelRatio > u.bbox.width
    ? null
    : (stepped?.(u, seriesIdx, from, to) ?? null);

function lineSeries(label: string, colour: string, extra: Partial<Series> = {}): Series {
  return { label, stroke: css(colour), width: 1.5, points: { show: false }, value: priceText, ...extra };
}
function stepSeries(label: string, colour: string, extra: Partial<Series> = {}): Series {
  return lineSeries(label, colour, stepped ? { paths: stepped, ...extra } : extra);
}

const charts = new Map<string, UPlot>();

/** One chart follows the others' zoom; the guard against equal ranges ends the echo. */
function shareZoom(u: UPlot, key: string): void {
  if (key !== 'x') return;
  const [min, max] = visible(u);
  for (const other of charts.values()) {
    const [otherMin, otherMax] = visible(other);
    if (other !== u && (otherMin !== min || otherMax !== max)) other.setScale('x', { min, max });
  }
  const reset = document.getElementById('reset-zoom');
  const zoomed = min > (series.t[0] ?? 0) || max < (series.t.at(-1) ?? 0);
  if (reset) reset.hidden = !zoomed;
}

function open(id: string, height: number, options: Omit<Options, 'width' | 'height'>, lines: Line[]): void {
  const host = document.getElementById(id);
  if (!host) return;
  charts.get(id)?.destroy();
  const base: Options = {
    width: host.clientWidth,
    height: small() ? Math.round(height * 0.8) : height,
    padding: [10, options.scales?.pnl ? 0 : rightGutter(), 0, 0],
    cursor: { sync: { key: 'mms', scales: ['x', null] }, drag: { x: true, y: false }, points: { size: 6 } },
    ...options,
    scales: { ...options.scales, x: { time: false } },
    hooks: { ...options.hooks, setScale: [shareZoom, ...(options.hooks?.setScale ?? [])] },
  };
  charts.set(id, new uPlot(base, [series.t, ...lines], host));
}

function drawAll(): void {
  const quote = { width: 1, dash: [4, 3], paths: quotePaths };
  open(
    'chart-price',
    300,
    {
      series: [
        timeSeries(),
        stepSeries('Best bid', 'bid'),
        stepSeries('Best ask', 'ask'),
        stepSeries('Own bid', 'bid', quote),
        stepSeries('Own ask', 'ask', quote),
      ],
      axes: [timeAxis(), priceAxis()],
      hooks: { drawClear: [drawPhases], draw: [drawFills, drawAuctionPrices] },
    },
    [series.bid, series.ask, series.ownBid, series.ownAsk],
  );
  open(
    'chart-depth',
    320,
    {
      series: [timeSeries(), lineSeries('Mid', 'mid', { width: 1.5 })],
      axes: [
        { ...timeAxis(), grid: { show: false } },
        { ...priceAxis(), grid: { show: false } },
      ],
      scales: { y: { auto: false, range: (_, min, max) => [min, max], ...depthPrices(-Infinity, Infinity) } },
      hooks: { drawClear: [drawDepth], draw: [drawFills], setCursor: [readDepth], setScale: [fitDepth] },
    },
    [mid],
  );
  open(
    'chart-inventory',
    240,
    {
      series: [
        timeSeries(),
        stepSeries('Inventory (lots)', 'inventory', {
          scale: 'lots',
          fill: css('inventory-fill'),
          value: (_, v) => String(v ?? '–'),
        }),
        lineSeries('PnL', 'pnl', {
          scale: 'pnl',
          width: 2,
          value: (_, v) => (v === null ? '–' : v.toFixed(2)),
        }),
      ],
      axes: [
        timeAxis(),
        axis({ scale: 'lots', size: leftGutter() }),
        axis({ scale: 'pnl', side: 1, size: rightGutter(), grid: { show: false } }),
      ],
      scales: { lots: {}, pnl: {} },
    },
    [series.inventory, series.pnl],
  );
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function wire(): void {
  const toggle = document.getElementById('theme');
  toggle?.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    if (data) drawAll();
  });
  if (!data) return;
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  document.getElementById('reset-zoom')?.addEventListener('click', () => {
    charts.get('chart-price')?.setScale('x', { min: series.t[0] ?? 0, max: series.t.at(-1) ?? 1 });
  });
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawAll();
    width = innerWidth;
  });
}

wire();
