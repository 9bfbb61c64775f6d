/** The report's style sheet: two themes by variables, colours safe for the colour-blind, no external font. */

const LIGHT = `color-scheme: light; --page: #f4f6f8; --panel: #ffffff; --text: #16202a; --muted: #51606d; --grid: #e3e8ec;
--line: #d4dbe1; --bid: #0072b2; --ask: #c25700; --pnl: #007a5a; --inventory: #a8437f; --inventory-fill: #a8437f22;
--mid: #111111; --call: #0072b21f; --halt: #8894a033; --accent: #0b5c8f; --heat0: #e6f2ef; --heat1: #a9d8cf; --heat2: #4fa7ad; --heat3: #2c6390; --heat4: #2a2560;`;

const DARK = `color-scheme: dark; --page: #0d1217; --panel: #141b22; --text: #e8eef3; --muted: #9fb0bd; --grid: #232e38;
--line: #2b3843; --bid: #56b4e9; --ask: #e69f00; --pnl: #2bc79a; --inventory: #cc79a7; --inventory-fill: #cc79a722;
--mid: #ffffff; --call: #56b4e92b; --halt: #7a899652; --accent: #7cc4ef; --heat0: #17303a; --heat1: #1d5566; --heat2: #2a8a8c; --heat3: #7fc58a; --heat4: #f6f0a4;`;

export const STYLE = `
:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${DARK} } }
:root[data-theme=dark] { ${DARK} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI",
  Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1240px; margin: 0 auto; padding: 20px 20px 48px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; margin-bottom: 16px; }
h1 { font-size: 1.5rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.05rem; margin: 0; }
header p { margin: 0; color: var(--muted); }
header button { margin-left: auto; }
button { font: inherit; font-size: .88rem; color: var(--text); background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; padding: 3px 10px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.tiles { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; margin: 0 0 14px; }
.tiles > div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; min-width: 0; }
.tiles dt { color: var(--muted); font-size: .82rem; }
.tiles dd { margin: 0; font-size: 1.32rem; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
.tiles dd small { white-space: nowrap; font-size: .8rem; font-weight: 400; color: var(--muted); letter-spacing: 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; margin: 0 0 14px; }
.card > .head { display: flex; gap: 12px; align-items: center; flex-wrap: wrap; }
.card > .head button { margin-left: auto; }
.card p { margin: 2px 0 8px; color: var(--muted); font-size: .9rem; }
figure { margin: 0; }
.key { display: flex; flex-wrap: wrap; gap: 2px 16px; align-items: center; color: var(--muted); font-size: .85rem; margin: 6px 0 0; }
.band { display: inline-block; width: 18px; height: 10px; border: 1px solid var(--line); vertical-align: middle; }
.band.call { background: var(--call); } .band.halt { background: var(--halt); } .auction { color: var(--inventory); }
.buy { color: var(--bid); } .sell { color: var(--ask); }
.ramp { display: inline-block; width: 120px; height: 10px; border-radius: 3px; vertical-align: middle;
  background: linear-gradient(90deg, var(--heat0), var(--heat1), var(--heat2), var(--heat3), var(--heat4)); }
#depth-readout { margin-left: auto; color: var(--text); }
.scroll { overflow-x: auto; max-height: 420px; overflow-y: auto; margin-top: 8px; }
.scroll.whole { max-height: none; }
details { margin-top: 8px; } summary { cursor: pointer; color: var(--accent); font-size: .9rem; width: fit-content; }
table.data { border-collapse: collapse; font-size: .86rem; min-width: 100%; }
table.data th, table.data td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--grid); text-align: right; white-space: nowrap; }
table.data th { color: var(--muted); font-weight: 500; }
table.data th:first-child, table.data td:first-child, table.data .words { text-align: left; }
table.data .words { white-space: normal; min-width: 24ch; color: var(--muted); padding-right: 0; }
pre, code { font: .86rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: 6px 0 0; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.reproduce { display: block; user-select: all; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
  padding: 8px 10px; margin-top: 6px; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0 0; font-size: .9rem; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; overflow-wrap: anywhere; }
ul.notes { margin: 6px 0 0; padding-left: 20px; }
.uplot, .uplot *, .uplot *::before, .uplot *::after { font-family: inherit; }
.u-legend { font-size: .85rem; color: var(--text); text-align: left; }
.u-legend th { font-weight: 400; color: var(--muted); }
.u-legend .u-value { min-width: 4.5em; display: inline-block; }
.u-select { background: color-mix(in srgb, var(--accent) 18%, transparent); }
.u-hz .u-cursor-x, .u-hz .u-cursor-y, .u-vt .u-cursor-x, .u-vt .u-cursor-y { border-color: var(--muted); }
.plot { position: relative; height: 300px; margin: 14px 12px 26px 52px; font-size: 12px; color: var(--muted); }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.plot svg * { vector-effect: non-scaling-stroke; }
.plot .rule { stroke: var(--grid); } .plot .bar { fill: var(--bid); stroke: var(--bid); stroke-width: .5; }
.plot .interval { fill: none; stroke: var(--bid); stroke-width: 1.5; }
.plot .path { fill: none; stroke: var(--bid); opacity: .45; } .plot .mean { fill: none; stroke: var(--ask); stroke-width: 2.5; }
.plot span { position: absolute; } .plot .y { right: calc(100% + 8px); transform: translateY(50%); }
.plot .x { top: calc(100% + 4px); transform: translateX(-50%); }
.bars { display: grid; gap: 3px; margin: 6px 0 0; font-size: .9rem; }
.bars > div { display: grid; grid-template-columns: minmax(9ch, 18ch) 1fr minmax(20ch, max-content); gap: 12px; align-items: center; }
.bars dd { margin: 0; } .bars dd:last-child { text-align: right; white-space: nowrap; }
.bars svg { display: block; width: 100%; height: 20px; overflow: visible; } .bars svg * { vector-effect: non-scaling-stroke; }
.bars .gain { fill: var(--bid); } .bars .loss { fill: var(--ask); } .bars .nought { stroke: var(--muted); }
.bars .whisker { stroke: var(--text); stroke-width: 1.5; } .card p.next { margin-top: 12px; }
.panels { display: grid; grid-template-columns: 1fr; gap: 4px 24px; } h3 { font-size: .92rem; margin: 10px 0 0; }
.small .plot { height: 190px; } .plot .real { fill: none; stroke: var(--bid); stroke-width: 1.8; }
.plot .simulated { fill: none; stroke: var(--ask); stroke-width: 1.8; } .plot path.real, .plot path.simulated { stroke-width: 1; opacity: .7; }
.plot .zero { stroke: var(--muted); stroke-dasharray: 4 4; fill: none; }
.plot .edge { fill: none; stroke: var(--muted); stroke-dasharray: 7 5; stroke-width: 1; }
.plot .dot { fill: none; stroke-width: 8; stroke-linecap: round; } .plot .bought { stroke: var(--bid); }
.plot .sold { stroke: var(--ask); } .plot .closed { stroke: var(--muted); }
@media (min-width: 800px) { .panels { grid-template-columns: 1fr 1fr; } }
.flag { color: var(--ask); }
@media (min-width: 900px) { .tiles { grid-template-columns: repeat(4, 1fr); } }
@media (max-width: 600px) { main { padding: 12px 10px 32px; } .card { padding: 10px; } 
  #depth-readout { margin-left: 0; width: 100%; } table.data .words { min-width: 46ch; } .facts { grid-template-columns: 1fr; } }
@media print { header button, #reset-zoom { display: none; } .card { break-inside: avoid; } }
`;
