/** PromQL from the names that the service declares: one that it does not have does not compile. */
import type { METRICS, MetricName } from '../../src/ops/metrics.js';

type Of<Type> = { [N in MetricName]: (typeof METRICS)[N]['type'] extends Type ? N : never }[MetricName];
export type Counter = Of<'counter'>;
export type Histogram = Of<'histogram'>;

/** Whatever the dashboard's variables choose. */
const CHOSEN = 'job=~"$job",instance=~"$instance"';
/** At least four scrapes wide, as wide as a point of the panel: what Grafana fills in. */
const WINDOW = '$__rate_interval';

/** The chosen series of a metric; `matchers` as in PromQL. */
export function series(name: MetricName | 'up', matchers = ''): string {
  return `${name}{${CHOSEN}${matchers && `,${matchers}`}}`;
}

/** One series of a histogram. */
function part(name: Histogram, suffix: '_bucket' | '_sum' | '_count', matchers = ''): string {
  return `${name}${suffix}{${CHOSEN}${matchers && `,${matchers}`}}`;
}

function by(labels: string): string {
  return labels ? ` by (${labels})` : '';
}

/** Per second, over all chosen instances. */
export function rate(name: Counter, labels = '', matchers = ''): string {
  return `sum${by(labels)} (rate(${series(name, matchers)}[${WINDOW}]))`;
}

/** Observations of a histogram per second. */
export function countRate(name: Histogram, labels = '', matchers = ''): string {
  return `sum${by(labels)} (rate(${part(name, '_count', matchers)}[${WINDOW}]))`;
}

/** Over the time that the dashboard shows. */
export function increase(name: Counter, labels = '', matchers = ''): string {
  return `sum${by(labels)} (increase(${series(name, matchers)}[$__range]))`;
}

/** 0 to 1; what a histogram's buckets tell. */
export function quantile(q: number, name: Histogram, labels = ''): string {
  const buckets = `rate(${part(name, '_bucket')}[${WINDOW}])`;
  return `histogram_quantile(${q}, sum by (${['le', labels].filter(Boolean).join(', ')}) (${buckets}))`;
}

export function sum(name: MetricName, labels = '', matchers = ''): string {
  return `sum${by(labels)} (${series(name, matchers)})`;
}
