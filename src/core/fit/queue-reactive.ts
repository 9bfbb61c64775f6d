/**
 * Intensities of limit orders, cancels and market orders by the size of the queue they meet, level by
 * level, and how often the reference price follows the mid.
 *
 * The queue-reactive model of Huang, Lehalle & Rosenbaum (2015, "Simulating and analyzing order book data:
 * the queue-reactive model", JASA 110, 107-122), sections 2 and 3: around a reference price the i-th queue
 * of a side stands i - 1/2 ticks away; given its size n, in units of the level's average event size rounded
 * up, the three kinds of event come as independent Poisson streams, market orders to the best queue of a
 * side. When the mid moves away from an empty first queue, the reference price follows with probability
 * theta. Both sides are pooled. The maximum-likelihood rates are counts over the time spent at that size,
 * so each has the error of a Poisson count; theta is moves over occasions.
 *
 * At spreads of one tick the reference price is the mid; at those of 2 to MAX_SPREAD ticks it is hidden,
 * and the likelihood is maximised by expectation and maximisation (Baum et al. 1970) over where it stands,
 * from reference-path.ts, which says why. At wider ones it is the half tick nearest to the last one
 * (section 2.1). One pass over the rows, O(levels) each, then some tens over the hidden intervals alone. It
 * supposes a large tick: where the spread is several ticks wide most first queues are empty, which the fit
 * shows and a caller should say.
 */
import { NIL } from '../sim/market.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import { type Estimate, proportionEstimate } from './estimate.js';
import { RescaledStreams } from './goodness.js';
import { addInterval, MAX_SPREAD, QueueSums, ReferencePath, type QueueLaw } from './reference-path.js';
import { KINDS, kindOf, MARKET, observedReference, QueueWindow } from './queue-window.js';

export { CANCEL, LIMIT, MARKET } from './queue-window.js';

export interface QueueReactiveFit {
  readonly levels: number;
  /** Sizes 0..maxQueue; the last class holds all larger ones too. */
  readonly maxQueue: number;
  /** Average event size of each level [lots]; sizes of queues count in it. */
  readonly unitLots: Float64Array;
  /**
   * Seconds in which an event of kind k could meet a queue of level i, either side, at size n, at
   * (i (maxQueue + 1) + n) 3 + k: market orders only while the queue is the best of its side.
   */
  readonly exposureS: Float64Array;
  /** Events there; where the reference price is hidden, expected ones. */
  readonly counts: Float64Array;
  /** Expected moves of the reference price, and occasions at which it could have moved. */
  readonly moves: number;
  readonly occasions: number;
  /** moves / occasions; null without occasions. */
  readonly theta: Estimate | null;
  /** Likeliest reference price before each row [half ticks]; NIL where a side is empty. */
  readonly references: Int32Array;
  /** Time-weighted mean spread [ticks]. */
  readonly meanSpreadTicks: number;
  readonly seconds: number;
}

const MAX_PASSES = 60;
/** Passes end when theta moves by less. */
const STEADY = 1e-6;
/** So near to 0 or 1 theta is there: passes come nearer without end. */
const EDGE = 1e-5;

/**
 * `tickE4` is the tick in 1e-4 currency. Rows without both best prices are passed over. Throws Error for a
 * feed of no duration.
 */
export function fitQueueReactive(
  feed: ReplayFeed,
  tickE4: number,
  levels: number,
  maxQueue: number,
): QueueReactiveFit {
  const seconds = (feed.tNs[feed.rows - 1] - feed.tNs[0]) * 1e-9;
  if (!(seconds > 0)) throw new Error('a fit needs a feed of some duration');
  const window = new QueueWindow(feed, tickE4, levels, maxQueue);
  const reading = readFeed(window, maxQueue + 1);
  const { references, meanSpreadTicks } = reading;
  const sums = maximise(reading);
  return {
    ...{ levels, maxQueue, unitLots: window.unitLots, references, meanSpreadTicks, seconds },
    ...{ counts: sums.counts, exposureS: sums.exposureS, moves: sums.moves, occasions: sums.occasions },
    theta: sums.occasions > 0 ? thetaOf(sums) : null,
  };
}

interface Reading {
  /** Of the intervals whose reference price is known. */
  readonly known: QueueSums;
  /** The others. */
  readonly path: ReferencePath;
  readonly references: Int32Array;
  readonly meanSpreadTicks: number;
}

function readFeed(window: QueueWindow, classes: number): Reading {
  const { feed, levels } = window;
  const known = new QueueSums(levels * classes * KINDS);
  const path = new ReferencePath(window, classes);
  const references = new Int32Array(feed.rows).fill(NIL);
  let [spread, knownS, reference] = [0, 0, NIL];
  let inStretch = false;
  for (let row = 1; row < feed.rows; row++) {
    if (!window.quotes(row)) {
      inStretch = false;
      continue;
    }
    const { bidTicks, askTicks } = window;
    const dtS = (feed.tNs[row] - feed.tNs[row - 1]) * 1e-9;
    const width = askTicks - bidTicks;
    spread += dtS * width;
    knownS += dtS;
    references[row] = reference = observedReference(reference, bidTicks, askTicks);
    const isOpen = width > 1 && width <= MAX_SPREAD;
    const next: [number, number] = window.quotes(row + 1)
      ? [window.bidTicks, window.askTicks]
      : [bidTicks, askTicks];
    window.quotes(row);
    if (isOpen) {
      if (!inStretch) path.begin();
      path.add(row, dtS, 2 * bidTicks + 1, width, true, reference, next);
      inStretch = true;
      continue;
    }
    window.measure(row, reference);
    addInterval(known, window, classes, dtS, eventOf(window, row, reference, classes));
    // A known reference ends the stretch before it, and begins one if the mid moves.
    if (width === 1 && inStretch) path.add(row, dtS, reference, 1, false, reference, next);
    inStretch = width === 1 && next[0] + next[1] !== bidTicks + askTicks;
    if (!inStretch) continue;
    path.begin();
    path.add(row, dtS, reference, 1, false, reference, next);
  }
  path.close();
  return { known, path, references, meanSpreadTicks: knownS > 0 ? spread / knownS : 0 };
}

/** Place of the event of `row` in the sums after measure(); NIL where it met no queue. */
function eventOf(window: QueueWindow, row: number, reference: number, classes: number): number {
  const queue = window.queueOf(row, reference);
  if (queue === NIL) return NIL;
  return ((queue % window.levels) * classes + window.sizes[queue]) * KINDS + kindOf(window.feed.type[row]);
}

/** Counts and exposures at the maximum of the likelihood; `references` are put to the likeliest ones. */
function maximise({ known, path, references }: Reading): QueueSums {
  let law = lawOf(known, 0.5, 1);
  let sums = known.copy();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    sums = known.copy();
    path.expect(law, sums);
    const theta = sums.occasions > 0 ? sums.moves / sums.occasions : law.theta;
    const isSteady = pass > 1 && Math.abs(theta - law.theta) < STEADY;
    law = lawOf(sums, theta, 0);
    if (isSteady) break;
  }
  path.expect(law, known.copy(), (row, reference) => (references[row] = reference));
  return sums;
}

/** Rates of the sums; `prior` events at the mean rate of the kind keep what was never seen possible. */
function lawOf({ counts, exposureS }: QueueSums, theta: number, prior: number): QueueLaw {
  const rates = new Float64Array(counts.length);
  for (let kind = 0; kind < KINDS; kind++) {
    let [events, seconds] = [prior, prior];
    for (let at = kind; at < counts.length; at += KINDS) {
      events += counts[at];
      seconds += exposureS[at];
    }
    for (let at = kind; at < counts.length; at += KINDS) {
      const time = exposureS[at] + (prior * seconds) / events;
      rates[at] = time > 0 ? (counts[at] + prior) / time : 0;
    }
  }
  return { rates, theta };
}

/** As many certain occasions as tell as much of theta: what is hidden tells less. */
function thetaOf({ moves, occasions, squares }: QueueSums): Estimate {
  const share = moves / occasions;
  const theta = share < EDGE ? 0 : share > 1 - EDGE ? 1 : share;
  const scatter = theta * (1 - theta);
  const certain = scatter > 0 ? Math.min(occasions, squares / scatter) : occasions;
  return proportionEstimate(theta, certain);
}

/** Rate of a kind of event at a level and queue size, per second; 0 where that size never was. */
export function queueRate(fit: QueueReactiveFit, level: number, size: number, kind: number): number {
  const at = (level * (fit.maxQueue + 1) + size) * KINDS + kind;
  return fit.exposureS[at] > 0 ? fit.counts[at] / fit.exposureS[at] : 0;
}

/**
 * Time-rescaled residuals of the three kinds of event, all queues together, around the likeliest references.
 */
export function queueResiduals(feed: ReplayFeed, tickE4: number, fit: QueueReactiveFit): Float64Array[] {
  const streams = new RescaledStreams(KINDS);
  const { levels, references } = fit;
  const window = new QueueWindow(feed, tickE4, levels, fit.maxQueue);
  for (let row = 1; row < feed.rows; row++) {
    if (references[row] === NIL) continue;
    window.measure(row, references[row]);
    const { sizes, best } = window;
    const dtS = (feed.tNs[row] - feed.tNs[row - 1]) * 1e-9;
    for (let kind = 0; kind < KINDS; kind++) {
      let rate = 0;
      for (let queue = 0; queue < sizes.length; queue++) {
        const level = queue % levels;
        if (sizes[queue] < 0 || (kind === MARKET && best[Number(queue >= levels)] !== level)) continue;
        rate += queueRate(fit, level, sizes[queue], kind);
      }
      streams.pass(kind, rate * dtS);
    }
    if (window.queueOf(row, references[row]) !== NIL) streams.event(kindOf(feed.type[row]));
  }
  return streams.residuals();
}
