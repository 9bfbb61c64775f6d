/**
 * Counters, gauges and histograms by their labels, printed in the text format of Prometheus 0.0.4.
 *
 * A service counts several things for every job, so that finding a series is what costs: one look-up by the
 * label values, joined in the order of the declaration, and nothing when there are no labels. What is wrong
 * about labels is found when a series is new.
 */

export type Labels = Readonly<Record<string, string>>;

export interface MetricDecl {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds in the metric's unit, rising; every histogram says its own, the others have none. */
  readonly buckets?: readonly number[];
}

/** Numbers of one set of labels; `counts` holds one more than there are buckets, each on its own. */
interface Series {
  readonly labels: string;
  value: number;
  readonly counts: Float64Array;
}

/** All series of one metric. Without labels there is just one, which is 0 from the start. */
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

  /** Throws for a value that is not finite: the sum would stay so for ever. */
  observe(labels: Labels, value: number): void {
    if (!Number.isFinite(value)) throw new Error(`${this.name} cannot observe ${value}`);
    const series = this.#of(labels);
    const buckets = this.#buckets;
    let bucket = 0;
    while (bucket < buckets.length && value > buckets[bucket]!) bucket++;
    series.counts[bucket]!++;
    series.value += value;
  }

  clear(): void {
    this.#all.clear();
    if (this.#names.length === 0) this.#only = this.#make('', {});
  }

  text(): string {
    const lines = [`# HELP ${this.name} ${this.#decl.help}`, `# TYPE ${this.name} ${this.type}`];
    for (const series of this.#only ? [this.#only] : this.#all.values()) {
      if (this.type === 'histogram') this.#print(series, lines);
      else lines.push(`${this.name}${braced(series.labels)} ${shown(series.value)}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #print({ labels, value, counts }: Series, lines: string[]): void {
    let count = 0;
    for (const [bucket, inside] of counts.entries()) {
      count += inside;
      const le = `le="${shown(this.#buckets[bucket] ?? Infinity)}"`;
      lines.push(`${this.name}_bucket{${labels ? `${le},${labels}` : le}} ${count}`);
    }
    lines.push(`${this.name}_sum${braced(labels)} ${shown(value)}`);
    lines.push(`${this.name}_count${braced(labels)} ${count}`);
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
    const text = this.#names.map((name) => `${name}="${escaped(labels[name]!)}"`).join(',');
    const series = { labels: text, value: 0, counts: new Float64Array(this.#buckets.length + 1) };
    this.#all.set(key, series);
    return series;
  }
}

const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);
const shown = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : `${value}`;
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
