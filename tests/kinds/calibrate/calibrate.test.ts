/** Kind calibrate on files and on known parameters: what it finds, warns of and writes down. */
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Stream } from '../../../src/core/rng/stream.js';
import { TRADES_HEADER } from '../../../src/data/trades.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import marketMaking from '../../../src/kinds/market-making/index.js';
import { freshDir } from '../../support/service.js';
import { withShared } from '../../support/shared.js';
import { calibrateJob } from './job.js';

/** A trade file of a Poisson stream whose rate is 0.5 and 3 a second by turns. */
function switchingTrades(): string {
  const stream = new Stream(9, 0, 1);
  const lines = [TRADES_HEADER];
  for (let t = 0; t < 3600;) {
    const rate = Math.floor(t / 300) % 2 === 0 ? 0.5 : 3;
    const end = (Math.floor(t / 300) + 1) * 300;
    const next = t + stream.exponential() / rate;
    t = next < end ? next : end;
    if (next < end)
      lines.push(`${lines.length},${1.7e12 + Math.round(t * 1000)},100.25,0.5,${lines.length % 2}`);
  }
  const path = join(freshDir(), 'trades.csv.gz');
  writeFileSync(path, gzipSync(lines.join('\n')));
  return path;
}

describe('calibrate', () => {
  it('warns where a Poisson stream of changing rate looks like self-excitation', async () => {
    const { summary, value } = await calibrateJob({ data: { type: 'trades', file: switchingTrades() } });
    expect(value('branching[0,0]')).toBeGreaterThan(0.85);
    const notes = summary!.notes.join('\n');
    expect(notes).toContain('the base rate changes within the sample');
    expect(notes).toContain('near 1');
  });

  it.each(['hawkes', 'intensity', 'cont-stoikov-talreja', 'queue-reactive'])(
    'finds known parameters again: %s',
    async (type) => {
      const durationS = type === 'hawkes' ? 1000 : 300;
      const { value } = await calibrateJob({
        data: { type: 'simulated', durationS, samples: 20 },
        model: { type },
      });
      // Means over parameters and samples, which are not independent: 95 % less a margin.
      expect(value('coverage')).toBeGreaterThan(0.89);
    },
  );

  it('names what is wrong with a question', async () => {
    const file = switchingTrades();
    const pointers = async (spec: unknown) => (await calibrateJob(spec)).faults.map(({ pointer }) => pointer);
    await expect(
      calibrateJob({ data: { type: 'trades', file }, model: { type: 'intensity' } }),
    ).rejects.toThrow('/spec/model/type Expected hawkes');
    await expect(calibrateJob({ data: { type: 'trades', file, fromS: 10, toS: 5 } })).rejects.toThrow(
      '/spec/data/toS',
    );
    expect(await pointers({ data: { type: 'trades', file, fromS: 5000 } })).toEqual(['/data/fromS']);
    expect(await pointers({ data: { type: 'trades', file }, tickSize: 0.02 })).toEqual(['/tickSize']);
  });

  it('says that a short sample is short instead of fitting it', async () => {
    const path = join(freshDir(), 'trades.csv');
    writeFileSync(path, [TRADES_HEADER, '1,1000,5,1,0', '2,2000,5,1,1'].join('\n'));
    const { summary } = await calibrateJob({ data: { type: 'trades', file: path } });
    expect(summary!.notes.join('\n')).toContain('only 2 events');
  });
});

withShared('calibrate on market data', (dir) => {
  const lobster = (name: string, levels: number) => ({
    type: 'lobster',
    messages: `${dir}/data/lobster/${name}_message_${levels}.csv.gz`,
    orderbook: `${dir}/data/lobster/${name}_orderbook_${levels}.csv.gz`,
  });
  const AMZN = lobster('AMZN_2012-06-21_34200000_57600000', 1);
  const AAPL = lobster('AAPL_2012-06-21_first999', 10);

  it.each([
    ['avellaneda-stoikov', { type: 'intensity' }],
    ['queue-reactive', { type: 'queue-reactive' }],
    ['hawkes', { type: 'hawkes', events: 'orders' }],
    ['cont-stoikov-talreja', { type: 'cont-stoikov-talreja' }],
  ])('makes a market file of type %s that the schema of a simulation accepts', async (type, model) => {
    const data = { ...AMZN, fromS: 3600, toS: 7200, windows: 1 };
    const { summary } = await calibrateJob({ data, model });
    const fitted = parse(summary!.documents![0]!.text) as { market: { type: string } };
    expect(fitted.market.type).toBe(type);
    const spec = checkSpec(marketMaking as never, fitted) as never;
    expect(marketMaking.faults!(spec)).toEqual([]);
  });

  it('writes the fitted rates into it, of AMZN by distance', async () => {
    const model = { type: 'cont-stoikov-talreja', maxDistanceTicks: 30 };
    const { summary, value } = await calibrateJob({ data: { ...AMZN, windows: 1 }, model });
    const [document] = summary!.documents!;
    expect(document!.name).toBe('market.yaml');
    const market = parse(document!.text) as { market: { limitRatePerS: number[]; marketRatePerS: number } };
    const spec = checkSpec(marketMaking as never, market) as never;
    expect(marketMaking.faults!(spec)).toEqual([]);
    expect(market.market.limitRatePerS).toHaveLength(30);
    expect(market.market.marketRatePerS).toBeCloseTo(value('marketRate'), 4);
  });

  it.each(['depth', 'orders'])('reads the %s file', async (type) => {
    const file =
      type === 'depth'
        ? `${dir}/data/l2/binance_spot_ethusdt_20240808.jsonl.gz`
        : `${dir}/data/l3/bitstamp_btcusd_2015-05-01_first20000.csv.gz`;
    const { summary, value } = await calibrateJob({
      data: { type, file, windows: 1 },
      model: { type: 'cont-stoikov-talreja', maxDistanceTicks: 20 },
    });
    expect(value('marketRate')).toBeGreaterThan(0);
    expect(summary!.documents).toHaveLength(1);
  });

  it('warns where most executions miss the queues, and begins at the price of a book that fills up late', async () => {
    const data = { type: 'orders', file: `${dir}/data/l3/bitstamp_btcusd_2015-05-01_first20000.csv.gz` };
    const { summary } = await calibrateJob({
      data: { ...data, windows: 1 },
      model: { type: 'queue-reactive' },
    });
    expect(summary!.notes.join('\n')).toContain('executions met one of the fitted queues');
    const { market } = parse(summary!.documents![0]!.text) as { market: { startMidTicks: number } };
    // Dollars of that day, in cents.
    expect(market.startMidTicks).toBeGreaterThan(23_000);
    expect(market.startMidTicks).toBeLessThan(24_000);
  });

  it('fits six types to AAPL orders, whose market file has the same decay in all of them', async () => {
    const { summary, value } = await calibrateJob({
      data: AAPL,
      model: { type: 'hawkes', events: 'orders' },
    });
    expect(value('beta[0]')).toBe(value('beta[5]'));
    expect(value('spectralRadius')).toBeGreaterThan(0);
    expect(summary!.notes.join('\n')).toContain('short sample');
  });
});
