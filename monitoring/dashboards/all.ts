/** The four dashboards, and the files that Grafana is given: `make dashboards` writes them. */
import { capacity } from './capacity.js';
import { data } from './data.js';
import { toGrafana, type Dashboard } from './grafana.js';
import { overview } from './overview.js';
import { simulation } from './simulation.js';

/** The first is Grafana's home page. */
export const DASHBOARDS: readonly Dashboard[] = [overview, capacity, simulation, data];

/** Folder of the files, from the root of the project. */
export const DASHBOARD_FOLDER = 'monitoring/grafana/dashboards';

/** Name of each file and its text. */
export function dashboardFiles(): Map<string, string> {
  return new Map(
    DASHBOARDS.map((dashboard) => {
      const others = DASHBOARDS.filter((other) => other !== dashboard);
      return [`${dashboard.uid}.json`, `${JSON.stringify(toGrafana(dashboard, others), null, 2)}\n`];
    }),
  );
}
