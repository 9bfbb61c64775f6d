/**
 * Dashboards: the files are what the source gives, they keep the rules of Grafana's dashboard linter that
 * matter here, and metrics, panels and alerts are the same set of names.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARD_FOLDER, DASHBOARDS, dashboardFiles } from '../../monitoring/dashboards/all.js';
import { METRICS } from '../../src/ops/metrics.js';
import { alertQueries, dashboardQueries, metricsIn, runbookQueries } from './queries.js';

interface Drawn {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly expr: string;
    readonly legendFormat: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }[];
}

interface File {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: unknown;
      readonly refresh: number;
      readonly multi?: boolean;
      readonly allValue?: string;
    }[];
  };
  readonly links: readonly { readonly url: string }[];
  readonly panels: readonly Drawn[];
}

const files = new Map([...dashboardFiles()].map(([name, text]) => [name, JSON.parse(text) as File]));
const panelsOf = (file: File): Drawn[] => file.panels.filter(({ type }) => type !== 'row');

describe('the files of the dashboards', () => {
  it('are four, and what the source gives: make dashboards', () => {
    expect(files.size).toBe(4);
    expect(readdirSync(DASHBOARD_FOLDER).sort()).toEqual([...files.keys()].sort());
    for (const [name, text] of dashboardFiles())
      expect(
        readFileSync(join(DASHBOARD_FOLDER, name), 'utf8') === text,
        `${name}: run make dashboards`,
      ).toBe(true);
  });

  it('are given to Grafana with the source that they ask for', () => {
    const read = (path: string): any =>
      parse(readFileSync(join('monitoring/grafana/provisioning', path), 'utf8'));
    const [source, ...others] = read('datasources/prometheus.yml').datasources;
    expect(others).toEqual([]);
    expect(source).toMatchObject({ type: 'prometheus', isDefault: true });
    const scrapes = parse(readFileSync('monitoring/prometheus.yml', 'utf8')).global.scrape_interval;
    expect(source.jsonData.timeInterval).toBe(scrapes);
    expect(read('dashboards/mms.yml').providers).toMatchObject([
      { type: 'file', options: { path: '/var/lib/grafana/dashboards' } },
    ]);
  });
});

describe.each([...files])('%s', (_name, file) => {
  it('lets one choose source, job and instance, and cannot be edited in place', () => {
    const [source, job, instance] = file.templating.list;
    expect(file.templating.list).toHaveLength(3);
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const one of [job, instance])
      expect(one).toMatchObject({ type: 'query', multi: true, allValue: '.+', refresh: 2 });
    expect([job?.name, instance?.name]).toEqual(['job', 'instance']);
    expect(file.editable).toBe(false);
    expect(file.links.map(({ url }) => url)).toEqual(
      DASHBOARDS.filter(({ uid }) => uid !== file.uid).map(({ uid }) => `/d/${uid}`),
    );
  });

  it('has panels with a title, a description, a unit, a source and queries with names', () => {
    expect(panelsOf(file).length).toBeGreaterThan(6);
    for (const panel of panelsOf(file)) {
      expect(panel.title).toMatch(/^[A-Z]/);
      expect(panel.description, panel.title).toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults.unit, panel.title).toMatch(/./);
      expect(panel.datasource?.uid).toBe('${datasource}');
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
      for (const { expr, legendFormat, datasource } of panel.targets!) {
        expect(legendFormat, panel.title).toMatch(/./);
        expect(datasource.uid).toBe('${datasource}');
        expect(legendFormat.match(/\{\{(\w+)\}\}/g) ?? [], panel.title).toSatisfy((labels: string[]) =>
          labels.every((label) => isKept(label.slice(2, -2), expr)),
        );
      }
    }
  });

  it('asks for the chosen job and instance in every selector, and rates counters over the interval of the panel', () => {
    for (const { title, targets } of panelsOf(file)) {
      for (const { expr } of targets!) {
        const selectors = expr.match(/\b(mms_\w+|process_\w+|up)\{[^}]*\}/g) ?? [];
        expect(selectors.length, title).toBeGreaterThan(0);
        expect(metricsIn(expr).length + (/\bup\{/.test(expr) ? 1 : 0), title).toBe(selectors.length);
        for (const selector of selectors) expect(selector).toContain('{job=~"$job",instance=~"$instance"');
        for (const [, window] of expr.matchAll(/\brate\([^[]*\[([^\]]+)\]/g))
          expect([title, window]).toEqual([title, '$__rate_interval']);
        const plain = expr.replace(/\b(rate|increase)\([^()]*\)/g, '');
        for (const [counter] of plain.matchAll(/\w+_(total|bucket|count)\{/g))
          expect([title, counter]).toEqual([title, 'mms_result_hash_mismatch_total{']);
      }
    }
  });

  it('has ids of their own and panels that do not overlap', () => {
    expect(new Set(file.panels.map(({ id }) => id)).size).toBe(file.panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of file.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });
});

describe('the names of metrics', () => {
  const declared = Object.keys(METRICS);
  const asked = [...dashboardQueries(), ...alertQueries()].flatMap(({ expr }) => metricsIn(expr));

  it('are each asked for by a panel or an alert', () => {
    expect(declared.filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('are the only ones that panels, alerts and runbooks ask for', () => {
    const all = [...asked, ...runbookQueries().flatMap(({ expr }) => metricsIn(expr))];
    expect([...new Set(all)].filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('are each reported by the code, beside their declaration', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join('src', path), 'utf8'));
    const reported = sources.flatMap((text) =>
      [...text.matchAll(/'((mms|process)_[a-z_]+)'/g)].map(([, name]) => name),
    );
    expect(declared.filter((name) => !reported.includes(name))).toEqual([]);
    expect([...new Set(reported)].filter((name) => !declared.includes(name!))).toEqual([]);
  });
});

/** A label survives where nothing is added up, or where it is kept by name. */
function isKept(label: string, expr: string): boolean {
  if (!/\b(sum|max|min|avg)\b/.test(expr)) return true;
  return [...expr.matchAll(/\bby \(([^)]*)\)/g)].some(([, labels]) => labels!.split(', ').includes(label));
}
