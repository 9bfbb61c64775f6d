/** Bad requests: a table of them, each answered as problem+json with its code, never with a 5xx. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/contract/problem.js';
import type { Problem, ProblemCode } from '../../src/contract/problem.js';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

interface Row {
  readonly name: string;
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH' | 'OPTIONS';
  readonly url?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly code: ProblemCode;
  /** JSON pointer of the first fault. */
  readonly pointer?: string;
  readonly suggestion?: string;
}

const UNKNOWN_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const spec = (text: string): string => `{"kind":"market-making","spec":${text}}`;
const short = (members: object): string =>
  JSON.stringify({ ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'fixed', ...members });
const json = (name: string, body: string | Buffer, code: ProblemCode, more: Partial<Row> = {}): Row => ({
  name,
  body,
  code,
  ...more,
});

/** JSON that no number field takes. */
const NASTY = [
  ['null', 'null'],
  ['true', 'true'],
  ['text', '"7"'],
  ['empty text', '""'],
  ['a list', '[1]'],
  ['an object', '{"a":1}'],
  ['a text with a NUL', '"\\u0000"'],
] as const;
const NUMBER_FIELDS = [
  ['market-making', 'runs'],
  ['market-making', 'seriesPoints'],
  ['paths', 'paths'],
  ['paths', 'steps'],
  ['paths', 'horizonYr'],
  ['stat-arb', 'runs'],
  ['stat-arb', 'seriesPoints'],
  ['calibrate', 'tickSize'],
] as const;

const ROWS: readonly Row[] = [
  // Bodies that cannot be read.
  json('empty body', '', 'E_BODY'),
  json('spaces', '   ', 'E_BODY'),
  json('truncated', '{"kind":"market-making"', 'E_BODY'),
  json('trailing comma', '{"kind":"market-making",}', 'E_BODY'),
  json('not JSON', 'kind=market-making', 'E_BODY'),
  json('NaN', spec('{"runs":NaN}'), 'E_BODY'),
  json('Infinity', spec('{"runs":Infinity}'), 'E_BODY'),
  json('not UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), 'E_BODY'),
  json('null', 'null', 'E_BODY', { pointer: '' }),
  json('a list', '[]', 'E_BODY', { pointer: '' }),
  json('a string', '"market-making"', 'E_BODY', { pointer: '' }),
  json('a number', '42', 'E_BODY', { pointer: '' }),
  json('a member twice', '{"kind":"market-making","seed":1,"seed":1000000}', 'E_BODY', { pointer: '/seed' }),
  json('a nested member twice', spec('{"runs":1,"runs":2}'), 'E_BODY', { pointer: '/spec/runs' }),
  json('1e309', spec('{"runs":1e309}'), 'E_BODY', { pointer: '/spec/runs' }),
  json('an integer beyond 2^53', '{"kind":"market-making","seed":9007199254740993}', 'E_BODY', {
    pointer: '/seed',
  }),
  json('__proto__', spec('{"__proto__":{"runs":1}}'), 'E_BODY', { pointer: '/spec/__proto__' }),
  json('constructor', spec('{"constructor":1}'), 'E_BODY', { pointer: '/spec/constructor' }),
  json('half a surrogate pair', '{"kind":"\\ud800"}', 'E_BODY', { pointer: '/kind' }),
  json('17 levels', spec('['.repeat(17) + ']'.repeat(17)), 'E_BODY'),
  json('100,000 levels', '['.repeat(1e5) + ']'.repeat(1e5), 'E_BODY'),
  json('larger than the limit', spec(`"${'x'.repeat(1 << 20)}"`), 'E_TOO_LARGE'),

  // Media types.
  json('text', spec('{}'), 'E_MEDIA_TYPE', { headers: { 'content-type': 'text/plain' } }),
  json('form', 'kind=x', 'E_MEDIA_TYPE', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  json('multipart', 'x', 'E_MEDIA_TYPE', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  json('xml', '<a/>', 'E_MEDIA_TYPE', { headers: { 'content-type': 'application/xml' } }),
  json('a broken media type', '{}', 'E_MEDIA_TYPE', { headers: { 'content-type': 'json' } }),
  json('a compressed body', '{}', 'E_MEDIA_TYPE', { headers: { 'content-encoding': 'gzip' } }),
  { name: 'no body and no media type', method: 'POST', headers: {}, code: 'E_BODY' },

  // Full form.
  json('an empty object', '{}', 'E_SPEC', { pointer: '/kind' }),
  json('no kind', '{"spec":{}}', 'E_SPEC', { pointer: '/kind' }),
  json('a number as kind', '{"kind":1}', 'E_SPEC', { pointer: '/kind' }),
  json('an empty kind', '{"kind":""}', 'E_SPEC', { pointer: '/kind' }),
  json('an unknown kind', '{"kind":"market-maker"}', 'E_KIND', { pointer: '/kind' }),
  json('a path as kind', '{"kind":"../../etc/passwd"}', 'E_KIND', { pointer: '/kind' }),
  json('a kind of the prototype', '{"kind":"toString"}', 'E_KIND', { pointer: '/kind' }),
  json('a misspelt member', '{"kind":"market-making","sede":1}', 'E_SPEC', {
    pointer: '/sede',
    suggestion: 'seed',
  }),
  json('both forms', '{"kind":"market-making","ticker":"AAPL"}', 'E_SPEC', { pointer: '/ticker' }),
  json('a list as spec', spec('[]'), 'E_SPEC', { pointer: '/spec' }),
  json('null as spec', spec('null'), 'E_SPEC', { pointer: '/spec' }),
  json('text as spec', spec('"{}"'), 'E_SPEC', { pointer: '/spec' }),
  json('a negative seed', '{"kind":"market-making","seed":-1}', 'E_SPEC', { pointer: '/seed' }),
  json('a fraction as seed', '{"kind":"market-making","seed":0.5}', 'E_SPEC', { pointer: '/seed' }),
  json('text as seed', '{"kind":"market-making","seed":"1"}', 'E_SPEC', { pointer: '/seed' }),
  json('null as seed', '{"kind":"market-making","seed":null}', 'E_SPEC', { pointer: '/seed' }),
  json('a priority out of range', '{"kind":"market-making","priority":10}', 'E_SPEC', {
    pointer: '/priority',
  }),

  // The kind's own schema.
  json('an unknown key', spec('{"rums":1}'), 'E_SPEC', { pointer: '/spec/rums', suggestion: 'runs' }),
  json('a wrong type', spec('{"runs":"7"}'), 'E_SPEC', { pointer: '/spec/runs' }),
  json('a fraction of a run', spec('{"runs":1.5}'), 'E_SPEC', { pointer: '/spec/runs' }),
  json('no run', spec('{"runs":0}'), 'E_SPEC', { pointer: '/spec/runs' }),
  json('an unknown strategy', spec('{"strategy":{"type":"adptive"}}'), 'E_SPEC', {
    pointer: '/spec/strategy/type',
  }),
  json('a negative fee as text', spec('{"fees":{"makerBps":"-1"}}'), 'E_SPEC', {
    pointer: '/spec/fees/makerBps',
  }),
  json(
    'a file although no folder is open',
    spec('{"market":{"type":"replay","messages":"/etc/passwd","orderbook":"/etc/passwd"}}'),
    'E_DATA',
  ),

  // Each kind's own fields: values that JSON can hold and a field cannot.
  ...(['market-making', 'paths', 'stat-arb', 'calibrate', 'validate'] as const).flatMap((kind) =>
    NASTY.map(([name, value]) =>
      json(`${kind}: ${name} as an unknown field`, `{"kind":"${kind}","spec":{"zzz":${value}}}`, 'E_SPEC', {
        pointer: '/spec/zzz',
      }),
    ),
  ),
  ...NUMBER_FIELDS.flatMap(([kind, field]) =>
    NASTY.map(([name, value]) =>
      json(`${kind}: ${name} as ${field}`, `{"kind":"${kind}","spec":{"${field}":${value}}}`, 'E_SPEC', {
        pointer: `/spec/${field}`,
      }),
    ),
  ),
  json(
    '5,001 members',
    spec(`{${Array.from({ length: 5_001 }, (_, i) => `"k${i}":1`).join(',')}}`),
    'E_BODY',
    { pointer: '/spec' },
  ),
  json('5,000 empty lists', spec(`{"levels":[${'[],'.repeat(4_999)}[]]}`), 'E_SPEC'),
  json('65,537 lists', spec(`{"levels":[${'[],'.repeat(65_536)}1]}`), 'E_BODY'),
  json('a name of 100,000 characters', spec(`{"${'n'.repeat(1e5)}":1}`), 'E_SPEC'),
  json('a kind of 100,000 characters', `{"kind":"${'n'.repeat(1e5)}"}`, 'E_KIND', { pointer: '/kind' }),
  json(
    'a list of 100,000 where items must differ',
    `{"kind":"validate","spec":{"only":[${Array.from({ length: 1e5 }, (_, i) => i).join(',')}]}}`,
    'E_SPEC',
    { pointer: '/spec/only' },
  ),
  json('an escaped name twice', spec('{"runs":1,"\\u0072uns":2}'), 'E_BODY', { pointer: '/spec/runs' }),
  json('an escaped __proto__', spec('{"\\u005f_proto__":1}'), 'E_BODY', { pointer: '/spec/__proto__' }),
  json('-1e400', spec('{"runs":-1e400}'), 'E_BODY', { pointer: '/spec/runs' }),
  json('400 digits', spec(`{"runs":${'9'.repeat(400)}}`), 'E_BODY', { pointer: '/spec/runs' }),
  json('-0 as a count', spec('{"runs":-0}'), 'E_SPEC', { pointer: '/spec/runs' }),
  json('a byte-order mark alone', '\ufeff', 'E_BODY'),
  json('an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'E_BODY'),
  json('UTF-16', Buffer.from('{"kind":"paths"}', 'utf16le'), 'E_BODY'),
  json('two values', '{} {}', 'E_BODY'),
  json('a comment', '{"kind":"paths"/* */}', 'E_BODY'),
  json('single quotes', "{'kind':'paths'}", 'E_BODY'),
  json('hexadecimal', spec('{"runs":0x10}'), 'E_BODY'),
  json('a leading zero', spec('{"runs":01}'), 'E_BODY'),

  // Short form.
  json('short: only a ticker', '{"ticker":"AAPL"}', 'E_SPEC', { pointer: '/date' }),
  json('short: an unknown ticker', short({ ticker: 'AAPLE' }), 'E_SPEC', {
    pointer: '/ticker',
    suggestion: 'AAPL',
  }),
  json('short: a path as ticker', short({ ticker: '../default' }), 'E_SPEC', { pointer: '/ticker' }),
  json('short: a number as ticker', short({ ticker: 1 }), 'E_SPEC', { pointer: '/ticker' }),
  json('short: 30 February', short({ date: '2024-02-30' }), 'E_SPEC', { pointer: '/date' }),
  json('short: month 13', short({ date: '2024-13-01' }), 'E_SPEC', { pointer: '/date' }),
  json('short: another order', short({ date: '15.01.2024' }), 'E_SPEC', { pointer: '/date' }),
  json('short: a time', short({ date: '2024-01-15T00:00:00Z' }), 'E_SPEC', { pointer: '/date' }),
  json('short: an unknown strategy', short({ mm_strategy: 'grid' }), 'E_SPEC', { pointer: '/mm_strategy' }),
  json('short: an unknown arbitrage strategy', short({ arb_strategy: 'triangular' }), 'E_SPEC', {
    pointer: '/arb_strategy',
  }),
  json('short: a misspelt member', short({ tikcer: 'x' }), 'E_SPEC', {
    pointer: '/tikcer',
    suggestion: 'ticker',
  }),
  json('short: a seed too large', short({ seed: 2 ** 53 }), 'E_BODY', { pointer: '/seed' }),

  // Headers.
  json('an empty Idempotency-Key', spec('{}'), 'E_BODY', { headers: { 'idempotency-key': '' } }),
  json('a long Idempotency-Key', spec('{}'), 'E_BODY', { headers: { 'idempotency-key': 'x'.repeat(256) } }),
  json('spaces in the Idempotency-Key', spec('{}'), 'E_BODY', { headers: { 'idempotency-key': 'a b' } }),
  json('a foreign Host', spec('{}'), 'E_ORIGIN', { headers: { host: 'evil.example' } }),
  json('a foreign Origin', spec('{}'), 'E_ORIGIN', { headers: { origin: 'http://evil.example' } }),
  json('the null Origin', spec('{}'), 'E_ORIGIN', { headers: { origin: 'null' } }),
  json('a cross-site request', spec('{}'), 'E_ORIGIN', { headers: { 'sec-fetch-site': 'cross-site' } }),

  // Addresses and methods.
  { name: 'an unknown address', url: '/nothing', code: 'E_NOT_FOUND' },
  { name: 'a broken escape', url: '/status/%zz', code: 'E_NOT_FOUND' },
  { name: 'an unknown job', url: `/status/${UNKNOWN_ID}`, code: 'E_NOT_FOUND' },
  { name: 'a job id in small letters', url: `/status/${UNKNOWN_ID.toLowerCase()}`, code: 'E_NOT_FOUND' },
  { name: 'a path as job id', url: '/status/..%2F..%2Fetc%2Fpasswd', code: 'E_NOT_FOUND' },
  { name: 'a NUL in the job id', url: `/status/${UNKNOWN_ID.slice(1)}%00`, code: 'E_NOT_FOUND' },
  { name: 'SQL as job id', url: "/status/'%20OR%201=1--", code: 'E_NOT_FOUND' },
  { name: 'a very long job id', url: `/status/${'A'.repeat(5000)}`, code: 'E_NOT_FOUND' },
  {
    name: 'an event stream of an unknown job',
    url: `/status/${UNKNOWN_ID}`,
    headers: { accept: 'text/event-stream' },
    code: 'E_NOT_FOUND',
  },
  { name: 'the result of an unknown job', url: `/results/${UNKNOWN_ID}`, code: 'E_NOT_FOUND' },
  { name: 'a table of an unknown job', url: `/results/${UNKNOWN_ID}/fills.csv`, code: 'E_NOT_FOUND' },
  { name: 'an unknown form of a table', url: `/results/${UNKNOWN_ID}/fills.xls`, code: 'E_NOT_FOUND' },
  { name: 'the report of an unknown job', url: `/results/${UNKNOWN_ID}/report.html`, code: 'E_NOT_FOUND' },
  { name: 'an unknown kind by address', url: '/kinds/nothing', code: 'E_NOT_FOUND' },
  { name: 'an unknown problem', url: '/problems/E_NOTHING', code: 'E_NOT_FOUND' },
  { name: 'a problem of the prototype', url: '/problems/constructor', code: 'E_NOT_FOUND' },
  { name: 'a file outside the pages', url: '/docs/static/..%2f..%2fpackage.json', code: 'E_NOT_FOUND' },
  { name: 'cancelling an unknown job', method: 'DELETE', url: `/jobs/${UNKNOWN_ID}`, code: 'E_NOT_FOUND' },
  { name: 'cancelling no job', method: 'DELETE', url: '/jobs/x', code: 'E_NOT_FOUND' },
  {
    name: 'cancelling from a foreign page',
    method: 'DELETE',
    url: `/jobs/${UNKNOWN_ID}`,
    headers: { origin: 'http://evil.example' },
    code: 'E_ORIGIN',
  },
  { name: 'GET of /simulate', url: '/simulate', code: 'E_METHOD' },
  { name: 'PUT of /simulate', method: 'PUT', url: '/simulate', code: 'E_METHOD' },
  { name: 'POST to /jobs', method: 'POST', url: '/jobs', code: 'E_METHOD' },
  { name: 'PATCH of a job', method: 'PATCH', url: `/jobs/${UNKNOWN_ID}`, code: 'E_METHOD' },
  { name: 'DELETE of a result', method: 'DELETE', url: `/results/${UNKNOWN_ID}`, code: 'E_METHOD' },
  { name: 'POST to health', method: 'POST', url: '/health/live', code: 'E_METHOD' },
  {
    name: 'OPTIONS from a foreign page',
    method: 'OPTIONS',
    url: '/simulate',
    headers: { origin: 'http://evil.example' },
    code: 'E_METHOD',
  },

  // Queries.
  { name: 'an unknown state', url: '/jobs?state=lost', code: 'E_SPEC', pointer: '/state' },
  { name: 'a limit of 0', url: '/jobs?limit=0', code: 'E_SPEC', pointer: '/limit' },
  { name: 'a limit too large', url: '/jobs?limit=1001', code: 'E_SPEC', pointer: '/limit' },
  { name: 'text as limit', url: '/jobs?limit=ten', code: 'E_SPEC', pointer: '/limit' },
  { name: 'a limit twice', url: '/jobs?limit=1&limit=2', code: 'E_SPEC', pointer: '/limit' },
  {
    name: 'a misspelt filter',
    url: '/jobs?sate=done',
    code: 'E_SPEC',
    pointer: '/sate',
    suggestion: 'state',
  },
  { name: 'SQL as kind', url: "/jobs?kind=x'%20OR%201=1--", code: 'E_SPEC', pointer: '/kind' },
  { name: 'no job id as page', url: '/jobs?before=x', code: 'E_SPEC', pointer: '/before' },
  { name: 'a prototype as filter', url: '/jobs?__proto__=x', code: 'E_SPEC', pointer: '/__proto__' },
];

describe('a bad request', () => {
  it('is tried in at least 150 forms', () => expect(ROWS.length).toBeGreaterThanOrEqual(150));

  it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const { method = row.body === undefined ? 'GET' : 'POST', url = '/simulate' } = row;
    const answer = await api.app.inject({
      method,
      url,
      ...(row.body !== undefined && { payload: row.body }),
      headers: { ...(row.body !== undefined && { 'content-type': 'application/json' }), ...row.headers },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = answer.json<Problem>();
    expect(problem).toMatchObject({
      code: row.code,
      type: `/problems/${row.code}`,
      status: PROBLEMS[row.code].status,
    });
    expect(answer.statusCode).toBe(PROBLEMS[row.code].status);
    expect(answer.statusCode).toBeLessThan(500);
    expect(problem.detail.length).toBeGreaterThan(10);
    expect(problem.detail).not.toMatch(/node_modules|at \w+ \(|\/src\//);
    if (row.pointer !== undefined)
      expect(problem.errors?.map(({ pointer }) => pointer)).toContain(row.pointer);
    if (row.suggestion !== undefined) {
      expect(problem.errors?.map(({ suggestion }) => suggestion)).toContain(row.suggestion);
    }
    if (row.code === 'E_METHOD') expect(answer.headers['allow']).toMatch(/GET|POST|DELETE/);
  });

  it('says which media type and which size it takes', async () => {
    const post = (type: string, payload: string) =>
      api.app.inject({ method: 'POST', url: '/simulate', payload, headers: { 'content-type': type } });
    const form = (await post('application/x-www-form-urlencoded', '{}')).json<Problem>();
    expect(form.detail).toMatch(/Expected application\/json; got "application\/x-www-form-urlencoded"/);
    const large = (await post('application/json', ' '.repeat(1 << 21))).json<Problem>();
    expect(large.detail).toMatch(/^Expected a body of at most \d+ bytes/);
  });

  it('left no job behind and nothing unexpected in the log', async () => {
    expect((await api.app.inject('/jobs')).json<{ jobs: unknown[] }>().jobs).toEqual([]);
    expect(api.log).toEqual([]);
  });
});
