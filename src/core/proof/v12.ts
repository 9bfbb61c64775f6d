/** V12: what is true of every book and every account, whatever the model: proved on long random runs. */
import { FixedQuoter } from '../agent/fixed.js';
import { BUY, NIL, SELL, TIF_GTC, TIF_IOC } from '../book/codes.js';
import { CONTROL_SLOTS } from '../control.js';
import { poissonFlow } from '../flow/poisson-flow.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import { GeneratedMarket } from '../sim/generated-market.js';
import { Simulation, type SimulationOptions } from '../sim/loop.js';
import type { Bench, Check, Experiment } from './check.js';
import { OwnAccount } from './own-account.js';
import { ShadowBook } from './shadow-book.js';
import type { Sheet } from './sheet.js';

const COMMANDS = 100_000;
/** Orders that live at once; ids are used again, so that a stale one would be met. */
const IDS = 400;
const MID = 1_000;
const REACH = 12;
const RULE = 'always true';

/** The book under random commands, with a shadow that objects. */
const book: Experiment = {
  lines: [
    { what: '100,000 commands: times that the book was crossed', unit: '1', source: RULE },
    { what: '100,000 commands: trades not with the oldest order of the best price', unit: '1', source: RULE },
    { what: '100,000 commands: trades beyond what a resting order had left', unit: '1', source: RULE },
    { what: '100,000 commands: lots bought minus lots sold', unit: 'lots', source: RULE },
    {
      what: '100,000 commands: lots neither traded, cancelled, dropped nor resting',
      unit: 'lots',
      source: RULE,
    },
    {
      what: '100,000 commands: queue positions other than the lots before the order',
      unit: '1',
      source: RULE,
    },
  ],
  measure: measureBook,
};

function measureBook(bench: Bench, sheet: Sheet): void {
  const stream = new Stream(bench.seed, bench.streamUnit(0), FLOW);
  const shadow = new ShadowBook();
  const real = bench.models.createBook({ ticks: 64, orders: 64, ids: IDS }, shadow);
  const counts = { crossed: 0, misplaced: 0 };
  for (let command = 0; command < COMMANDS; command++) {
    if ((command & 4095) === 0 && bench.stopped()) return;
    const id = stream.below(IDS);
    const side = stream.below(2);
    const lots = 1 + stream.below(9);
    if (shadow.live.has(id)) {
      const { priceTicks } = shadow.live.get(id)!;
      shadow.cancelled(id, real.cancel(id));
      // A cancel moves up those behind it, by its lots, and nobody else.
      for (const order of shadow.ordersAt(priceTicks)) {
        if (real.queueAheadLots(order.id) !== shadow.aheadOf(order.id)) counts.misplaced++;
      }
    } else if (stream.below(10) === 0) {
      shadow.entered(id, side, NIL, lots, real.market(id, side, lots), false);
    } else {
      // Prices of both sides overlap, so that about every third order trades.
      const priceTicks = MID + (side === BUY ? 3 - stream.below(REACH) : stream.below(REACH) - 3);
      const tif = stream.below(8) === 0 ? TIF_IOC : TIF_GTC;
      const traded = real.limit(id, side, priceTicks, lots, tif);
      shadow.entered(id, side, priceTicks, lots, traded, tif === TIF_GTC);
    }
    const { bestBidTicks, bestAskTicks } = real;
    if (bestBidTicks !== NIL && bestAskTicks !== NIL && bestBidTicks >= bestAskTicks) counts.crossed++;
  }
  const missing = Math.abs(shadow.missingLots(BUY)) + Math.abs(shadow.missingLots(SELL));
  const bought = shadow.lots[BUY].traded - shadow.lots[SELL].traded;
  const found = [counts.crossed, shadow.outOfTurn, shadow.overfilled, bought, missing, counts.misplaced];
  // A run without trades proves nothing, so it does not pass.
  found.forEach((count, line) => sheet.add(line, shadow.trades > 0 ? count : -1, 0, 0));
}

const OPTIONS: SimulationOptions = {
  endNs: 300e9,
  orderLatencyNs: 2e6,
  feedLatencyNs: 3e6,
  makerBps: 0.7,
  takerBps: 1.3,
  maxInventoryLots: 40,
  requoteNs: 1e9,
  onFeedChange: true,
  samplingNs: 1e9,
  adverseNs: 1e9,
};
const RUNS = 8;

function openMarket(): GeneratedMarket {
  return new GeneratedMarket({
    flow: poissonFlow({
      limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77],
      cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47],
      marketRatePerS: 0.94,
      orderSize: { type: 'geometric', meanLots: 5 },
    }),
    startMidTicks: 5_000,
    warmupS: 20,
  });
}

/** Runs one unit on a market that is started anew; null when stopped. */
function simulate(bench: Bench, market: GeneratedMarket, run: number): [Simulation, OwnAccount] | null {
  const control = new Int32Array(CONTROL_SLOTS);
  market.start(bench.seed, bench.streamUnit(run), control);
  const account = new OwnAccount(market);
  const simulation = new Simulation(account, new FixedQuoter(1, 8), OPTIONS, null);
  simulation.run(control, 0, 1);
  return bench.stopped() ? null : [simulation, account];
}

/** The account of a market maker against one that is kept beside it, fill by fill. */
const accounts: Experiment = {
  lines: [
    {
      what: '8 runs: inventory in the account minus fills, part fills among them',
      unit: 'lots',
      source: RULE,
    },
    { what: '8 runs: cash in the account minus fills', unit: 'tick lots', source: RULE },
    { what: '8 runs: fees in the account minus fills', unit: 'tick lots', source: RULE },
    {
      what: '8 runs: reported PnL minus cash, inventory at the mid and fees',
      unit: 'tick lots',
      source: RULE,
    },
    { what: '8 runs: PnL minus the sum of its parts', unit: 'tick lots', source: RULE },
  ],
  measure(bench, sheet) {
    const market = openMarket();
    const worst = new Float64Array(5);
    let partial = 0;
    for (let run = 0; run < RUNS; run++) {
      const done = simulate(bench, market, run);
      if (done === null) return;
      const [{ ledger }, account] = done;
      const fees = (account.notionalTickLots * OPTIONS.makerBps) / 10_000;
      const worth = account.cashTickLots + (account.inventoryLots * account.midHalfTicks()) / 2 - fees;
      const parts = (ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots) / 2 - fees;
      const reported = bench.models.reportedPnl(ledger);
      const misses = [
        ledger.inventoryLots - account.inventoryLots,
        ledger.cashTickLots - account.cashTickLots,
        ledger.feesTickLots() - fees,
        reported - worth,
        reported - parts,
      ];
      misses.forEach((miss, i) => (worst[i] = Math.max(worst[i], Math.abs(miss))));
      partial += account.partialFills;
    }
    // Lots and ticks are integers; fees carry fractions, whose rounding stays far below a millionth of a
    // tick lot.
    worst.forEach((miss, line) => sheet.add(line, partial > 0 ? miss : -1, 0, line < 2 ? 0 : 1e-6));
  },
};

/** FNV-1a over numbers as text: 32 bits of everything that a run ended with. */
function hashOf(bench: Bench, market: GeneratedMarket, run: number): number {
  const done = simulate(bench, market, run);
  if (done === null) return NIL;
  const [{ ledger, metrics, events }, account] = done;
  const numbers = [
    events,
    ledger.pnlTickLots(),
    ledger.inventoryLots,
    metrics.fills,
    metrics.notionalTickLots,
    metrics.maxDrawdownTickLots,
    account.notionalTickLots,
    market.book.stateHash(),
  ];
  let hash = 0x811c9dc5;
  for (const char of numbers.join(' ')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

const cells = Array.from({ length: RUNS }, (_, run) => `run ${run + 1}`);
/** A run has the same result wherever it stands in whatever share of the work. */
const digests: Experiment = {
  lines: [
    { what: 'hash of a run, last to first, minus first to last', unit: '1', source: RULE, cells },
    { what: 'hash of a run alone in a fresh market, minus first to last', unit: '1', source: RULE, cells },
  ],
  measure(bench, sheet) {
    const market = openMarket();
    const forward = cells.map((_, run) => hashOf(bench, market, run));
    const backward = cells.map((_, i) => hashOf(bench, market, RUNS - 1 - i)).reverse();
    if (bench.stopped()) return;
    forward.forEach((hash, run) => sheet.add(0, backward[run] - hash, 0, 0, run));
    forward.forEach((hash, run) => sheet.add(1, hashOf(bench, openMarket(), run) - hash, 0, 0, run));
  },
};

export const V12: Check = {
  id: 'V12',
  title: 'What is always true',
  asks:
    'Does the exchange keep its own rules and the account its sums: nothing crossed, nobody overtaken, no lot ' +
    'twice or lost, every fill in position, cash and fees, and the same result whoever computes it?',
  recipe:
    'A book gets 100,000 random orders and cancels while a second, plain account of lists beside it checks every ' +
    'trade and, after every cancel, the place of each order in the queue. Eight runs of a market maker with ' +
    'fees and latency are booked a second time from the fills alone and compared with the account to the last ' +
    'tick, as is the PnL with its parts (spread, inventory, fees). The same eight runs are then done in the opposite ' +
    'order and each alone, and must end in the same hash. The test suite does the last for whole results over ' +
    'chunks, threads and nodes.',
  papers: ['No paper: these are identities.'],
  tolerance:
    'None where integers are counted. Fees have fractions: a millionth of a tick lot, far above rounding and far ' +
    'below a fee.',
  experiments: [book, accounts, digests],
};
