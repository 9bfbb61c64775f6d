/**
 * Everything that must hold inside a fast book between two calls: lists, totals, bitmap, best prices, id
 * table, free lists, records of special orders, bounds. Returns the first fault in words, '' for none.
 */
import type { Book } from '../../src/core/book/book.js';
import * as c from '../../src/core/book/codes.js';
import { BEYOND } from '../../src/core/book/level-set.js';
import * as m from '../../src/core/book/memory.js';

const { EXTRA, EXTRA_WORDS, ID, LEVEL, PREV, PRICE, QTY, SPECIAL, UNSEEN } = m;

/** What the checks read of a book; all of it is protected. */
interface Inside {
  ordersLive: number;
  readonly maxOrders: number;
  readonly maxIds: number;
  readonly nodes: Int32Array;
  readonly nodeOf: Int32Array;
  readonly levels: { low: Int32Array; mid: Int32Array; top: Int32Array };
  readonly ticks: number;
  readonly baseTicks: number;
  readonly endTicks: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly farBuys: FarLevels;
  readonly farSells: FarLevels;
  readonly farFree: number;
  readonly farNodes: number;
  readonly free: number;
  readonly fresh: number;
  readonly extras: Int32Array;
  readonly expiries: Float64Array;
  readonly extraFree: number;
  readonly extraFresh: number;
  readonly stopsWaiting: number;
  readonly buyTrigger: number;
  readonly sellTrigger: number;
  readonly nextExpiryNs: number;
  readonly takerSelfTrade: number;
  readonly careful: number;
  readonly allocation: number;
  readonly leavingCount: number;
}

interface FarLevels {
  readonly count: number;
  readonly pricesTicks: Int32Array;
  readonly values: Int32Array;
}

class Fault extends Error {}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Fault(what);
}

export function faultOf(book: Book): string {
  const inside = book as unknown as Inside;
  try {
    checkFar(inside);
    const resting = checkLevels(inside);
    checkBest(inside, resting);
    checkBitmap(inside);
    checkNodes(inside, resting);
    checkRecords(inside, resting);
    checkIds(inside, resting);
    checkBounds(inside);
    return '';
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
}

/** Sentinels of the far levels. */
const farOf = (b: Inside): number[] =>
  [b.farBuys, b.farSells].flatMap(({ count, values }) => Array.from(values.subarray(0, count)));

/** Far levels lie in order on their side of the window, are in use and know their price; none was lost. */
function checkFar(b: Inside): void {
  must(b.endTicks === b.baseTicks + b.ticks && b.endTicks <= c.MAX_PRICE_TICKS + 1, `end ${b.endTicks}`);
  for (const [far, sign, end] of [
    [b.farBuys, 1, b.baseTicks],
    [b.farSells, -1, b.endTicks - 1],
  ] as const) {
    let last = -Infinity;
    for (let i = 0; i < far.count; i++) {
      const priceTicks = far.pricesTicks[i]!;
      must(sign * priceTicks > last && sign * priceTicks < sign * end, `far price ${priceTicks}: place`);
      must(b.nodes[far.values[i]! + PRICE] === priceTicks, `far price ${priceTicks}: level`);
      last = sign * priceTicks;
    }
  }
  const sentinels = farOf(b);
  for (const sentinel of sentinels) must(b.nodes[sentinel] !== sentinel, `far level ${sentinel} is empty`);
  for (let at = b.farFree; at !== 0; at = b.nodes[at + LEVEL]!) {
    must(b.nodes[at] === at && b.nodes[at + SPECIAL] === 0, `free far level ${at} is in use`);
    sentinels.push(at);
    must(sentinels.length <= b.farNodes, 'free far levels run in a circle');
  }
  must(new Set(sentinels).size === b.farNodes, `${sentinels.length} far levels, ${b.farNodes} nodes`);
  for (const at of sentinels) must(at >= b.ticks << 3 && at < b.fresh && at % 8 === 0, `far level ${at}`);
}

/** Every level's list and sums; returns the nodes of the resting orders. */
function checkLevels(b: Inside): Set<number> {
  const resting = new Set<number>();
  const window = Array.from({ length: b.ticks }, (_, level) => level << 3);
  for (const sentinel of [...window, ...farOf(b)]) {
    const level = sentinel >> 3;
    let [shown, unseen, special, hiddenMet] = [0, 0, 0, false];
    let last = sentinel;
    for (let node = b.nodes[sentinel]!; node !== sentinel; node = b.nodes[node]!) {
      must(node >= b.ticks << 3 && node < b.fresh && node % 8 === 0, `level ${level}: node ${node} is none`);
      must(!resting.has(node), `level ${level}: node ${node} stands twice`);
      resting.add(node);
      must(b.nodes[node + PREV] === last, `node ${node}: previous`);
      must(b.nodes[node + LEVEL] === sentinel, `node ${node}: level`);
      must(b.nodes[node + QTY]! > 0, `node ${node}: lots ${b.nodes[node + QTY]}`);
      must(b.nodeOf[b.nodes[node + ID]!] === node, `node ${node}: id ${b.nodes[node + ID]}`);
      const extra = b.nodes[node + EXTRA]!;
      const hidden = extra !== 0 && b.extras[extra + m.X_HIDDEN] === 1;
      must(hidden || !hiddenMet, `node ${node}: visible behind hidden`);
      hiddenMet = hidden;
      if (extra !== 0) special++;
      if (extra !== 0) unseen += b.extras[extra + m.X_RESERVE]!;
      if (hidden) unseen += b.nodes[node + QTY]!;
      else shown += b.nodes[node + QTY]!;
      last = node;
    }
    must(b.nodes[sentinel + PREV] === last, `level ${level}: last`);
    const sums = [b.nodes[sentinel + QTY], b.nodes[sentinel + UNSEEN], b.nodes[sentinel + SPECIAL]].join();
    must(sums === [shown, unseen, special].join(), `level ${level}: sums ${sums}`);
    must(shown + unseen <= c.MAX_LEVEL_LOTS, `level ${level}: too many lots`);
  }
  must(resting.size === b.ordersLive, `${resting.size} orders, ordersLive ${b.ordersLive}`);
  return resting;
}

const isUsed = (b: Inside, level: number): boolean => b.nodes[level << 3] !== level << 3;

/**
 * The best prices are the innermost ones, with nothing between them; buys lie below the window's end, sells
 * from its base on; orders of the window lie in it; special orders know their side.
 */
function checkBest(b: Inside, resting: ReadonlySet<number>): void {
  const { bidTicks, askTicks } = b;
  must(bidTicks < askTicks, 'crossed');
  must(bidTicks < b.endTicks && askTicks >= b.baseTicks, `best prices ${bidTicks}, ${askTicks}`);
  let [bid, ask] = [-1, BEYOND as number];
  for (const node of resting) {
    const sentinel = b.nodes[node + LEVEL]!;
    const priceTicks = b.nodes[sentinel + PRICE]!;
    if (priceTicks <= bidTicks) bid = Math.max(bid, priceTicks);
    else ask = Math.min(ask, priceTicks);
    const inWindow = priceTicks >= b.baseTicks && priceTicks < b.endTicks;
    must(inWindow === sentinel < b.ticks << 3, `node ${node}: sort of level`);
    must(!inWindow || sentinel === (priceTicks % b.ticks) << 3, `node ${node}: price ${priceTicks}`);
  }
  must(bid === bidTicks && ask === askTicks, `best prices ${bidTicks}, ${askTicks}; are ${bid}, ${ask}`);
  for (let extra = EXTRA_WORDS; extra < b.extraFresh; extra += EXTRA_WORDS) {
    const node = b.extras[extra + m.X_NODE]!;
    if (b.extras[extra] === c.NIL || node === 0) continue;
    const side = b.nodes[b.nodes[node + LEVEL]! + PRICE]! <= bidTicks ? c.BUY : c.SELL;
    must(b.extras[extra + m.X_SIDE] === side, `record ${extra}: side`);
  }
}

function checkBitmap(b: Inside): void {
  const { low, mid, top } = b.levels;
  const bit = (words: Int32Array, i: number): boolean => ((words[i >> 5]! >>> (i & 31)) & 1) === 1;
  for (let level = 0; level < b.ticks; level++) must(bit(low, level) === isUsed(b, level), `bit ${level}`);
  low.forEach((word, i) => must(bit(mid, i) === (word !== 0), `middle bit ${i}`));
  mid.forEach((word, i) => must(bit(top, i) === (word !== 0), `top bit ${i}`));
}

/** Every node behind the window rests, is free or is a far level. */
function checkNodes(b: Inside, resting: ReadonlySet<number>): void {
  const free = new Set<number>();
  for (let node = b.free; node !== 0; node = b.nodes[node]!) {
    must(node >= b.ticks << 3 && node < b.fresh && node % 8 === 0, `free node ${node} is none`);
    must(!free.has(node) && !resting.has(node), `free node ${node} is taken`);
    must(b.nodes[node + EXTRA] === 0, `free node ${node} has a record`);
    free.add(node);
  }
  must(8 * (free.size + resting.size + b.farNodes) === b.fresh - (b.ticks << 3), 'nodes were lost');
  must(b.fresh <= b.nodes.length, 'fresh nodes end');
}

/** Every record belongs to a resting or a waiting order or is free; pairs are mutual. */
function checkRecords(b: Inside, resting: ReadonlySet<number>): void {
  const x = b.extras;
  let free = 0;
  for (let extra = b.extraFree; extra !== 0; extra = x[extra + m.X_NODE]!) {
    must(x[extra] === c.NIL, `free record ${extra} has an id`);
    must(++free <= b.extraFresh, 'free records run in a circle');
  }
  let waiting = 0;
  for (let extra = EXTRA_WORDS; extra < b.extraFresh; extra += EXTRA_WORDS) {
    if (x[extra] === c.NIL) {
      free--;
      continue;
    }
    const id = x[extra]!;
    const node = x[extra + m.X_NODE]!;
    if (node === 0) {
      waiting++;
      must(b.nodeOf[id] === -extra, `stop order ${id}: id table`);
      const [side, trigger] = [x[extra + m.X_SIDE], x[extra + m.X_TRIGGER]!];
      must(side === c.BUY ? b.buyTrigger <= trigger : b.sellTrigger >= trigger, `stop order ${id}: trigger`);
    } else {
      must(resting.has(node) && b.nodes[node + EXTRA] === extra, `record ${extra}: node`);
      must(b.nodes[node + ID] === id, `record ${extra}: id`);
    }
    must(x[extra + m.X_RESERVE]! >= 0, `record ${extra}: reserve`);
    must(b.expiries[extra / EXTRA_WORDS]! >= b.nextExpiryNs, `record ${extra}: expiry`);
    const partner = x[extra + m.X_PARTNER]!;
    if (partner === c.NIL) continue;
    const at = b.nodeOf[partner]!;
    const other = at > 0 ? b.nodes[at + EXTRA]! : -at;
    must(other !== 0 && x[other + m.X_PARTNER] === id, `order ${id}: partner ${partner} is not its own`);
  }
  must(free === 0, 'free records were lost');
  must(waiting === b.stopsWaiting, `${waiting} stop orders, stopsWaiting ${b.stopsWaiting}`);
  must(b.leavingCount === 0, 'a partner was not cancelled');
  must(b.takerSelfTrade === c.SELF_TRADE_ALLOWED, 'self-trade prevention is still on');
  must(b.careful === (b.allocation === c.ALLOCATE_PRICE_TIME ? 0 : 2), `careful ${b.careful}`);
}

function checkIds(b: Inside, resting: ReadonlySet<number>): void {
  const used = b.nodeOf.filter((node) => node !== 0).length;
  must(used === resting.size + b.stopsWaiting, `${used} ids are in use`);
}

/** Arrays double, so that they end below twice their bound. */
function checkBounds(b: Inside): void {
  must(b.ordersLive <= b.maxOrders && b.stopsWaiting <= b.maxOrders, 'too many orders');
  must(b.baseTicks >= 0, `base ${b.baseTicks}`);
  must(b.nodeOf.length <= b.maxIds, `${b.nodeOf.length} ids`);
  must(b.nodes.length <= (b.ticks + Math.max(64, 4 * b.maxOrders)) << 3, `${b.nodes.length} words of nodes`);
  const records = b.extras.length / EXTRA_WORDS;
  must(records <= 4 * b.maxOrders + 4, `${records} records`);
}
