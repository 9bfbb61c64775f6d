/** Shows a run of market-making as it goes: the same simulation as run.ts draws, with another witness. */
import type { BookFill, BookFrame, BookLook, ChunkTask } from '../../contract/kind.js';
import { BUY, SELL, type Market } from '../../core/sim/market.js';
import { Simulation } from '../../core/sim/loop.js';
import type { RestingOrders, RunWitness } from '../../core/sim/recorder.js';
import { openMarket } from './markets/open.js';
import { toOptions } from './run.js';
import { currencyPerTickLot, streamUnit } from './spec.js';
import type { Spec } from './spec.js';
import { createQuoter } from './strategies/create.js';

/** More own fills than this between two frames are left out of the second. */
const MAX_FILLS = 1_000;

type Account = Parameters<RunWitness['sample']>[1];

/** As Watch of contract/kind.ts. */
export function watch(task: ChunkTask<Spec>, look: BookLook): boolean {
  const { spec, from, control } = task;
  const drawn = streamUnit(spec, from);
  const opened = openMarket(task)(drawn);
  if (opened === null) return false;
  const { market, endNs } = opened;
  const witness = new LiveWitness(look, endNs, currencyPerTickLot(spec));
  const quoter = createQuoter(spec.strategy, task, drawn);
  return new Simulation(market, quoter, toOptions(task, drawn, endNs), witness).run(control, 0, 1);
}

/** Makes a frame every interval of simulated time, and one of the end. */
class LiveWitness implements RunWitness {
  nextNs = 0;
  private readonly look: BookLook;
  private readonly endNs: number;
  private readonly currencyPerTickLot: number;
  private readonly prices: Int32Array;
  private readonly lots: Int32Array;
  private fills: BookFill[] = [];

  constructor(look: BookLook, endNs: number, currencyPerTickLot: number) {
    this.look = look;
    this.endNs = endNs;
    this.currencyPerTickLot = currencyPerTickLot;
    this.prices = new Int32Array(look.levels);
    this.lots = new Int32Array(look.levels);
  }

  sample(market: Market, ledger: Account, own: RestingOrders): void {
    this.show(this.nextNs, market, ledger, own);
    const nextNs = this.nextNs + this.look.intervalNs;
    this.nextNs = nextNs < this.endNs ? nextNs : Infinity;
  }

  finish(market: Market, ledger: Account, own: RestingOrders): void {
    this.show(this.endNs, market, ledger, own);
  }

  fill(tNs: number, side: number, priceTicks: number, qtyLots: number, feeTickLots: number): void {
    if (this.fills.length === MAX_FILLS) return;
    this.fills.push({ tNs, side, priceTicks, qtyLots, fee: feeTickLots * this.currencyPerTickLot });
  }

  private show(tNs: number, market: Market, ledger: Account, own: RestingOrders): void {
    const frame: BookFrame = {
      tNs,
      bids: this.levels(market, BUY),
      asks: this.levels(market, SELL),
      ownBidTicks: own.priceTicks[BUY]!,
      ownAskTicks: own.priceTicks[SELL]!,
      inventoryLots: ledger.inventoryLots,
      pnl: ledger.pnlTickLots() * this.currencyPerTickLot,
      feesPaid: ledger.feesTickLots() * this.currencyPerTickLot,
      fills: this.fills,
    };
    this.fills = [];
    this.look.show(frame);
  }

  private levels(market: Market, side: number): [number, number][] {
    const count = market.depth(side, this.prices, this.lots, this.look.levels);
    return Array.from({ length: count }, (_, i) => [this.prices[i]!, this.lots[i]!]);
  }
}
