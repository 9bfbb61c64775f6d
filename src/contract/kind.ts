/**
 * A job kind: one folder that says everything about itself. defineKind only types the object; it has no
 * behaviour.
 */
import type { Table, TableDecl } from './columns.js';

/**
 * Files that a spec names. The submitting side reads them with `importer`; threads get `tables`, never paths.
 */
export interface InputRef {
  /** Key under which run() finds the tables. */
  readonly name: string;
  /** Reader in src/data that turns the files into tables. */
  readonly importer: string;
  /** Role of each file for the importer, e.g. { messages: 'a.csv.gz', orderbook: 'b.csv.gz' }. */
  readonly files: Readonly<Record<string, string>>;
  /** Content of files that the spec itself holds, by role; these are not opened, `files` only names them. */
  readonly texts?: Readonly<Record<string, string>>;
  /** JSON pointer of each file inside the spec, so that an error can name the field. */
  readonly pointers: Readonly<Record<string, string>>;
}

/**
 * Tables that an importer made from files; `digest` (sha256 hex of the raw frames) stands for them in the job
 * key.
 */
export interface InputData {
  readonly digest: string;
  readonly tables: readonly Table[];
  /** What the importer noticed, told in the result: counts, gaps, what was re-seeded. */
  readonly notes: readonly string[];
}

/**
 * Estimate made before anything is allocated. One step is one event, one price step, one row. Times are those
 * of a machine that takes 5 ms for the loop of tests/kinds/costs/reference.ts: see `make costs`.
 */
export interface Cost {
  /** Steps of one unit (mean over units). */
  readonly stepsPerUnit: number;
  /** Nanoseconds of one step on one core of an ordinary machine; the node's measured speed replaces it. */
  readonly nsPerStep: number;
  /** Bytes of the whole result. */
  readonly resultBytes: number;
  /** Peak bytes of one chunk inside a thread. */
  readonly threadBytes: number;
}

/**
 * One headline number of a result. `standardError` is null where the number is exact or has a single sample.
 */
export interface Metric {
  readonly name: string;
  readonly value: number | null;
  readonly standardError: number | null;
  readonly unit: string;
  readonly meaning: string;
  /** Ends of the 95 % interval where the error is known. */
  readonly interval?: readonly [low: number, high: number];
  /** Why the number or its error must not be trusted: what is too small. Absent where nothing is. */
  readonly flag?: string;
}

/** A small text that a result carries beside its tables, such as a fitted market. */
export interface Document {
  /** File name, letters, digits, dots and dashes. */
  readonly name: string;
  readonly text: string;
}

export interface Summary {
  readonly metrics: readonly Metric[];
  /** Absent where a kind makes none. */
  readonly documents?: readonly Document[];
  /** Sentences a reader must know: what was re-seeded, truncated, approximated. */
  readonly notes: readonly string[];
}

export interface Example {
  readonly title: string;
  readonly spec: unknown;
  readonly seed: number;
  /** Digest that this spec and seed must give (sha256 hex). */
  readonly digest: string;
}

/**
 * `run` lives in run.ts beside index.ts and is loaded by threads alone. Its tables are concatenated in unit
 * order by wire/settle: a row belongs to a unit, so the result cannot depend on chunks, threads or nodes.
 */
export interface Kind<Spec = unknown> {
  /** Equal to the folder's name: kebab-case. */
  readonly name: string;
  /** Raised by any change that changes the bytes of a result; part of the cache key. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /**
   * JSON Schema (made with TypeBox): additionalProperties false everywhere, defaults, units in the
   * descriptions.
   */
  readonly schema: object;
  /** Independent units (a run, a block of paths, a day); chunks are ranges of units. */
  units(spec: Spec): number;
  cost(spec: Spec): Cost;
  /** Integer field of the spec that makes a job larger; a refused one is told the largest value allowed. */
  readonly sizeField?: keyof Spec & string;
  /** Files that the spec names; absent where a kind reads none. */
  inputs?(spec: Spec): readonly InputRef[];
  /** Faults that a schema cannot express, as [pointer, what was expected]; empty when the spec is sound. */
  faults?(spec: Spec): readonly { pointer: string; message: string }[];
  /** Faults that show only beside the files, judged once they were read. */
  inputFaults?(
    spec: Spec,
    inputs: Readonly<Record<string, InputData>>,
  ): readonly { pointer: string; message: string }[];
  /** Tables of the result in frame order. */
  readonly tables: readonly TableDecl[];
  /** Tables of a chunk where they are not those of the result: `reduce` makes the one of the other. */
  readonly partials?: readonly TableDecl[];
  /**
   * Makes the result's tables of the partial ones, concatenated in unit order: for results that must not grow
   * with the number of units. Pure, and what it adds up it adds in unit order.
   */
  reduce?(spec: Spec, partials: readonly Table[]): Table[];
  /** Pure function of the result's tables. */
  summarise(spec: Spec, tables: readonly Table[], inputs: Readonly<Record<string, InputData>>): Summary;
  /** The metric that sweeps rank by unless told; absent: the first of the summary, the largest being best. */
  readonly score?: { readonly name: string; readonly sense: 'max' | 'min' };
  readonly examples: readonly Example[];
  /** True: the folder has a watch.ts, which shows its first unit as it goes. */
  readonly watch?: true;
}

/** What a thread is asked to do: units from..to-1 of a job. run() must not change spec or inputs. */
export interface ChunkTask<Spec = unknown> {
  readonly spec: Spec;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly inputs: Readonly<Record<string, readonly Table[]>>;
  /** Slots as in core/control.ts; the memory is shared with the node's main thread. */
  readonly control: Int32Array;
}

/** A moment of a run that is watched: others' depth, best level first, own quotes and account. */
export interface BookFrame {
  /** Nanoseconds since the run's start. */
  readonly tNs: number;
  /** [ticks, lots] of each level without own orders. */
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  /** -1 when none rests. */
  readonly ownBidTicks: number;
  readonly ownAskTicks: number;
  readonly inventoryLots: number;
  /** In currency, after fees, inventory at the mid. */
  readonly pnl: number;
  readonly feesPaid: number;
  /** Own fills since the frame before. */
  readonly fills: readonly BookFill[];
}

export interface BookFill {
  readonly tNs: number;
  /** 0 bought, 1 sold. */
  readonly side: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** In currency; negative is a rebate. */
  readonly fee: number;
}

/** How a run is looked at: every intervalNs of simulated time, `levels` of a side. */
export interface BookLook {
  readonly intervalNs: number;
  readonly levels: number;
  show(frame: BookFrame): void;
}

/** Runs unit task.from and shows it; its last frame is that of the end. False when control asked to stop. */
export type Watch<Spec = unknown> = (task: ChunkTask<Spec>, look: BookLook) => boolean;

/** Tables in the kind's declared order, or null when control asked to stop. */
export type Run<Spec = unknown> = (task: ChunkTask<Spec>) => Table[] | null;

export function defineKind<Spec>(kind: Kind<Spec>): Kind<Spec> {
  return kind;
}
