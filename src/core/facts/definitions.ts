/** The stylised facts that are measured, in the order of their numbers in the table `facts`. */

/** `scalar`: one value; `curve`: a value by x; `law`: shares of the bins that begin at x. */
export type FactForm = 'scalar' | 'curve' | 'law';

export interface FactDefinition {
  readonly name: string;
  readonly title: string;
  readonly form: FactForm;
  readonly xUnit: string;
  readonly unit: string;
  readonly meaning: string;
}

const fact = (
  name: string,
  title: string,
  form: FactForm,
  xUnit: string,
  unit: string,
  meaning: string,
): FactDefinition => ({ name, title, form, xUnit, unit, meaning });

/**
 * After Cont (2001), Empirical properties of asset returns, Quantitative Finance 1(2), Bouchaud, Farmer &
 * Lillo (2009), How markets slowly digest changes in supply and demand, and the scores of LOB-Bench (Nagy et
 * al. 2025).
 */
export const FACTS = [
  fact('spread', 'Spread', 'scalar', '', 'ticks', 'time-weighted mean'),
  fact('depth', 'Depth at the best', 'scalar', '', 'lots', 'time-weighted mean of a side'),
  fact('tradeRate', 'Trade rate', 'scalar', '', '1/s', 'aggressive orders that traded with visible ones'),
  fact('volumeRate', 'Volume rate', 'scalar', '', 'lots/s', 'visible volume'),
  fact('tradeLots', 'Trade size', 'scalar', '', 'lots', 'mean visible lots of an aggressive order'),
  fact('volatility', 'Volatility', 'scalar', '', 'ticks/sqrt(s)', 'of the mid, from moves within 10 s'),
  fact('kurtosis', 'Excess kurtosis', 'scalar', '', '1', 'of moves of the mid within 10 s'),
  fact('tailIndex', 'Tail index', 'scalar', '', '1', 'Hill estimator on the largest 5 % of moves within 1 s'),
  fact(
    'signDecay',
    'Decay of sign memory',
    'scalar',
    '',
    '1',
    'exponent of the autocorrelation of trade signs',
  ),
  fact('returnAcf', 'Autocorrelation of moves', 'curve', 's', '1', 'moves of the mid within 1 s'),
  fact('sizeAcf', 'Autocorrelation of |moves|', 'curve', 's', '1', 'volatility clustering, moves within 1 s'),
  fact('signAcf', 'Memory of trade signs', 'curve', 'trades', '1', 'autocorrelation of the signs of trades'),
  fact(
    'signature',
    'Signature plot',
    'curve',
    's',
    'ticks^2/s',
    'variance of the mid per second by interval',
  ),
  fact(
    'impact',
    'Impact of a trade',
    'curve',
    'trades',
    'ticks',
    'mean signed move of the mid after a trade',
  ),
  fact('spreadLaw', 'Law of the spread', 'law', 'ticks', '1', 'share of time'),
  fact('depthLaw', 'Law of the depth at the best', 'law', 'lots', '1', 'share of time, both sides'),
  fact('waitLaw', 'Time between trades', 'law', 's', '1', 'share of trades'),
  fact('moveLaw', 'Size of moves within 10 s', 'law', 'ticks', '1', 'share of moves of the mid'),
] as const;

export type FactName =
  | 'spread'
  | 'depth'
  | 'tradeRate'
  | 'volumeRate'
  | 'tradeLots'
  | 'volatility'
  | 'kurtosis'
  | 'tailIndex'
  | 'signDecay'
  | 'returnAcf'
  | 'sizeAcf'
  | 'signAcf'
  | 'signature'
  | 'impact'
  | 'spreadLaw'
  | 'depthLaw'
  | 'waitLaw'
  | 'moveLaw';

/** Number of a fact in the table. */
export function factNumber(name: FactName): number {
  return FACTS.findIndex((definition) => definition.name === name);
}

/** First values of the bins of a law, ascending; the last bin has no end. */
export function binsOf(name: FactName): Float64Array {
  if (name === 'spreadLaw') return Float64Array.from({ length: 60 }, (_, i) => i + 1);
  if (name === 'depthLaw') return doubling(1, 1, 16);
  if (name === 'waitLaw') return doubling(0, 0.001, 20);
  return Float64Array.from({ length: 60 }, (_, i) => (i === 0 ? 0 : i - 0.25));
}

/** 0 (or the first), then a start that doubles. */
function doubling(first: number, start: number, count: number): Float64Array {
  const bins = [first];
  for (let x = first === start ? 2 * start : start; bins.length < count; x *= 2) bins.push(x);
  return Float64Array.from(bins);
}
