/** The page at /jobs/:id/watch, which shows the book of a run as it goes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { ServerParts } from '../parts.js';
import { idOf } from '../view.js';
import { watchableOf } from './book.js';

const STYLE = `
.ladders { display: flex; flex-wrap: wrap; gap: 2rem; } caption { text-align: left; font-weight: 600; }
canvas { width: 100%; height: 10rem; border: 1px solid; color: #009e73; }
#bids { color: #0072b2; } #asks { color: #b35900; } tr.own { font-weight: 700; } tr.own td:last-child::after { content: " +own"; }
td { font-variant-numeric: tabular-nums; text-align: right; }
@media (prefers-color-scheme: dark) { #bids { color: #56b4e9; } #asks { color: #e69f00; } }
dl { display: grid; grid-template-columns: max-content auto; gap: 0 1rem; } dd { margin: 0; }
`;

export function watchRoutes(app: FastifyInstance, parts: ServerParts): void {
  const hidden = { schema: { hide: true } };
  const script = readFileSync(builtScript(), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/g, '');
  app.get('/watch.css', hidden, (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  app.get('/watch.js', hidden, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  );
  app.get('/jobs/:id/watch', hidden, async (request, reply) => {
    const id = idOf(request);
    // What cannot be watched is told before a page is.
    await watchableOf(id, parts);
    return reply.type('text/html; charset=utf-8').send(page(id));
  });
}

/** A browser reads JavaScript only, so a test that runs from src takes the script from the build. */
function builtScript(): string {
  const here = fileURLToPath(new URL('../page/watch.js', import.meta.url));
  return here.replace(/([\\/])src([\\/]api[\\/]page[\\/])/, '$1dist$2');
}

function page(id: string): string {
  const speeds = [1, 10, 60, 600].map(
    (speed) => `<option value="${speed}"${speed === 60 ? ' selected' : ''}>${speed} ×</option>`,
  );
  const side = (name: string, title: string): string =>
    `<table id="${name}"><caption>${title}</caption><thead><tr><th scope="col">ticks</th><th scope="col">lots</th></tr></thead>` +
    '<tbody></tbody></table>';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Book of ${id}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="/watch.css">
<script type="module" src="/watch.js"></script></head>
<body><h1>Book of a run</h1>
<p>The first run of job <a href="/v1/jobs/${id}">${id}</a>, drawn once more. <span id="state" role="status"></span></p>
<p><label>Speed <select id="speed">${speeds.join('')}</select></label></p>
<canvas width="720" height="200" role="img" aria-label="Line of the mid price; the tables below have the prices"></canvas>
<div class="ladders">${side('bids', 'Bids')}${side('asks', 'Asks')}
<dl><dt>Simulated time</dt><dd id="time"></dd><dt>Inventory</dt><dd id="inventory"></dd><dt>PnL</dt><dd id="pnl"></dd>
<dt>Own fills</dt><dd id="fills"></dd></dl></div>
</body></html>
`;
}
