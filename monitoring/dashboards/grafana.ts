/** Dashboards as MMS speaks of them, made into the JSON that Grafana reads (its schema version 39). */

/** Grafana's names of units; everything is in base units. */
export type Unit =
  | 'short'
  | 's'
  | 'bytes'
  | 'percentunit'
  | 'ops'
  | 'reqps'
  | 'Bps'
  | 'dateTimeFromNow'
  | 'bool_yes_no'
  | 'none';

export interface Query {
  readonly expr: string;
  /** Name of each line; {{label}} is filled in. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What a reader should make of it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** A number or, by default, lines over time. */
  readonly as?: 'stat' | 'lines' | 'stacked';
  /** Shows the legend instead of the value: for labels that say something. */
  readonly showName?: boolean;
  /** From these values on it is yellow and red; with `isLowBad` below them. */
  readonly yellow?: number;
  readonly red?: number;
  readonly isLowBad?: boolean;
  readonly max?: number;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Also the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;

/** The whole file of one dashboard. Ids and places follow from the order of the panels. */
export function toGrafana(dashboard: Dashboard, others: readonly Dashboard[]): object {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: ['mms'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'utc',
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: variables() },
    links: others.map(({ uid, title }) => ({
      type: 'link',
      title,
      url: `/d/${uid}`,
      icon: 'dashboard',
      tooltip: '',
      tags: [],
      asDropdown: false,
      targetBlank: false,
      includeVars: true,
      keepTime: true,
    })),
    panels: placed(dashboard.rows),
  };
}

function variables(): object[] {
  const source = {
    type: 'datasource',
    name: 'datasource',
    label: 'Data source',
    query: 'prometheus',
    refresh: 1,
  };
  const values = (name: string, label: string, query: string): object => ({
    type: 'query',
    name,
    label,
    datasource: DATASOURCE,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { text: 'All', value: '$__all' },
  });
  return [
    source,
    values('job', 'Job', 'label_values(mms_build_info, job)'),
    values('instance', 'Instance', 'label_values(mms_build_info{job=~"$job"}, instance)'),
  ];
}

function placed(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: WIDTH, h: 1 },
    });
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      const [w, h] = panel.as === 'stat' ? [4, 4] : [8, 8];
      if (x + w > WIDTH) {
        y += height;
        x = height = 0;
      }
      panels.push({ id: panels.length + 1, ...drawn(panel), gridPos: { x, y, w, h } });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
}

function drawn(panel: Panel): object {
  const { title, description, unit, queries, as = 'lines', showName = false, max } = panel;
  const isStat = as === 'stat';
  const defaults = {
    unit,
    ...(isStat ? {} : { min: 0 }),
    ...(max !== undefined && { max }),
    color: { mode: isStat ? 'thresholds' : 'palette-classic' },
    thresholds: { mode: 'absolute', steps: steps(panel) },
    ...(!isStat && { custom: lines(as === 'stacked') }),
  };
  return {
    type: isStat ? 'stat' : 'timeseries',
    title,
    description,
    datasource: DATASOURCE,
    fieldConfig: { defaults, overrides: [] },
    options: isStat
      ? {
          reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
          colorMode: 'value',
          graphMode: showName ? 'none' : 'area',
          textMode: showName ? 'name' : 'auto',
          justifyMode: 'auto',
          orientation: 'auto',
          wideLayout: true,
          showPercentChange: false,
          percentChangeColorMode: 'standard',
        }
      : {
          legend: {
            showLegend: true,
            displayMode: 'table',
            placement: 'bottom',
            calcs: ['lastNotNull', 'max'],
          },
          tooltip: { mode: 'multi', sort: 'desc' },
        },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      range: !isStat,
      instant: isStat,
    })),
  };
}

function lines(isStacked: boolean): object {
  const stacking = { mode: isStacked ? 'normal' : 'none', group: 'A' };
  return { drawStyle: 'line', lineWidth: 1, fillOpacity: isStacked ? 30 : 10, showPoints: 'never', stacking };
}

/** Grafana colours from each value upwards; the first has none. */
function steps({ yellow, red, isLowBad = false }: Panel): object[] {
  const marks = [
    ...(yellow === undefined ? [] : [{ at: yellow, color: 'yellow' }]),
    ...(red === undefined ? [] : [{ at: red, color: 'red' }]),
  ].sort((a, b) => a.at - b.at);
  const colors = isLowBad
    ? [...marks.map(({ color }) => color), 'green']
    : ['green', ...marks.map(({ color }) => color)];
  return colors.map((color, i) => ({ color, value: i === 0 ? null : marks[i - 1]!.at }));
}
