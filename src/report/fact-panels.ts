/** Panels of stylised facts, real beside simulated: lines with errors for curves, steps for laws. */
import type { ComparedFact, FactPoint } from '../core/facts/compare-facts.js';
import type { Estimate } from '../core/metrics/estimate.js';
import { formatNumber } from './format.js';
import { escapeHtml } from './html.js';
import { drawPlot, place, type Range } from './plot.js';

/** Facts whose x spans decades. */
const LOGARITHMIC = new Set([
  'depthLaw',
  'waitLaw',
  'returnAcf',
  'sizeAcf',
  'signAcf',
  'signature',
  'impact',
]);
/** Shares of a law beyond this sum are cut off at the end of the axis. */
const SHOWN_SHARE = 0.998;

export interface Series {
  readonly name: 'real' | 'simulated';
  readonly points: readonly { readonly x: number; readonly y: number; readonly error: number }[];
}

/** One small panel: title, picture, and for a law its distances. */
export function factPanel(fact: ComparedFact): string {
  const { definition } = fact;
  const log = LOGARITHMIC.has(definition.name);
  const points = definition.form === 'law' ? cut(fact.points) : fact.points;
  const at = (x: number, i: number): number =>
    log ? Math.log10(x > 0 ? x : (points[i + 1]?.x ?? 1) / 2) : x;
  const seriesOf = (name: Series['name']): Series => ({
    name,
    points: points.flatMap((point, i) => {
      const found = point[name];
      return found === null ? [] : [{ x: at(point.x, i), y: found.value, error: 2 * errorOf(found) }];
    }),
  });
  const xLabel = `${log ? 'log10 of ' : ''}${definition.form === 'law' ? '' : 'lag or interval in '}${definition.xUnit}`;
  const yLabel =
    definition.form === 'law' ? definition.meaning : `${definition.meaning} [${definition.unit}]`;
  return panel(definition.title, xLabel, yLabel, [seriesOf('real'), seriesOf('simulated')], {
    steps: definition.form === 'law',
    told: distancesOf(fact),
  });
}

/** A panel of any two series. */
export function panel(
  title: string,
  xLabel: string,
  yLabel: string,
  series: readonly Series[],
  { steps, told }: { readonly steps: boolean; readonly told: string },
): string {
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const x: Range = [Math.min(...all.map((p) => p.x)), Math.max(...all.map((p) => p.x))];
  const low = Math.min(0, ...all.map((p) => p.y - p.error));
  const y: Range = [low, Math.max(...all.map((p) => p.y + p.error)) * 1.03 || 1];
  const at = place(x, y);
  const shapes = series.map(({ name, points }) => {
    const line = points.flatMap(({ x: px, y: py }, i) => {
      const next = points[i + 1];
      return steps && next ? [at(px, py), at(next.x, py)] : [at(px, py)];
    });
    const errors = points
      .filter(({ error }) => error > 0)
      .map(({ x: px, y: py, error }) => `M${at(px, py - error)}L${at(px, py + error)}`);
    return `<polyline class="${name}" points="${line.join(' ')}"/><path class="${name}" d="${errors.join('')}"/>`;
  });
  const zero = low < 0 ? `<polyline class="zero" points="${at(x[0], 0)} ${at(x[1], 0)}"/>` : '';
  return (
    `<figure class="small"><figcaption><h3>${escapeHtml(title)}</h3>${told ? `<p>${escapeHtml(told)}</p>` : ''}</figcaption>` +
    `${drawPlot({ x, y, xLabel, yLabel, shapes: zero + shapes.join('') })}</figure>`
  );
}

function distancesOf({ distances, definition }: ComparedFact): string {
  if (distances === null) return '';
  const { kolmogorovSmirnov: ks, totalVariation: tv, wasserstein: w } = distances;
  const of = (name: string, d: typeof ks, unit = ''): string =>
    `${name} ${formatNumber(d.value, 2)}${unit} (band ${formatNumber(d.band, 2)})`;
  return `${of('KS', ks)}, L1/2 ${of('', tv).trim()}, ${of('Wasserstein', w, ` ${definition.xUnit}`)}`;
}

function errorOf({ standardError }: Estimate): number {
  return standardError ?? 0;
}

/** Points of a law up to where both sides have nearly all their mass. */
function cut(points: readonly FactPoint[]): readonly FactPoint[] {
  let [real, simulated] = [0, 0];
  for (let i = 0; i < points.length; i++) {
    real += points[i]?.real?.value ?? 0;
    simulated += points[i]?.simulated?.value ?? 0;
    if (real >= SHOWN_SHARE && simulated >= SHOWN_SHARE) return points.slice(0, i + 2);
  }
  return points;
}
