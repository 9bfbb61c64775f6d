/**
 * Exact odds of the race between the two best queues in the model of Cont, Stoikov and Talreja.
 *
 * Paper: Cont, Stoikov & Talreja, "A stochastic model for order book dynamics", Operations Research 58(3),
 * 549-563, 2010, section 4: at a spread of one tick a best queue of n orders grows at rate lambda and shrinks
 * at rate mu + n theta, independently of the other one. The paper inverts Laplace transforms of continued
 * fractions (propositions 3, 5 and 6); here the same probabilities solve the first-step equations of the
 * Markov chain, which needs nothing but elimination and is exact up to the longest queue kept, MAX_QUEUE.
 * Cost: the race of two whole queues is a banded system of MAX_QUEUE^2 unknowns, about 20 ms; the others are
 * tridiagonal and take microseconds. Slow where lambda / theta comes near MAX_QUEUE.
 */

/** Rates at a spread of one tick, per second: limit orders and market orders a side, cancels an order. */
export interface QueueRates {
  readonly lambda: number;
  readonly mu: number;
  readonly theta: number;
}

/**
 * Longer queues count as this: at the published rates a queue of 30 shrinks twelve times as fast as it
 * grows.
 */
const MAX_QUEUE = 30;

/** Chance that the next change of a best queue of n >= 1 orders is one order more. */
export function growthOdds({ lambda, mu, theta }: QueueRates, n: number): number {
  return lambda / (lambda + mu + n * theta);
}

/**
 * Table 3: chance that the mid moves up, so that the ask queue empties first, from `bid` and `ask` orders.
 * Returns the table up to `size` orders a side, row bid - 1, column ask - 1.
 */
export function oddsOfRise(rates: QueueRates, size: number): Float64Array {
  const n = MAX_QUEUE;
  const width = 2 * n + 1;
  const band = new Float64Array(n * n * width);
  const odds = new Float64Array(n * n);
  for (let bid = 1; bid <= n; bid++) {
    for (let ask = 1; ask <= n; ask++) {
      const row = (bid - 1) * n + ask - 1;
      const grow = (queue: number): number => (queue < n ? rates.lambda : 0);
      const bidDown = rates.mu + bid * rates.theta;
      const askDown = rates.mu + ask * rates.theta;
      const total = grow(bid) + grow(ask) + bidDown + askDown;
      // The diagonal stands in the middle of a row of the band, a bid order more n places further on.
      band[row * width + n] = 1;
      if (bid < n) band[row * width + 2 * n] = -rates.lambda / total;
      if (ask < n) band[row * width + n + 1] = -rates.lambda / total;
      if (bid > 1) band[row * width] = -bidDown / total;
      if (ask > 1) band[row * width + n - 1] = -askDown / total;
      else odds[row] = askDown / total;
    }
  }
  solveBand(band, odds, n);
  const table = new Float64Array(size * size);
  for (let bid = 0; bid < size; bid++) {
    for (let ask = 0; ask < size; ask++) table[bid * size + ask] = odds[bid * n + ask];
  }
  return table;
}

/** Gauss elimination in place without pivoting (the system is diagonally dominant); the answer replaces b. */
function solveBand(band: Float64Array, b: Float64Array, half: number): void {
  const width = 2 * half + 1;
  const n = b.length;
  for (let pivot = 0; pivot < n; pivot++) {
    const end = Math.min(n - 1, pivot + half);
    for (let row = pivot + 1; row <= end; row++) {
      const factor = band[row * width + half + pivot - row] / band[pivot * width + half];
      if (factor === 0) continue;
      for (let column = pivot; column <= end; column++) {
        band[row * width + half + column - row] -= factor * band[pivot * width + half + column - pivot];
      }
      b[row] -= factor * b[pivot];
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    const end = Math.min(n - 1, row + half);
    for (let column = row + 1; column <= end; column++)
      b[row] -= band[row * width + half + column - row] * b[column];
    b[row] /= band[row * width + half];
  }
}

/**
 * F(position, queue) = P[epsilon < sigma] of proposition 5: chance that an order with position - 1 orders
 * before it is executed before the opposite queue empties. Row position - 1, column queue - 1, both to
 * `size`.
 */
export function oddsOfExecution(rates: QueueRates, size: number): Float64Array {
  const all = executionOdds(rates, size);
  const table = new Float64Array(size * size);
  for (let i = 0; i < size; i++) table.set(all[i].subarray(1, size + 1), i * size);
  return table;
}

/** odds[position - 1][queue], queue 0..MAX_QUEUE; 0 where the opposite queue is empty. */
function executionOdds({ lambda, mu, theta }: QueueRates, size: number): Float64Array[] {
  const odds: Float64Array[] = [];
  for (let position = 1; position <= size; position++) {
    const ahead = mu + (position - 1) * theta;
    const values = new Float64Array(MAX_QUEUE + 1);
    const known = (queue: number): number => ahead * (position === 1 ? 1 : odds[position - 2][queue]);
    const down = (queue: number): number => (queue === 0 ? 0 : mu + queue * theta);
    // The empty queue has lost: its own equation reads value = 0.
    solveQueue(
      values,
      (queue) => (queue === 0 ? 0 : lambda),
      down,
      (queue) => (queue === 0 ? 0 : known(queue)),
      ahead,
    );
    odds.push(values);
  }
  return odds;
}

/** The reading under which table 4 agrees with its own proposition: entry (bid, ask) = 1 - F(ask, bid). */
export function printedExecutionTable(execution: Float64Array, size: number): Float64Array {
  return execution.map((_, i) => 1 - execution[(i % size) * size + Math.floor(i / size)]);
}

/**
 * Table 5: chance that an order on each side, the last of `bid` and of `ask` orders, are both executed before
 * the mid moves (proposition 6). After the first execution the orders that had come in behind it are all that
 * holds the mid: their number is a queue that began empty, grows at lambda and shrinks at theta each.
 * Symmetric; row bid - 1, column ask - 1.
 */
export function oddsOfMakingSpread(rates: QueueRates, size: number): Float64Array {
  const { lambda, mu, theta } = rates;
  const execution = executionOdds(rates, size);
  // first[i][j] by the orders behind: this side, at position i, is executed first and the other one, at j,
  // too.
  const first: Float64Array[][] = [];
  for (let i = 1; i <= size; i++) {
    const row: Float64Array[] = [];
    for (let j = 1; j <= size; j++) {
      const own = mu + (i - 1) * theta;
      const other = mu + (j - 1) * theta;
      const ownNext = i === 1 ? execution[j - 1] : first[i - 2][j - 1];
      const values = new Float64Array(MAX_QUEUE + 1);
      const known = (behind: number): number =>
        own * ownNext[behind] + (j === 1 ? 0 : other * row[j - 2][behind]);
      solveQueue(
        values,
        () => lambda,
        (behind) => behind * theta,
        known,
        own + other,
      );
      row.push(values);
    }
    first.push(row);
  }
  const table = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) table[i * size + j] = first[i][j][0] + first[j][i][0];
  }
  return table;
}

type ByQueue = (queue: number) => number;

/**
 * Solves (up + down + leave) v[n] = up v[n+1] + down v[n-1] + known[n] for n = 0..MAX_QUEUE, where up and
 * down
 * may depend on n; the tridiagonal algorithm of Thomas. At the longest queue nothing grows.
 */
function solveQueue(values: Float64Array, up: ByQueue, down: ByQueue, known: ByQueue, leave: number): void {
  const last = values.length - 1;
  const ratio = new Float64Array(last + 1);
  for (let n = 0; n <= last; n++) {
    const grow = n < last ? up(n) : 0;
    const shrink = down(n);
    const pivot = grow + shrink + leave - (n > 0 ? shrink * ratio[n - 1] : 0);
    ratio[n] = grow / pivot;
    values[n] = (known(n) + (n > 0 ? shrink * values[n - 1] : 0)) / pivot;
  }
  for (let n = last - 1; n >= 0; n--) values[n] += ratio[n] * values[n + 1];
}
