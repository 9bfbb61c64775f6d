/**
 * Counters, gauges and histograms by their labels, as prom-client's registry prints them.
 *
 * A service counts several things for every job, so that finding a series is what costs: one look-up by the
 * label values, joined in the order of the declaration, and nothing when there are no labels. What is wrong
 * about labels is found when a series is new. (prom-client's own metrics cost a job about 5 us.)
 */
import type { MetricObject, MetricValueWithName } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

export interface MetricDecl {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** All values that a label can have, or those that matter most, where they are known beforehand. */
  readonly known?: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds in the metric's unit, rising; every histogram says its own, the others have none. */
  readonly buckets?: readonly number[];
}

type Printed = MetricValueWithName<string>;

/** Numbers of one set of labels; `counts` holds one more than there are buckets, each on its own. */
interface Series {
  readonly labels: Labels;
  value: number;
  readonly counts: Float64Array;
}

/** All series of one metric, for a registry of prom-client. Without labels there is one, 0 from the start. */
export class Metric {
  readonly name: string;
  readonly type: MetricDecl['type'];
  readonly #decl: MetricDecl;
  readonly #names: readonly string[];
  readonly #buckets: readonly number[];
  readonly #all = new Map<string, Series>();
  #only: Series | null = null;

  constructor(name: string, decl: MetricDecl) {
    this.name = name;
    this.type = decl.type;
    this.#decl = decl;
    this.#names = decl.labels ?? [];
    this.#buckets = decl.buckets ?? [];
    if ((decl.type === 'histogram') !== this.#buckets.length > 0)
      throw new Error(`The ${decl.type} ${name} declares ${this.#buckets.length} buckets`);
    this.clear();
  }

  /** Throws for a negative or non-finite `by`: a counter that falls is read as a restart. */
  add(labels: Labels, by: number): void {
    if (!(by >= 0 && by < Infinity)) throw new Error(`${this.name} cannot rise by ${by}`);
    this.#of(labels).value += by;
  }

  set(labels: Labels, value: number): void {
    this.#of(labels).value = value;
  }

  /** Counts `times` observations. Throws for a value that is not finite: the sum would stay so for ever. */
  observe(labels: Labels, value: number, times: number): void {
    if (!Number.isFinite(value)) throw new Error(`${this.name} cannot observe ${value}`);
    const series = this.#of(labels);
    const buckets = this.#buckets;
    let bucket = 0;
    while (bucket < buckets.length && value > buckets[bucket]!) bucket++;
    series.counts[bucket]! += times;
    series.value += times * value;
  }

  clear(): void {
    this.#all.clear();
    if (this.#names.length === 0) this.#only = this.#make('', {});
  }

  /** Makes the series of all combinations of label values, if each label's are declared or in `known`. */
  begin(known: Readonly<Record<string, readonly string[]>>): void {
    if (this.type === 'gauge') return;
    let all: Labels[] = [{}];
    for (const name of this.#names) {
      const values = this.#decl.known?.[name] ?? known[name] ?? [];
      all = all.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })));
    }
    for (const labels of all) this.#of(labels);
  }

  /** What prom-client asks of a metric when it prints. */
  get(): Promise<Omit<MetricObject, 'collect'> & { readonly values: Printed[] }> {
    const { name, type } = this;
    const all = this.#only ? [this.#only] : [...this.#all.values()];
    const values =
      type === 'histogram'
        ? all.flatMap((series) => this.#cumulated(series))
        : all.map(({ labels, value }): Printed => ({ metricName: name, labels, value }));
    // prom-client's MetricType is an enum of these words that exists for the compiler alone.
    const sort = type as unknown as MetricObject['type'];
    return Promise.resolve({ name, help: this.#decl.help, type: sort, aggregator: 'sum', values });
  }

  #cumulated({ labels, value, counts }: Series): Printed[] {
    let count = 0;
    const buckets = Array.from(counts, (inside, bucket): Printed => {
      count += inside;
      const le = `${this.#buckets[bucket] ?? '+Inf'}`;
      return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }

  #of(labels: Labels): Series {
    if (this.#only) return this.#only;
    const names = this.#names;
    let key = labels[names[0]!]!;
    for (let i = 1; i < names.length; i++) key += `\n${labels[names[i]!]}`;
    return this.#all.get(key) ?? this.#make(key, labels);
  }

  #make(key: string, labels: Labels): Series {
    const came = Object.keys(labels);
    if (came.length !== this.#names.length || this.#names.some((name) => labels[name] === undefined)) {
      const expected = this.#names.join(', ') || 'none';
      throw new Error(
        `${this.name} has other labels: expected ${expected}; got ${came.join(', ') || 'none'}`,
      );
    }
    const series = { labels: { ...labels }, value: 0, counts: new Float64Array(this.#buckets.length + 1) };
    this.#all.set(key, series);
    return series;
  }
}
