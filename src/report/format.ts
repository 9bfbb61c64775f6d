/** Numbers and names as people read them: significant digits, errors, true minus signs, sparklines. */
import type { Metric } from '../contract/kind.js';

const MINUS = '\u2212';
const BARS = '▁▂▃▄▅▆▇█';
const WORDS: Readonly<Record<string, string>> = {
  pnl: 'PnL',
  vwap: 'VWAP',
  sd: 'SD',
  p50: 'median',
  min: 'minimum',
  max: 'maximum',
  aic: 'AIC',
  bic: 'BIC',
  ks: 'KS',
  pvalue: 'p-value',
  garch: 'GARCH',
};
/** Names whose words would read badly. */
const LABELS: Readonly<Record<string, string>> = {
  marketVisibleLots: 'Market volume',
  marketHiddenLots: 'Hidden volume',
  meanAbsInventoryLots: 'Mean |inventory|',
  maxAbsInventoryLots: 'Maximum |inventory|',
  timeToFillS: 'Time to fill',
  engleGrangerPValue: 'Engle-Granger p-value',
  holdingObs: 'Holding time',
  halfLifeObs: 'Half-life',
  leadS: 'Lead of x over y',
  valueAtRisk: 'Value at risk 95 %',
  expectedShortfall: 'Expected shortfall 95 %',
  runValueAtRisk: 'Value at risk 95 %, whole run',
  runExpectedShortfall: 'Expected shortfall 95 %, whole run',
  markout100ms: 'Markout 0.1 s',
  markout1s: 'Markout 1 s',
  markout10s: 'Markout 10 s',
  markout1Trade: 'Markout 1 trade',
  markout10Trades: 'Markout 10 trades',
  markout100Trades: 'Markout 100 trades',
};
const UNIT_WORDS = new Set(['ticks', 'lots', 'ns', 's', 'bps', 'currency', 'count', 'per']);

/** At least `digits` significant digits and two decimals; whole numbers stay whole, thousands separated. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return 'n/a';
  const size = Math.abs(value);
  let text: string;
  if (Number.isInteger(value) && size < 1e15) text = group(size.toFixed(0));
  else if (size >= 1e15 || size < 1e-4) text = size.toExponential(digits - 1);
  else text = group(size.toFixed(Math.max(2, digits - 1 - Math.floor(Math.log10(size)))));
  return value < 0 ? MINUS + text : text;
}

function group(text: string): string {
  const [whole, fraction] = text.split('.');
  const grouped = (whole ?? '').replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `value ± error`, the value cut at the error's second significant digit; 'n/a' where there is no value. */
export function formatValue(metric: Pick<Metric, 'value' | 'standardError'>): string {
  const { value, standardError } = metric;
  if (value === null) return 'n/a';
  if (standardError === null || !(standardError > 0)) return formatNumber(value);
  const decimals = 1 - Math.floor(Math.log10(standardError));
  if (decimals > 8 || decimals < -9) return `${formatNumber(value)} ± ${formatNumber(standardError, 2)}`;
  const places = Math.max(0, decimals);
  const sign = value < 0 ? MINUS : '';
  return `${sign}${group(Math.abs(value).toFixed(places))} ± ${group(standardError.toFixed(places))}`;
}

/** The 95 % interval as `low to high`, cut as the value is; '' where there is none. */
export function formatInterval({ interval, standardError }: Metric): string {
  if (interval === undefined || standardError === 0) return '';
  const [low, high] = interval.map((value) => formatValue({ value, standardError }).split(' ± ')[0]);
  return `${low} to ${high}`;
}

/** The unit as a suffix: nothing for a pure number. */
export function unitSuffix(unit: string): string {
  return unit === '1' || unit === '' ? '' : ` ${unit}`;
}

/** fillRate -> 'Fill rate', pnl -> 'PnL'; a unit after two words is dropped, since it stands beside. */
export function labelOf(name: string): string {
  if (Object.hasOwn(LABELS, name)) return LABELS[name] ?? name;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ');
  while (words.length > 2 && UNIT_WORDS.has((words.at(-1) ?? '').toLowerCase())) words.pop();
  const text = words.map((word) => WORDS[word.toLowerCase()] ?? word.toLowerCase()).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A row of block characters for `values`, at most `width` of them; '' when there is nothing to draw. */
export function sparkline(values: ArrayLike<number>, width = 16): string {
  const n = Math.min(width, values.length);
  if (n < 2) return '';
  const picked = Array.from(
    { length: n },
    (_, i) => values[Math.round((i * (values.length - 1)) / (n - 1))] ?? 0,
  );
  const low = Math.min(...picked);
  const span = Math.max(...picked) - low;
  const top = BARS.length - 1;
  return picked.map((v) => BARS[span > 0 ? Math.round(((v - low) / span) * top) : 0]).join('');
}

/** First 12 characters of a digest: enough to compare by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** A duration in seconds as people write it on a time axis: 12.5 s, 3:20, 9:34:07. */
export function formatSeconds(seconds: number): string {
  if (Math.abs(seconds) < 120) return `${formatNumber(seconds, 3)} s`;
  const whole = Math.round(seconds);
  const pad = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
