/** The data-quality account of a feed file: what came, over which time, and what in it cannot be true. */

/** Reads one feed in pieces of any size; feed() and end() throw E_DATA on bytes that are not the format. */
export interface FeedReader {
  /** Takes the next bytes, which are only lent. */
  feed(chunk: Uint8Array): void;
  /** Takes the end of the file. */
  end(): void;
  account(): FeedAccount;
}

export interface FeedAccount {
  /** Name of the format. */
  readonly format: string;
  /** What a row is: message, row or line. */
  readonly rowsAre: string;
  readonly rows: number;
  readonly time: FeedTime | null;
  /** Message type -> count, types that did not occur left out. */
  readonly messages: Readonly<Record<string, number>>;
  readonly quality: FeedQuality;
  /** What else the format allows to check or count. */
  readonly details: Readonly<Record<string, number | string>>;
}

export interface FeedTime {
  /** 'hh:mm:ss.nnnnnnnnn' of a clock since midnight, otherwise UTC 'yyyy-mm-ddThh:mm:ss.nnnnnnnnnZ'. */
  readonly first: string;
  /** The latest, wherever it stands. */
  readonly last: string;
  readonly spanNs: number;
  /** Longest step of time from one row to the next. */
  readonly longestSilenceNs: number;
  /** The row after that silence, from 1; 0 when time never steps on. */
  readonly longestSilenceRow: number;
}

/** Counts of rows; null where the format cannot tell. */
export interface FeedQuality {
  /** Breaks in the sequence numbers. */
  readonly gaps: number | null;
  /** Rows earlier than the row before. */
  readonly outOfOrder: number | null;
  /** Rows after which the best bid is above the best ask. */
  readonly crossed: number | null;
  /** Rows after which the best bid equals the best ask. */
  readonly locked: number | null;
  /** Rows about an order that is not live. */
  readonly unknownIds: number | null;
  /** Rows that came twice or enter an order that is live already. */
  readonly duplicates: number | null;
  /** Rows that enter, trade or cancel nothing. */
  readonly zeroSizes: number | null;
  /** Rows that take more from an order than it has left. */
  readonly excessSizes: number | null;
}

/** The quality of a format that can tell nothing; the readers replace what theirs can. */
export const UNTOLD: FeedQuality = {
  gaps: null,
  outOfOrder: null,
  crossed: null,
  locked: null,
  unknownIds: null,
  duplicates: null,
  zeroSizes: null,
  excessSizes: null,
};

/** Follows the times of rows; seconds and nanoseconds apart, as epoch nanoseconds do not fit a double. */
export class FeedClock {
  outOfOrder = 0;
  private rows = 0;
  private firstS = 0;
  private firstNs = 0;
  private latestS = 0;
  private latestNs = 0;
  /** Nanoseconds since the first row. */
  private previousTNs = 0;
  private latestTNs = 0;
  private silenceNs = 0;
  private silenceRow = 0;
  private readonly epoch: boolean;

  /** `epoch`: seconds count from 1970 in UTC; otherwise from midnight in the market's own time. */
  constructor(epoch: boolean) {
    this.epoch = epoch;
  }

  /** Time of the next row in the order of the file; `row` counts from 1. */
  tick(seconds: number, ns: number, row: number): void {
    if (this.rows++ === 0) {
      this.firstS = this.latestS = seconds;
      this.firstNs = this.latestNs = ns;
    }
    const tNs = (seconds - this.firstS) * 1e9 + (ns - this.firstNs);
    if (tNs < this.previousTNs) this.outOfOrder++;
    if (tNs - this.previousTNs > this.silenceNs) {
      this.silenceNs = tNs - this.previousTNs;
      this.silenceRow = row;
    }
    this.previousTNs = tNs;
    if (tNs < this.latestTNs) return;
    this.latestTNs = tNs;
    this.latestS = seconds;
    this.latestNs = ns;
  }

  /** Null before the first row. */
  time(): FeedTime | null {
    if (this.rows === 0) return null;
    return {
      first: this.text(this.firstS, this.firstNs),
      last: this.text(this.latestS, this.latestNs),
      spanNs: this.latestTNs,
      longestSilenceNs: this.silenceNs,
      longestSilenceRow: this.silenceRow,
    };
  }

  private text(seconds: number, ns: number): string {
    const iso = new Date(seconds * 1000).toISOString().slice(0, 19);
    const fraction = String(ns).padStart(9, '0');
    return this.epoch ? `${iso}.${fraction}Z` : `${iso.slice(11)}.${fraction}`;
  }
}

/** Counts rows after which a book is crossed or locked. */
export class CrossCount {
  crossed = 0;
  locked = 0;

  /** `overlap` as LevelBook.overlap() gives it. */
  see(overlap: number): void {
    if (overlap > 0) this.crossed++;
    else if (overlap === 0) this.locked++;
  }
}
