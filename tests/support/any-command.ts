/**
 * Every call that changes a book or a call auction, as one flat command: drawn at random, obeyed by any book,
 * and sent to the C++ twin as COMMAND_WORDS int32 words (native-bench/differential.cpp reads them).
 */
import { CallAuction } from '../../src/core/book/auction.js';
import { type EventSink, hashEvents } from '../../src/core/book/events.js';
import {
  ORDER_DEFAULTS,
  type OrderBook,
  type OrderRequest,
  type TradeSink,
} from '../../src/core/book/types.js';

export const OP_LIMIT = 0;
export const OP_MARKET = 1;
export const OP_CANCEL = 2;
export const OP_REPLACE = 3;
export const OP_SUBMIT = 4;
/** Reads ownerId. */
export const OP_CANCEL_OWNER = 5;
/** To expiryNs. */
export const OP_ADVANCE = 6;
/** The rule is `type`. */
export const OP_ALLOCATE = 7;
/** On unless `side` is 0. */
export const OP_HALT = 8;
/** From priceTicks to qtyLots. */
export const OP_BAND = 9;
export const OP_RESET = 10;
/** Added to an op: it goes to the call auction instead of the book (limit, market, cancel, submit, rules). */
export const CALL = 16;
/** The reference is priceTicks. */
export const OP_UNCROSS = 32;
/** The auction takes the book's resting orders over. */
export const OP_CALL_TAKE = 33;
/** What the auction still holds goes into the book; priceTicks is the price of the uncross. */
export const OP_CALL_MOVE = 34;

/** Ops use of the fields what they need. */
export interface AnyCommand extends OrderRequest {
  readonly op: number;
}

export function command(op: number, fields: Partial<OrderRequest> = {}): AnyCommand {
  return { ...ORDER_DEFAULTS, id: 0, side: 0, qtyLots: 0, ...fields, op };
}

export const COMMAND_WORDS = 16;

/** Commands one after another, as the C++ twin reads them. */
export class CommandBatch {
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.words = new Int32Array(size * COMMAND_WORDS);
    this.doubles = new Float64Array(this.words.buffer);
  }

  /** A copy of what was added since clear(). */
  bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer.slice(0, 4 * this.count * COMMAND_WORDS));
  }

  clear(): void {
    this.count = 0;
  }

  add(it: AnyCommand): void {
    const at = this.count++ * COMMAND_WORDS;
    const fields = [it.op, it.id, it.side, it.type, it.priceTicks, it.qtyLots, it.tif, it.displayLots];
    this.words.set(fields, at);
    this.words.set([it.ownerId, it.selfTrade, it.triggerTicks, it.partnerId], at + fields.length);
    this.doubles[at / 2 + 6] = it.expiryNs;
  }
}

const HASH_START = 2166136261 | 0;

function mix(h: number, value: number): number {
  const product = Math.imul(h ^ value, 16777619);
  return product ^ (product >>> 15);
}

/** Hashes every trade or every event that a book reports. */
export class Tape {
  hash = HASH_START;

  /** What to hand to the book. */
  get sink(): TradeSink | EventSink {
    return this.kind === 'trades' ? this.trades : this.events;
  }

  readonly trades: TradeSink = {
    onTrade: (...words: number[]) => {
      for (const word of words) this.hash = mix(this.hash, word);
    },
  };

  private readonly events: EventSink = {
    onEvents: (records, words) => {
      this.hash = hashEvents(this.hash, records, words);
    },
  };

  private readonly kind: 'trades' | 'events';

  constructor(kind: 'trades' | 'events') {
    this.kind = kind;
  }
}

/** A book and a call auction that obey commands, and the hashes of all they said. Twin: Player in C++. */
export class Player {
  book: OrderBook;
  answers = HASH_START;
  private readonly tape: Tape;
  private readonly callTape = new Tape('trades');
  private readonly auction = new CallAuction();

  constructor(tape: Tape, book: OrderBook) {
    this.tape = tape;
    this.book = book;
  }

  /** Obeys a command and returns its answer, 0 for those that have none. */
  play(it: AnyCommand): number {
    const answer = this.obey(it);
    this.answers = mix(this.answers, answer);
    return answer;
  }

  /** Hashes of all answers, of the state and of all that was reported; flush the book before. */
  hashes(): string {
    const reported = mix(this.tape.hash, this.callTape.hash);
    return `${this.answers >>> 0} ${this.book.stateHash()} ${reported >>> 0}`;
  }

  private obey(it: AnyCommand): number {
    const { book, auction } = this;
    if (it.op === OP_UNCROSS) return this.uncross(it.priceTicks);
    if (it.op === OP_CALL_TAKE) auction.takeFrom(book);
    else if (it.op === OP_CALL_MOVE) auction.moveTo(book, it.priceTicks);
    else return it.op >= CALL ? obeyCall(auction, it) : obey(book, it);
    return 0;
  }

  private uncross(referenceTicks: number): number {
    const { priceTicks, volumeLots, surplusLots } = this.auction.uncross(
      referenceTicks,
      this.callTape.trades,
    );
    this.answers = mix(mix(this.answers, volumeLots), surplusLots);
    return priceTicks;
  }
}

/** Gives a command to a call auction. */
function obeyCall(auction: CallAuction, it: AnyCommand): number {
  switch (it.op - CALL) {
    case OP_LIMIT:
      return auction.limit(it.id, it.side, it.priceTicks, it.qtyLots);
    case OP_MARKET:
      return auction.market(it.id, it.side, it.qtyLots);
    case OP_CANCEL:
      return auction.cancel(it.id);
    case OP_SUBMIT:
      return auction.submit(it);
    case OP_ADVANCE:
      return auction.advance(it.expiryNs);
    default:
      return setRule(auction, { ...it, op: it.op - CALL });
  }
}

/** Gives a command to a book; returns its answer, 0 for commands that have none. */
export function obey(book: OrderBook, it: AnyCommand): number {
  switch (it.op) {
    case OP_LIMIT:
      return book.limit(it.id, it.side, it.priceTicks, it.qtyLots, it.tif);
    case OP_MARKET:
      return book.market(it.id, it.side, it.qtyLots);
    case OP_CANCEL:
      return book.cancel(it.id);
    case OP_REPLACE:
      return book.replace(it.id, it.priceTicks, it.qtyLots);
    case OP_SUBMIT:
      return book.submit(it);
    case OP_CANCEL_OWNER:
      return book.cancelOwner(it.ownerId);
    case OP_ADVANCE:
      return book.advance(it.expiryNs);
    default:
      return setRule(book, it);
  }
}

/** Commands that a book and an auction obey alike. */
function setRule(on: OrderBook | CallAuction, it: AnyCommand): number {
  switch (it.op) {
    case OP_ALLOCATE:
      on.allocate(it.type);
      return 0;
    case OP_HALT:
      on.halt(it.side !== 0);
      return 0;
    case OP_BAND:
      on.band(it.priceTicks, it.qtyLots);
      return 0;
    case OP_RESET:
      on.reset();
      return 0;
    default:
      throw new Error(`unknown op ${it.op}`);
  }
}
