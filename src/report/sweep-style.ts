/** The style of a sweep's page, beside that of all pages. */
export const SWEEP_STYLE = `
:root { --band-fill: #0072b226; --hatch: #8894a0; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --band-fill: #56b4e930; } }
:root[data-theme=dark] { --band-fill: #56b4e930; }
.picks { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin: 8px 0 4px; font-size: .9rem; color: var(--muted); }
.picks label[hidden] { display: none; }
select { font: inherit; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 3px 6px; max-width: 46vw; }
.heat-scroll { overflow-x: auto; padding: 2px; }
table.heat { border-collapse: separate; border-spacing: 1px; width: 100%; table-layout: fixed; font-size: .78rem; }
table.heat caption { text-align: left; color: var(--muted); font-size: .85rem; padding: 4px 0; }
table.heat td { padding: 0; height: 17px; min-width: 12px; text-align: center; cursor: pointer; border-radius: 2px;
  font-weight: 550; overflow: hidden; }
table.heat.wide td { height: 30px; }
table.heat td.corner { cursor: default; }
table.heat td.none, .hatched { background: repeating-linear-gradient(45deg, var(--grid) 0 2px, transparent 2px 5px); }
table.heat td.failed, .hatched.failed { background: repeating-linear-gradient(45deg, var(--ask) 0 2px, transparent 2px 5px); }
table.heat td:hover { outline: 2px solid var(--muted); outline-offset: -1px; }
table.heat td.chosen { outline: 2.5px solid var(--text); outline-offset: -1px; }
table.heat td:focus-visible { outline: 3px solid var(--ask); outline-offset: -1px; }
table.heat th { color: var(--muted); font-weight: 400; white-space: nowrap; overflow: visible; position: relative; line-height: 1; }
table.heat th[scope=col] span { display: inline-block; margin: 0 -100px; }
table.heat th[scope=row] { width: 64px; text-align: right; padding: 0 6px 0 0; }
table.heat th[scope=row], table.heat td.corner { position: sticky; left: 0; background: var(--panel); }
table.heat th[scope=col] { height: 20px; vertical-align: top; padding-top: 3px; text-align: center; }
table.heat th .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.legend { display: inline-flex; flex-direction: column; width: 260px; max-width: 100%; }
.legend .ramp { width: 100%; } #sweep-legend { display: flex; justify-content: space-between; font-size: .78rem; }
.hatched { display: inline-block; width: 18px; height: 10px; border: 1px solid var(--line); vertical-align: middle; }
#sweep-readout { color: var(--text); min-height: 1.5em; margin: 8px 0 0; }
.slice { min-width: 0; } .panels > div { min-width: 0; }
@media (max-width: 600px) { table.heat th[scope=row] { width: 48px; } table.heat.wide:not(.few) td { font-size: 0; height: 22px; }
  table.heat th .unseen-narrow { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.heat { min-width: max(100%, calc(var(--columns) * 11px)); } }
`;
