/** The pages for people that the service itself writes: the front page and one page per problem. */
import type { FastifyInstance } from 'fastify';
import { MmsError, PROBLEMS } from '../../contract/problem.js';
import type { ProblemCode } from '../../contract/problem.js';
import { PROBLEM_TEXTS } from '../problem-texts.js';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { padding: .75rem 1rem; overflow-x: auto; border: 1px solid; border-radius: .5rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1.5rem .2rem 0; }
`;

export function pageRoutes(app: FastifyInstance, engineVersion: string): void {
  const hidden = { schema: { hide: true } };
  app.get('/style.css', hidden, (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  app.get('/', hidden, (request, reply) => {
    return reply.type('text/html; charset=utf-8').send(frontPage(`${request.headers.host}`, engineVersion));
  });
  app.get('/openapi.json', hidden, () => app.swagger());
  const schema = {
    tags: ['operation'],
    operationId: 'problem',
    summary: 'What a problem means and what to do (HTML)',
    params: { type: 'object', required: ['code'], properties: { code: { enum: Object.keys(PROBLEMS) } } },
    response: { 200: { description: 'A page.', content: { 'text/html': { schema: { type: 'string' } } } } },
  };
  app.get('/problems/:code', { schema }, (request, reply) => {
    const { code } = request.params as { code: string };
    if (!Object.hasOwn(PROBLEMS, code)) throw new MmsError('E_NOT_FOUND', 'No problem has this code.');
    return reply.type('text/html; charset=utf-8').send(problemPage(code as ProblemCode));
  });
}

function frontPage(host: string, version: string): string {
  const base = `http://${escape(host)}`;
  return page(
    'MMS',
    `<h1>MMS</h1>
<p>Market microstructure simulator, version ${escape(version)}.</p>
<pre>curl ${base}/v1/jobs -H 'content-type: application/json' -H 'prefer: wait=30' \\
  -d '{"kind":"market-making","seed":42}'</pre>
<ul>
<li><a href="/docs">API documentation</a> (<a href="/openapi.json">OpenAPI</a>)</li>
<li><a href="/v1/kinds">Job kinds</a>, <a href="/v1/jobs">jobs</a>, <a href="/v1/nodes">nodes</a></li>
<li><a href="/health/ready">Health</a>, <a href="/metrics">metrics</a></li>
</ul>`,
  );
}

function problemPage(code: ProblemCode): string {
  const { title, status, retryable, exit } = PROBLEMS[code];
  const { meaning, remedy } = PROBLEM_TEXTS[code];
  return page(
    title,
    `<h1>${escape(title)}</h1>
<p>${escape(meaning)}</p>
<p><strong>What to do:</strong> ${escape(remedy)}</p>
<table>
<tr><th scope="row">Code</th><td><code>${code}</code></td></tr>
<tr><th scope="row">HTTP status</th><td>${status}</td></tr>
<tr><th scope="row">Worth repeating unchanged</th><td>${retryable ? 'yes, later' : 'no'}</td></tr>
<tr><th scope="row">Exit code of the command line</th><td>${exit}</td></tr>
</table>`,
  );
}

/** A page of the service; `body` is HTML, `title` text. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><link rel="stylesheet" href="/style.css"></head>
<body>${body}</body></html>
`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
