/** The page with the form for an API key, and what is told of a key that is none. */
import type { FastifyReply } from 'fastify';
import type { KeyRefusal } from '../ops/keyring.js';
import { escape, page } from './routes/pages.js';

export function refusalText(why: KeyRefusal): string {
  const came = { missing: 'none came', unknown: 'this one is unknown', expired: 'this one has expired' };
  const told = why === 'revoked' ? 'this one was revoked' : came[why];
  return `Expected a live API key; ${told}. Send "Authorization: Bearer mms_...", or set MMS_API_KEY for the command line.`;
}

interface LoginPage {
  /** Where to go afterwards. */
  readonly next?: string;
  /** What was wrong with the key that came. */
  readonly noKey?: KeyRefusal;
  /** Name of the key that the browser has already. */
  readonly name?: string;
}

export function sendLoginPage(
  reply: FastifyReply,
  status: number,
  { next = '/', noKey, name }: LoginPage,
): void {
  // With no-referrer a browser sends "Origin: null" with a form, as it does for a foreign page in a sandbox.
  void reply
    .code(status)
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      page(
        'MMS: API key',
        `<h1>API key</h1>
${noKey === undefined ? '' : `<p role="alert">${escape(refusalText(noKey).split('. ')[0]!)}.</p>\n`}${
          name === undefined
            ? `<form method="post" action="/login">
<input type="hidden" name="next" value="${escape(next)}">
<p><label>Key, as "mms key create" printed it<br><input name="key" type="password" size="60" required autofocus autocomplete="current-password"></label></p>
<p><button>Go on</button></p>
</form>`
            : `<p>This browser uses the key of ${escape(name)}. <a href="/">Go on</a></p>
<form method="post" action="/logout"><button>Forget it</button></form>`
        }`,
      ),
    );
}
