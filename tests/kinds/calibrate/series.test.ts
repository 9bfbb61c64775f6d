/** Kind calibrate on price series: known parameters, published figures from files, bad questions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Stream } from '../../../src/core/rng/stream.js';
import { freshDir } from '../../support/service.js';
import { withShared } from '../../support/shared.js';
import { blackScholesPrice } from '../../../src/core/price/closed-form/black-scholes.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import calibrate from '../../../src/kinds/calibrate/index.js';
import paths from '../../../src/kinds/paths/index.js';
import { calibrateJob } from './job.js';

function fileOf(lines: readonly (string | number)[], name = 'values.csv'): string {
  const path = join(freshDir(), name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const simulated = (observations: number, samples: number) => ({
  type: 'simulated-series',
  observations,
  samples,
});

// How often intervals hold the parameters of each model: tests/recovery.
it('tells of simulated series how many intervals held each parameter', async () => {
  const { summary } = await calibrateJob({ data: simulated(1_000, 100), model: { type: 'gbm' } });
  const shares = summary!.metrics.flatMap(({ name, meaning }) => {
    const found = /inside (\d+) of (\d+) intervals/.exec(meaning);
    return found ? [[name, Number(found[1]), Number(found[2])] as const] : [];
  });
  expect(shares.map(([name]) => name)).toEqual(['driftPerYr', 'sigmaPerSqrtYr', 'logDriftPerYr']);
  for (const [, inside, of] of shares) {
    expect(of).toBe(100);
    expect(inside).toBeGreaterThanOrEqual(85);
  }
});

withShared('calibrate on published series', (dir) => {
  const bars = (name: string) => ({ type: 'bars', file: `${dir}/data/bars/${name}` });
  const known = JSON.parse(readFileSync(`${dir}/data/bars/expected.json`, 'utf8')) as Record<
    string,
    Record<string, number>
  >;

  it.each([
    ['KO', { ...bars('daily_KO_1997_1998.csv') }],
    ['PEP', { ...bars('daily_PEP_1997_1998.csv') }],
    ['SP500', { ...bars('sp500_daily_1999_2018.csv.gz'), column: 'adjClose' }],
    ['SH600519', { ...bars('cn_600519.SH_daily_2010_2020.csv.gz') }],
  ])('gbm of %s', async (name, data) => {
    const { summary, value } = await calibrateJob({ data, model: { type: 'gbm' } });
    const { gbm_mu_annual, gbm_sigma_annual_ddof1, log_drift_annual, se_log_drift } = known[name]!;
    expect(value('sigmaPerSqrtYr')).toBeCloseTo(gbm_sigma_annual_ddof1!, 12);
    expect(value('driftPerYr')).toBeCloseTo(gbm_mu_annual!, 12);
    const drift = summary!.metrics.find((metric) => metric.name === 'logDriftPerYr')!;
    expect(drift.value).toBeCloseTo(log_drift_annual!, 12);
    expect(drift.standardError).toBeCloseTo(se_log_drift!, 12);
    const spec = parse(summary!.documents![0]!.text) as { model: { sigmaPerSqrtYr: number } };
    expect(spec.model.sigmaPerSqrtYr).toBeCloseTo(gbm_sigma_annual_ddof1!, 5);
  });

  it('garch of DEM/GBP from every start, with errors of both kinds', async () => {
    const data = { type: 'values', file: `${dir}/data/reference/dem_gbp_daily_returns_1974.csv.gz` };
    const plain = await calibrateJob({ data, model: { type: 'garch' } });
    expect(plain.value('garchAlpha')).toBeCloseTo(0.153134, 6);
    const errorOf = ({ summary }: typeof plain) =>
      summary!.metrics.find(({ name }) => name === 'garchAlpha')!.standardError;
    expect(errorOf(plain)).toBeCloseTo(0.0265228, 6);
    expect(plain.summary!.notes.join('\n')).toContain('5 of 5 starts reached the maximum');
    const robust = await calibrateJob({ data, model: { type: 'garch', errors: 'robust' } });
    // Bollerslev & Wooldridge's errors of the benchmark, as McCullough & Renfro (1999) list them.
    expect(errorOf(robust)).toBeCloseTo(0.0535317, 6);
  });

  it('markov-switching of Hamilton (1989) from a file', async () => {
    const { rgnp } = JSON.parse(readFileSync(`${dir}/data/reference/hamilton1989_gnp.json`, 'utf8')) as {
      rgnp: number[];
    };
    const data = { type: 'values', file: fileOf(['growth', ...rgnp]), observationsPerYr: 4 };
    const model = { type: 'markov-switching', lags: 4, switching: 'mean', starts: 3 };
    const { summary, value } = await calibrateJob({ data, model });
    expect(value('logLikelihood')).toBeCloseTo(-181.26339, 5);
    expect(value('regimeMean[0]')).toBeCloseTo(-0.358811, 5);
    expect(summary!.notes.join('\n')).toContain('No spec of paths');
  });

  it.each(['merton', 'markov-switching', 'ornstein-uhlenbeck'])(
    'writes a spec of kind paths for %s of KO',
    async (type) => {
      const data = { ...bars('daily_KO_1997_1998.csv') };
      const starts = type === 'ornstein-uhlenbeck' ? {} : { starts: 3 };
      const { summary } = await calibrateJob({ data, model: { type, ...starts } });
      const [document] = summary!.documents!;
      expect(document!.name).toBe('paths.yaml');
      const spec = checkSpec(paths as never, parse(document!.text)) as { steps: number };
      expect(paths.faults!(spec as never)).toEqual([]);
      expect(spec.steps).toBe(252);
    },
  );
});

/** Quotes of a flat smile at 20 % that bends up on both sides. */
function quotesFile(extra: readonly string[] = []): string {
  const rows = [0.25, 0.5, 1].flatMap((horizonYr) =>
    [80, 90, 100, 110, 120].map((strike) => {
      const sigma = 0.2 + 0.00002 * (strike - 105) ** 2;
      const market = { spot: 100, ratePerYr: 0.02, yieldPerYr: 0, horizonYr };
      const type = strike < 100 ? 'put' : 'call';
      return `${type},${strike},${horizonYr},${blackScholesPrice(market, strike, sigma, type)}`;
    }),
  );
  return fileOf(['type,strike,expiryYr,price', ...rows, ...extra], 'quotes.csv');
}

describe('heston to quotes', () => {
  const data = (file: string) => ({ type: 'option-quotes', file, spot: 100, ratePerYr: 0.02 });
  const model = { type: 'heston', starts: 3 };

  it('fits the smile, draws it and writes a spec of kind paths', async () => {
    const { summary, tables, value } = await calibrateJob({ data: data(quotesFile()), model });
    expect(value('volatilityError')).toBeLessThan(0.01);
    expect(value('rho')).toBeLessThan(0);
    const spec = checkSpec(paths as never, parse(summary!.documents![0]!.text));
    expect(paths.faults!(spec as never)).toEqual([]);
    expect(tables.find(({ name }) => name === 'lines')!.rows).toBe(3 * 15);
    expect(summary!.notes.join('\n')).toMatch(/of 3 starts reached the maximum/);
  });

  it('names a quote that no volatility gives, too few of them, and data of another sort', async () => {
    const { faults } = await calibrateJob({ data: data(quotesFile(['call,80,1,3'])), model });
    expect(faults[0]!.message).toContain('quote 16 of 16 (call, strike 80, 1 yr) costs 3');
    const few = fileOf(['strike,expiryYr,price,type', '100,1,9,call']);
    expect((await calibrateJob({ data: data(few), model })).faults[0]!.message).toContain(
      'at least 10 quotes',
    );
    await expect(calibrateJob({ data: { type: 'values', file: few }, model })).rejects.toThrow(
      '/spec/data/type Expected option-quotes for model heston',
    );
    const bad = fileOf(['strike,expiryYr,price,type', '100,1,NaN,call']);
    await expect(calibrateJob({ data: data(bad), model })).rejects.toThrow(
      ':2, column 3 (price): expected a finite number above 0',
    );
  });
});

describe('warnings of a series', () => {
  const stream = new Stream(4, 0, 1);

  it('tells jumps that do not pay, levels that do not return, and a regime of a few outliers', async () => {
    const normals = Array.from({ length: 600 }, () => stream.normal() / 100);
    const notes = async (values: readonly number[], model: object): Promise<string> =>
      (
        await calibrateJob({ data: { type: 'values', file: fileOf(['x', ...values]) }, model })
      ).summary!.notes.join();
    expect(await notes(normals, { type: 'merton', starts: 2 })).toContain('jumps do not pay');
    let level = 0;
    const walk = normals.map((step) => (level += step));
    expect(await notes(walk, { type: 'ornstein-uhlenbeck' })).toContain('do not return to a mean');
    const outliers = normals.map((x, t) => (t % 150 === 75 ? x + 0.5 : x));
    expect(await notes(outliers, { type: 'markov-switching', starts: 4 })).toContain(
      'a regime holds only about',
    );
  });
});

describe('bad questions about a series', () => {
  const returns = Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const pointer = async (spec: unknown): Promise<string[]> =>
    (await calibrateJob(spec)).faults.map(({ pointer: at, message }) => `${at} ${message}`);

  it('names the field of a model that does not belong to the data', async () => {
    const data = { type: 'values', file: fileOf(['x', ...returns]) };
    await expect(calibrateJob({ data, model: { type: 'hawkes' } })).rejects.toThrow(
      '/spec/model/type Expected a model of a price series',
    );
    await expect(
      calibrateJob({ data: { type: 'trades', file: 'x' }, model: { type: 'gbm' } }),
    ).rejects.toThrow('/spec/model/type Expected a model of order flow');
    const simple = { type: 'bars', file: 'x', returns: 'simple' };
    await expect(calibrateJob({ data: simple, model: { type: 'gbm' } })).rejects.toThrow(
      '/spec/data/returns',
    );
  });

  it('refuses too few observations, a constant series and prices that are not above 0', async () => {
    const values = (numbers: readonly number[]) => ({ type: 'values', file: fileOf(['x', ...numbers]) });
    const model = { type: 'garch' };
    expect(await pointer({ data: values(returns.slice(0, 19)), model })).toEqual([
      expect.stringMatching(/^\/data\/file Expected at least 20 observations for garch; got 19/),
    ]);
    expect(await pointer({ data: values(returns.map(() => 2)), model })).toEqual([
      expect.stringMatching(/^\/data\/file Expected a series that varies; got 400 times 2/),
    ]);
    const percent = returns.map((r, i) => (i === 7 ? -9.5 : r));
    expect(await pointer({ data: values(percent), model: { type: 'merton' } })).toEqual([
      expect.stringMatching(/^\/data\/file Expected log-returns within 5 .* value 8 of 400 is -9\.5/),
    ]);
    const lines = returns.map((_, i) => `${1_600_000_000 + 60 * i},${i === 7 ? -1 : 5 + (i % 3)}`);
    const file = fileOf(['time,close', ...lines]);
    expect(await pointer({ data: { type: 'bars', file }, model: { type: 'gbm' } })).toEqual([
      expect.stringMatching(/^\/data\/file Expected prices above 0; bar 8 of 400 has -1/),
    ]);
    expect(await pointer({ data: { type: 'bars', file, column: 'adjClose' }, model })).toEqual([
      expect.stringMatching(/^\/data\/column Expected a column of the file/),
    ]);
  });

  it('fails with the last state where no start of the search converges', async () => {
    // Twelve parameters for sixty numbers: a simplex still wanders after its 20,000 evaluations.
    const few = { type: 'values', file: fileOf(['x', ...returns.slice(0, 60)]) };
    const large = { type: 'markov-switching', regimes: 3, starts: 2, search: 'simplex' };
    await expect(calibrateJob({ data: few, model: large })).rejects.toThrow(
      /any of 2 starts\. Last state .* after 2000\d evaluations: log-likelihood -\d[\d.]+; .*regimeMean.* -?\d.*search newton/,
    );
  });

  it('tells how many starts arrived', async () => {
    const given = {
      data: { type: 'values', file: fileOf(['x', ...returns]) },
      model: { type: 'garch', starts: 2 },
    };
    const { tables } = await calibrateJob(given);
    const at = calibrate.tables[0]!.columns.findIndex(({ name }) => name === 'converged');
    tables[0]!.columns[at]![0] = 0;
    const spec = checkSpec(calibrate as never, given) as never;
    expect(calibrate.summarise(spec, tables, {}).notes[0]).toContain('1 of 2 starts reached');
  });
});
