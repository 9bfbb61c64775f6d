/** Every PromQL query that the project gives out, where it stands, and what it needs to be asked. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../monitoring/dashboards/all.js';

export interface Query {
  readonly where: string;
  readonly expr: string;
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const RUNBOOKS = 'docs/runbooks';

export function alerts(): Alert[] {
  const { groups } = parse(readFileSync('monitoring/alerts.yml', 'utf8')) as { groups: { rules: Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

export function dashboardQueries(): Query[] {
  return DASHBOARDS.flatMap(({ uid, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries }) =>
        queries.map(({ expr, legend }) => ({ where: `${uid}, ${title}, ${legend}`, expr })),
      ),
    ),
  );
}

export function alertQueries(): Query[] {
  return alerts().map(({ alert, expr }) => ({ where: alert, expr }));
}

/** Each line of the blocks marked promql. */
export function runbookQueries(): Query[] {
  return readdirSync(RUNBOOKS).flatMap((name) => {
    const blocks = readFileSync(join(RUNBOOKS, name), 'utf8').matchAll(/```promql\n([^`]*)```/g);
    return [...blocks].flatMap(([, block]) =>
      block!
        .trim()
        .split('\n')
        .map((expr) => ({ where: name, expr })),
    );
  });
}

/** Names of metrics in a query, as the service declares them: without what a histogram adds. */
export function metricsIn(expr: string): string[] {
  const names = expr.match(/\b(mms|process)_[a-z_]*[a-z]\b/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

/** What Grafana fills in. `window` is that of rates, and the step of what looks back over other queries. */
export function filled(expr: string, window: string): string {
  return expr
    .replaceAll('"$job"', '"mms"')
    .replaceAll('"$instance"', '".+"')
    .replaceAll('$__rate_interval', window)
    .replaceAll('$__range', '1h')
    .replaceAll(':1m]', `:${window}]`);
}

/**
 * The query with the word bool after each comparison: the condition of an alert then has a series also while
 * it is not met, so that a name nobody reports is told from a service that is well.
 */
export function judged(expr: string): string {
  const parts = expr.split(/(\{[^}]*\}|"[^"]*")/);
  return parts
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/(==|!=|<=|>=|<|>)(?!\s*bool)/g, '$1 bool')))
    .join('');
}
