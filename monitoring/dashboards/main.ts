/** Writes the files of all dashboards; run from the root of the project by `make dashboards`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARD_FOLDER, dashboardFiles } from './all.js';

mkdirSync(DASHBOARD_FOLDER, { recursive: true });
for (const [name, text] of dashboardFiles()) writeFileSync(join(DASHBOARD_FOLDER, name), text);
