/** The simulation loop: latency, inventory limit, money identities, queue keeping, determinism, cancel. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../../src/core/control.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import { Recorder } from '../../../src/core/sim/recorder.js';
import { CONTROL, makeMarket, makeQuoter, OPTIONS, WatchedMarket } from './lab.js';

const options = fc.record({
  orderLatencyNs: fc.constantFrom(0, 1, 1e6, 50e6, 2e9),
  feedLatencyNs: fc.constantFrom(0, 1, 1e6, 50e6, 2e9),
  makerBps: fc.constantFrom(-0.5, 0, 1),
  maxInventoryLots: fc.integer({ min: 8, max: 60 }),
  requoteNs: fc.constantFrom(1e8, 1e9, 7e9),
  onFeedChange: fc.boolean(),
});
const strategy = fc.constantFrom('fixed' as const, 'adaptive' as const);
const seed = fc.nat(1_000_000);

describe('Simulation', () => {
  it('never exceeds the inventory limit and keeps every money identity, whatever the options (V12)', () => {
    fc.assert(
      fc.property(seed, strategy, options, (s, type, chosen) => {
        const market = new WatchedMarket(makeMarket(s));
        const all = { ...OPTIONS, ...chosen, endNs: 60e9 };
        const recorder = new Recorder(61, all.endNs, 1);
        const simulation = new Simulation(market, makeQuoter(type), all, recorder);
        expect(simulation.run(CONTROL(), 0, 1)).toBe(true);
        let [cash, inventory, notional, filled, largest] = [0, 0, 0, 0, 0];
        for (const fill of market.seen.filter((x) => x.what === 'fill')) {
          const signed = fill.side === BUY ? fill.lots : -fill.lots;
          inventory += signed;
          cash -= signed * fill.priceTicks;
          notional += fill.lots * fill.priceTicks;
          filled += fill.lots;
          largest = Math.max(largest, Math.abs(inventory));
          expect(Math.abs(inventory)).toBeLessThanOrEqual(all.maxInventoryLots);
        }
        const { ledger, metrics } = simulation;
        expect([ledger.inventoryLots, ledger.cashTickLots]).toEqual([inventory, cash]);
        expect([ledger.makerLots, ledger.takerLots, metrics.maxAbsInventoryLots]).toEqual([
          filled,
          0,
          largest,
        ]);
        const fees = (notional * all.makerBps) / 10_000;
        const gross = cash + (inventory * ledger.midHalfTicks) / 2;
        expect(ledger.pnlTickLots()).toBe(gross - fees);
        const parts = ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots;
        expect(parts / 2 - fees).toBe(ledger.pnlTickLots());
        // At every sample: cash and fees by replaying the fills, inventory at the mid.
        const [tNs, bid, ask, , , held, pnl, feesPaid] = recorder.seriesColumns();
        const fills = market.seen.filter((x) => x.what === 'fill');
        expect(tNs).toHaveLength(61);
        let mid = NaN;
        for (let row = 0; row < 61; row++) {
          const until = fills.filter((f) => f.tNs < tNs![row]!);
          const signed = (f: (typeof fills)[0]) => (f.side === BUY ? f.lots : -f.lots);
          expect(held![row]).toBe(until.reduce((a, f) => a + signed(f), 0));
          if (bid![row] === NIL || ask![row] === NIL) continue;
          mid = (bid![row]! + ask![row]!) / 2;
          const cashNow = until.reduce((a, f) => a - signed(f) * f.priceTicks, 0);
          expect(pnl![row]).toBe(cashNow + held![row]! * mid - feesPaid![row]!);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets an order arrive only one feed and one order latency after a reason to decide', () => {
    const market = new WatchedMarket(makeMarket(4));
    const simulation = new Simulation(market, makeQuoter('fixed'), OPTIONS, null);
    market.clock = simulation.clock;
    simulation.run(CONTROL(), 0, 1);
    const { feedLatencyNs, orderLatencyNs, requoteNs } = OPTIONS;
    const heard = market.seen.filter((x) => x.what === 'best' || x.what === 'fill').map((x) => x.tNs);
    const reasons = new Set(heard.map((tNs) => tNs + feedLatencyNs + orderLatencyNs));
    const placed = market.seen.filter((x) => x.what === 'place');
    expect(placed.length).toBeGreaterThan(50);
    const waits = placed.filter((x) => !reasons.has(x.tNs) && (x.tNs - orderLatencyNs) % requoteNs !== 0);
    // What remains are orders that waited for room: one more round trip after a reason.
    const later = new Set([...reasons].map((tNs) => tNs + feedLatencyNs + orderLatencyNs));
    expect(waits.every((x) => later.has(x.tNs))).toBe(true);
    expect(waits.length).toBeLessThan(placed.length / 10);
  });

  it('keeps at most one order a side at rest, and an unchanged quote keeps its place', () => {
    const market = new WatchedMarket(makeMarket(9));
    new Simulation(market, makeQuoter('fixed'), OPTIONS, null).run(CONTROL(), 0, 1);
    const resting = new Map<number, { side: number; priceTicks: number; lots: number }>();
    let lastCancelled = { side: NIL, priceTicks: NIL };
    for (const x of market.seen) {
      if (x.what === 'place') {
        expect([...resting.values()].some((o) => o.side === x.side)).toBe(false);
        resting.set(x.id, { ...x });
        expect(x.aheadLots).toBeGreaterThanOrEqual(0);
        // A cancel and a new order at the same price would have thrown the place away.
        if (lastCancelled.side === x.side) expect(x.priceTicks).not.toBe(lastCancelled.priceTicks);
      } else if (x.what === 'fill') {
        const order = resting.get(x.id)!;
        order.lots -= x.lots;
        if (order.lots === 0) resting.delete(x.id);
      } else if (x.what === 'cancel' && x.lots > 0) {
        expect(resting.get(x.id)!.lots).toBe(x.lots);
        lastCancelled = resting.get(x.id)!;
        resting.delete(x.id);
        continue;
      }
      if (x.what !== 'cancel') lastCancelled = { side: NIL, priceTicks: NIL };
    }
  });

  it('gives the same numbers again, also on a market that was used before', () => {
    const once = makeMarket(3, 5);
    const twice = makeMarket(8, 0);
    new Simulation(twice, makeQuoter('adaptive'), OPTIONS, null).run(CONTROL(), 0, 1);
    twice.start(3, 5, CONTROL());
    const [a, b] = [once, twice].map((market) => {
      const simulation = new Simulation(market, makeQuoter('adaptive'), OPTIONS, null);
      simulation.run(CONTROL(), 0, 1);
      const { ledger, metrics, events } = simulation;
      const { market: _m, ...rest } = { market, ledger: { ...ledger }, events, fills: metrics.fills };
      return { ...rest, book: market.book.stateHash() };
    });
    expect(a).toEqual(b);
    expect(a!.fills).toBeGreaterThan(5);
  });

  it('does not change by being watched: a recorder leaves the run as it is', () => {
    const results = [null, new Recorder(500, OPTIONS.endNs, 0.01)].map((recorder) => {
      const simulation = new Simulation(makeMarket(6), makeQuoter('fixed'), OPTIONS, recorder);
      simulation.run(CONTROL(), 0, 1);
      return [simulation.ledger.pnlTickLots(), simulation.events, simulation.metrics.incrementSumSquares];
    });
    expect(results[0]).toEqual(results[1]);
  });

  it('reports progress and stops when asked to', () => {
    const control = CONTROL();
    const market = makeMarket(1);
    const long = { ...OPTIONS, endNs: 3_600e9 };
    expect(new Simulation(market, makeQuoter('fixed'), long, null).run(control, 3, 4)).toBe(true);
    expect(control[CONTROL_PROGRESS]).toBeGreaterThan(9_000);
    expect(control[CONTROL_PROGRESS]).toBeLessThanOrEqual(10_000);
    market.start(1, 0, CONTROL());
    control[CONTROL_CANCEL] = 1;
    const stopped = new Simulation(market, makeQuoter('fixed'), long, null);
    expect(stopped.run(control, 0, 1)).toBe(false);
    expect(stopped.events).toBe(4096);
  });

  it('samples PnL increments on the whole grid and depth without own orders', () => {
    const recorder = new Recorder(101, OPTIONS.endNs, 0.01);
    const simulation = new Simulation(makeMarket(2), makeQuoter('fixed'), OPTIONS, recorder);
    simulation.run(CONTROL(), 0, 1);
    expect(simulation.metrics.increments).toBe(120);
    const [tNs, side, price, lots] = recorder.depthColumns();
    for (let row = 0; row < tNs!.length; row++) {
      expect(lots![row]).toBeGreaterThan(0);
      const above = row > 0 && tNs![row] === tNs![row - 1] && side![row] === side![row - 1];
      if (above && side![row] === BUY) expect(price![row]).toBeLessThan(price![row - 1]!);
      if (above && side![row] === SELL) expect(price![row]).toBeGreaterThan(price![row - 1]!);
    }
    expect(new Set(tNs).size).toBe(101);
  });
});
