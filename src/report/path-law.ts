/** Closed-form density of the terminal price, for the models that have one, to lie over the drawn paths. */

/** Density at a price [1/currency]. */
export type Density = (price: number) => number;

type Model = { readonly type: string } & Readonly<Record<string, number>>;

/** Mixture of normal laws, of the price or of its logarithm. */
interface Mixture {
  readonly isLog: boolean;
  readonly terms: readonly { readonly weight: number; readonly mean: number; readonly sd: number }[];
}

/** Jump counts whose Poisson weight is below this share are left out. */
const NEGLIGIBLE = 1e-9;
const MAX_JUMPS = 400;

/** The density that a spec of kind `paths` implies; null where no simple form is known. */
export function terminalDensity(spec: unknown): Density | null {
  const { model, horizonYr } = spec as { model?: Model; horizonYr?: number };
  const mixture = model && horizonYr !== undefined ? mixtureOf(model, horizonYr) : null;
  if (mixture === null) return null;
  const { isLog, terms } = mixture;
  return (price) => {
    if (isLog && !(price > 0)) return 0;
    const x = isLog ? Math.log(price) : price;
    const sum = terms.reduce((total, { weight, mean, sd }) => {
      const z = (x - mean) / sd;
      return total + (weight * Math.exp(-0.5 * z * z)) / (sd * Math.sqrt(2 * Math.PI));
    }, 0);
    return isLog ? sum / price : sum;
  };
}

function mixtureOf(model: Model, years: number): Mixture | null {
  const field = (name: string): number => model[name] ?? NaN;
  const sigma = field('sigmaPerSqrtYr');
  const one = (isLog: boolean, mean: number, sd: number): Mixture => ({
    isLog,
    terms: [{ weight: 1, mean, sd }],
  });
  switch (model.type) {
    case 'gbm': {
      const drift = field('driftPerYr') - 0.5 * sigma * sigma;
      return one(true, Math.log(field('s0')) + drift * years, sigma * Math.sqrt(years));
    }
    case 'arithmetic-brownian': {
      const mean = field('s0') + field('driftCurrencyPerYr') * years;
      return one(false, mean, field('sigmaCurrencyPerSqrtYr') * Math.sqrt(years));
    }
    case 'ornstein-uhlenbeck': {
      const kappa = field('kappaPerYr');
      const mean = field('meanPrice') + (field('s0') - field('meanPrice')) * Math.exp(-kappa * years);
      const variance = -Math.expm1(-2 * kappa * years) / (2 * kappa);
      return one(false, mean, field('sigmaCurrencyPerSqrtYr') * Math.sqrt(variance));
    }
    case 'merton':
      return mertonMixture(field, years);
    default:
      return null;
  }
}

/** Given the number of jumps the logarithm is normal (Merton 1976). */
function mertonMixture(field: (name: string) => number, years: number): Mixture {
  const sigma = field('sigmaPerSqrtYr');
  const [rate, jumpMean, jumpSd] = [field('jumpsPerYr'), field('jumpLogMean'), field('jumpLogSd')];
  const growth = Math.exp(jumpMean + 0.5 * jumpSd * jumpSd) - 1;
  const mean = Math.log(field('s0')) + (field('driftPerYr') - rate * growth - 0.5 * sigma * sigma) * years;
  const expected = rate * years;
  const terms: { weight: number; mean: number; sd: number }[] = [];
  let weight = Math.exp(-expected);
  for (let jumps = 0; jumps <= MAX_JUMPS; jumps++) {
    if (weight > NEGLIGIBLE) {
      const sd = Math.sqrt(sigma * sigma * years + jumps * jumpSd * jumpSd);
      terms.push({ weight, mean: mean + jumps * jumpMean, sd });
    }
    weight *= expected / (jumps + 1);
  }
  return { isLog: true, terms };
}
