/**
 * Where the reference price of a queue-reactive market stands while the spread leaves it open: a hidden
 * chain.
 *
 * At a spread of one tick the reference price is the mid. At wider ones each half tick between the best
 * prices is a candidate, and which it was shows only in what follows: after the best ask has gone, a
 * reference that followed lets buyers fill the gap, one that stayed lets sellers (model III of Huang,
 * Lehalle & Rosenbaum 2015, section 3.2). Taking the half tick nearer to the last one (their section 2.1)
 * is right only when the price stays: it finds too many moves where theta is small, and counts half of the
 * orders that fill an empty first queue nowhere. So intervals between two spreads of one tick form a
 * stretch, and the forward and backward sums of Baum et al. (1970, Annals of Mathematical Statistics 41)
 * give the probability of each candidate in each interval, from rates and theta that are known so far.
 * Candidates are compared by those prices that lie in the window of all of them.
 *
 * Flat arrays that grow while a feed is read; O(candidates x (levels + candidates)) an interval and pass.
 * Spreads of more than MAX_SPREAD ticks are not taken in: there the model says little about one queue.
 */
import { BUY, NIL, SELL } from '../sim/market.js';
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { CANCEL, KINDS, kindOf, levelOf, LIMIT, MARKET, type QueueWindow } from './queue-window.js';

/** Widest spread at which the candidates are weighed against each other [ticks]. */
export const MAX_SPREAD = 4;

/** Rates and probability that the expectations of a pass are taken with. */
export interface QueueLaw {
  /** Of kind k at level i and size n: at (i (maxQueue + 1) + n) 3 + k [1/s]. */
  readonly rates: Float64Array;
  readonly theta: number;
}

/** Sums to which intervals add, at the places of QueueLaw.rates; exposure of each kind for itself. */
export class QueueSums {
  readonly counts: Float64Array;
  readonly exposureS: Float64Array;
  /** Moves of the reference price, and occasions at which it could have moved. */
  moves = 0;
  occasions = 0;
  /** Sum over stretches of the squared slopes of their log-likelihood in theta, times theta (1 - theta). */
  squares = 0;

  constructor(cells: number) {
    this.counts = new Float64Array(cells);
    this.exposureS = new Float64Array(cells);
  }

  copy(): QueueSums {
    const sums = new QueueSums(this.counts.length);
    sums.counts.set(this.counts);
    sums.exposureS.set(this.exposureS);
    return Object.assign(sums, { moves: this.moves, occasions: this.occasions, squares: this.squares });
  }
}

/** Places in the record of a candidate, after the sizes of its queues. */
const EVENT = 0;
const WEIGHED = 1;
const DRAW = 2;
const BEST = 3;
const DEPTH = 5;
const FIELDS = 7;
/** The event could not have happened around this candidate. */
const IMPOSSIBLE = -2;

/** Adds an interval with known sizes to the sums: time to all queues shown, its event to the one it met. */
export function addInterval(
  sums: QueueSums,
  window: QueueWindow,
  classes: number,
  dtS: number,
  event: number,
): void {
  const { levels, sizes, best } = window;
  for (let queue = 0; queue < sizes.length; queue++) {
    if (sizes[queue] < 0) continue;
    const level = queue % levels;
    const at = (level * classes + sizes[queue]) * KINDS;
    sums.exposureS[at + LIMIT] += dtS;
    sums.exposureS[at + CANCEL] += dtS;
    if (best[queue < levels ? BUY : SELL] === level) sums.exposureS[at + MARKET] += dtS;
  }
  if (event !== NIL) sums.counts[event]++;
}

export class ReferencePath {
  private readonly window: QueueWindow;
  private readonly classes: number;
  private readonly width: number;
  /** First interval of each stretch, and the end of the last one. */
  private readonly stretches: number[] = [];
  /** By interval: first record and its candidate in half ticks, seconds, row; whether its sums are added. */
  private readonly first: number[] = [];
  private readonly lowest: number[] = [];
  private readonly seconds: number[] = [];
  private readonly rows: number[] = [];
  private readonly isOpen: boolean[] = [];
  /** Candidate that the paper's rule takes, by interval. */
  private readonly observed: number[] = [];
  private readonly records: number[] = [];
  private forward = new Float64Array(64);
  private likelihood = new Float64Array(64);
  private backward = new Float64Array(2 * MAX_SPREAD);

  constructor(window: QueueWindow, classes: number) {
    this.window = window;
    this.classes = classes;
    this.width = 2 * window.levels + FIELDS;
  }

  /** The next interval begins a stretch. */
  begin(): void {
    this.stretches.push(this.rows.length);
  }

  /**
   * Adds the interval before message `row` with the best prices before and after it, the candidates from
   * `lowest` by steps of a tick. `isOpen`: its sums are not known yet. `observed` is the paper's own choice
   * [half ticks].
   */
  add(
    row: number,
    dtS: number,
    lowest: number,
    count: number,
    isOpen: boolean,
    observed: number,
    next: readonly [bidTicks: number, askTicks: number],
  ): void {
    const { window, records } = this;
    this.first.push(records.length);
    this.lowest.push(lowest);
    this.seconds.push(dtS);
    this.rows.push(row);
    this.isOpen.push(isOpen);
    this.observed.push((observed - lowest) / 2);
    const mid = window.bidTicks + window.askTicks;
    const { levels } = window;
    for (let c = 0; c < count; c++) {
      const reference = lowest + 2 * c;
      window.measure(row, reference);
      for (const size of window.sizes) records.push(size);
      const event = this.eventOf(row, reference);
      const depths = [levels - (count - 1 - c), levels - c];
      records.push(event, this.weighedEvent(row, reference, depths, event));
      // A bid above and an ask below the reference are told by the sums of the best prices.
      const up = next[0] + next[1] > mid && 2 * next[1] > reference + 1;
      const down = next[0] + next[1] < mid && 2 * next[0] < reference - 1;
      records.push(Number(up) - Number(down), window.best[BUY], window.best[SELL], ...depths);
    }
  }

  /** Ends the record. */
  close(): void {
    this.stretches.push(this.rows.length);
    this.first.push(this.records.length);
    let widest = 0;
    for (let s = 0; s + 1 < this.stretches.length; s++) {
      widest = Math.max(widest, this.stretches[s + 1] - this.stretches[s]);
    }
    this.forward = new Float64Array(widest * MAX_SPREAD);
    this.likelihood = new Float64Array(widest * MAX_SPREAD);
  }

  /**
   * Adds what the stretches are expected to hold under a law. `tell` hears the likeliest candidate of each
   * interval [half ticks]. Returns their log-likelihood. A stretch that the model cannot explain counts as
   * the paper's rule has it, and tells nothing of theta.
   */
  expect(law: QueueLaw, sums: QueueSums, tell?: (row: number, reference: number) => void): number {
    let value = 0;
    for (let s = 0; s + 1 < this.stretches.length; s++) {
      const [from, to] = [this.stretches[s], this.stretches[s + 1]];
      const own = this.passForward(from, to, law);
      if (own === -Infinity) {
        for (let interval = from; interval < to; interval++) {
          if (this.isOpen[interval]) this.addShare(interval, this.observed[interval], 1, sums);
          tell?.(this.rows[interval], this.lowest[interval] + 2 * this.observed[interval]);
        }
        continue;
      }
      value += own;
      this.passBackward(from, to, law, sums, tell);
    }
    return value;
  }

  private eventOf(row: number, reference: number): number {
    const { window } = this;
    const queue = window.queueOf(row, reference);
    if (queue === NIL) return NIL;
    const kind = kindOf(window.feed.type[row]);
    return ((queue % window.levels) * this.classes + window.sizes[queue]) * KINDS + kind;
  }

  /** The same for the comparison of candidates: only up to the depths that all of them share. */
  private weighedEvent(row: number, reference: number, depths: readonly number[], event: number): number {
    const { feed } = this.window;
    if (kindOf(feed.type[row]) === NIL) return NIL;
    const side = feed.side[row];
    const level = levelOf(reference, side, this.window.priceTicks(row));
    if (level < 0) return IMPOSSIBLE;
    return level < depths[side] ? event : NIL;
  }

  private count(interval: number): number {
    return (this.first[interval + 1] - this.first[interval]) / this.width;
  }

  /** Sum of the rates of a candidate at the prices that are compared. */
  private intensity(at: number, { rates }: QueueLaw): number {
    const { records, classes, window } = this;
    const { levels } = window;
    const fields = at + 2 * levels;
    let sum = 0;
    for (let side = BUY; side <= SELL; side++) {
      const depth = records[fields + DEPTH + side];
      for (let level = 0; level < depth; level++) {
        const size = records[at + side * levels + level];
        if (size < 0) continue;
        const cell = (level * classes + size) * KINDS;
        sum += rates[cell + LIMIT] + rates[cell + CANCEL];
        if (records[fields + BEST + side] === level) sum += rates[cell + MARKET];
      }
    }
    return sum;
  }

  /**
   * Likelihood of interval and event around each candidate, over the largest; returns the logarithm of that.
   */
  private weigh(interval: number, at: number, law: QueueLaw): number {
    const { records, width, likelihood, seconds } = this;
    const count = this.count(interval);
    if (!this.isOpen[interval]) {
      likelihood[at] = 1;
      return 0;
    }
    let largest = -Infinity;
    for (let c = 0; c < count; c++) {
      const record = this.first[interval] + c * width;
      const event = records[record + width - FIELDS + WEIGHED];
      const rate = event === IMPOSSIBLE ? 0 : event === NIL ? 1 : law.rates[event];
      const own = rate > 0 ? log(rate) - this.intensity(record, law) * seconds[interval] : -Infinity;
      likelihood[at + c] = own;
      largest = Math.max(largest, own);
    }
    if (largest === -Infinity) return largest;
    for (let c = 0; c < count; c++) {
      likelihood[at + c] = likelihood[at + c] === -Infinity ? 0 : exp(likelihood[at + c] - largest);
    }
    return largest;
  }

  /** Probability of the step from candidate c of an interval to candidate d of the next one. */
  private step(interval: number, c: number, d: number, theta: number): number {
    const draw = this.records[this.first[interval] + (c + 1) * this.width - FIELDS + DRAW];
    const move = (this.lowest[interval + 1] + 2 * d - this.lowest[interval] - 2 * c) / 2;
    if (draw === 0) return Number(move === 0);
    return move === draw ? theta : move === 0 ? 1 - theta : 0;
  }

  /** Probabilities of the candidates given the past and the own event; the log-likelihood of the stretch. */
  private passForward(from: number, to: number, law: QueueLaw): number {
    const { forward, likelihood } = this;
    let value = 0;
    for (let interval = from; interval < to; interval++) {
      const at = (interval - from) * MAX_SPREAD;
      const count = this.count(interval);
      const scale = this.weigh(interval, at, law);
      let sum = 0;
      for (let d = 0; d < count; d++) {
        let prior = interval === from ? 1 / count : 0;
        for (let c = 0; interval > from && c < this.count(interval - 1); c++) {
          prior += forward[at - MAX_SPREAD + c] * this.step(interval - 1, c, d, law.theta);
        }
        sum += forward[at + d] = prior * likelihood[at + d];
      }
      if (!(sum > 0)) return -Infinity;
      for (let d = 0; d < count; d++) forward[at + d] /= sum;
      value += log(sum) + scale;
    }
    return value;
  }

  /** Adds the expectations of the stretch, from its end. */
  private passBackward(
    from: number,
    to: number,
    { theta }: QueueLaw,
    sums: QueueSums,
    tell: ((row: number, reference: number) => void) | undefined,
  ): void {
    const { forward, likelihood, backward } = this;
    let [moves, occasions] = [0, 0];
    // Weights of the future of the next interval, its own event included, and those of this one.
    let [next, now] = [0, MAX_SPREAD];
    for (let interval = to - 1; interval >= from; interval--) {
      const at = (interval - from) * MAX_SPREAD;
      const count = this.count(interval);
      let total = 0;
      for (let c = 0; c < count; c++) {
        let future = interval === to - 1 ? 1 : 0;
        for (let d = 0; interval < to - 1 && d < this.count(interval + 1); d++) {
          future += this.step(interval, c, d, theta) * backward[next + d];
        }
        total += forward[at + c] * (backward[now + c] = future);
      }
      let best = 0;
      for (let c = 0; c < count; c++) {
        const share = (forward[at + c] * backward[now + c]) / total;
        if (share > (forward[at + best] * backward[now + best]) / total) best = c;
        if (this.isOpen[interval]) this.addShare(interval, c, share, sums);
        const record = this.first[interval] + (c + 1) * this.width - FIELDS;
        const draw = this.records[record + DRAW];
        if (interval === to - 1 || draw === 0 || share === 0) continue;
        occasions += share;
        const d = c + draw + (this.lowest[interval] - this.lowest[interval + 1]) / 2;
        if (d < 0 || d >= this.count(interval + 1)) continue;
        moves += (forward[at + c] * theta * backward[next + d]) / total;
      }
      tell?.(this.rows[interval], this.lowest[interval] + 2 * best);
      for (let c = 0; c < count; c++) backward[now + c] *= likelihood[at + c];
      let scale = 0;
      for (let c = 0; c < count; c++) scale += backward[now + c];
      for (let c = 0; c < count; c++) backward[now + c] /= scale;
      [next, now] = [now, next];
    }
    sums.moves += moves;
    sums.occasions += occasions;
    sums.squares += (moves - theta * occasions) * (moves - theta * occasions);
  }

  /** Adds the part of an interval that one candidate has. */
  private addShare(interval: number, c: number, share: number, sums: QueueSums): void {
    const { records, classes, window, width, seconds } = this;
    const { levels } = window;
    const at = this.first[interval] + c * width;
    const fields = at + 2 * levels;
    const dtS = share * seconds[interval];
    for (let queue = 0; queue < 2 * levels; queue++) {
      const size = records[at + queue];
      if (size < 0) continue;
      const level = queue % levels;
      const cell = (level * classes + size) * KINDS;
      sums.exposureS[cell + LIMIT] += dtS;
      sums.exposureS[cell + CANCEL] += dtS;
      if (records[fields + BEST + Number(queue >= levels)] === level) sums.exposureS[cell + MARKET] += dtS;
    }
    const event = records[fields + EVENT];
    if (event >= 0) sums.counts[event] += share;
  }
}
