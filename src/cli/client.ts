/** Talks to a running service over HTTP; every failure becomes an MmsError with what the service told. */
import type { JobView } from '../contract/job.js';
import { MmsError, PROBLEMS, type Problem, type ProblemCode } from '../contract/problem.js';

export const DEFAULT_SERVER = 'http://127.0.0.1:8080';

/** A job as the service answers it. */
export type RemoteJob = JobView & { readonly links?: Readonly<Record<string, string>> };

export interface Client {
  readonly server: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

/** `server` is an http or https address; a wrong one throws E_SPEC. */
export function createClient(server: string): Client {
  if (!/^https?:\/\/[^/\s]+/.test(server) || !URL.canParse(server)) {
    throw new MmsError('E_SPEC', `--server: Expected an address like ${DEFAULT_SERVER}; got "${server}".`);
  }
  const base = server.replace(/\/+$/, '');
  const call = async <T>(method: string, path: string, init: RequestInit = {}): Promise<T> => {
    let response: Response;
    try {
      response = await fetch(base + path, {
        method,
        ...init,
        headers: { accept: 'application/json', ...init.headers },
      });
    } catch (error) {
      const why = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      throw new MmsError(
        'E_UNREACHABLE',
        `No service answers at ${base} (${why}). Start one with "mms serve", or name another by --server or MMS_SERVER.`,
      );
    }
    const body = await response.text();
    if (!response.ok) throw problemOf(base, response, body);
    return parseAnswer<T>(base, body);
  };
  return {
    server: base,
    get: (path) => call('GET', path),
    post: (path, body, headers = {}) =>
      call('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    delete: (path) => call('DELETE', path),
  };
}

function parseAnswer<T>(base: string, body: string): T {
  try {
    return JSON.parse(body) as T;
  } catch {
    throw new MmsError('E_UNREACHABLE', `${base} answers, but not as an MMS service. Check --server.`);
  }
}

/** A problem+json body as it is; anything else is told by its status. */
function problemOf(base: string, response: Response, body: string): MmsError {
  const wait = response.headers.get('retry-after');
  const hint = wait === null ? '' : ` Try again in ${wait} s.`;
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(body) as Partial<Problem>;
  } catch {
    // A proxy's page: the status says enough.
  }
  if (!problem.code || !Object.hasOwn(PROBLEMS, problem.code)) {
    const code: ProblemCode = response.status >= 500 ? 'E_UNREACHABLE' : 'E_BODY';
    return new MmsError(code, `${base} answered ${response.status} ${response.statusText}.${hint}`);
  }
  return new MmsError(problem.code, `${problem.detail ?? ''}${hint}`, problem.errors);
}
