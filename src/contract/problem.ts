/**
 * The one catalogue of expected failures. HTTP sends it as RFC 9457 problem+json, the wire as MessagePack.
 */

export interface ProblemFault {
  /** JSON pointer into the request, e.g. /spec/strategy/gamma; '' is the whole. */
  readonly pointer: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
  /** The nearest known word, where the fault is an unknown one. */
  readonly suggestion?: string;
}

/** code -> HTTP status, whether the same request may succeed later, the CLI's exit code, a title. */
export const PROBLEMS = {
  E_SPEC: { status: 422, retryable: false, exit: 2, title: 'The spec is not valid' },
  E_BODY: { status: 400, retryable: false, exit: 2, title: 'The request body cannot be read' },
  E_KIND: { status: 422, retryable: false, exit: 2, title: 'Unknown job kind' },
  E_COST: { status: 422, retryable: false, exit: 2, title: 'The job is larger than the limits allow' },
  E_DATA: { status: 422, retryable: false, exit: 2, title: 'A data file cannot be used' },
  E_CONFIG: { status: 500, retryable: false, exit: 2, title: 'The configuration is not valid' },
  E_NOT_FOUND: { status: 404, retryable: false, exit: 2, title: 'Not found' },
  E_METHOD: { status: 405, retryable: false, exit: 2, title: 'Method not allowed' },
  E_UPGRADE: { status: 426, retryable: false, exit: 2, title: 'This address is a WebSocket' },
  E_MEDIA_TYPE: { status: 415, retryable: false, exit: 2, title: 'Unsupported media type' },
  E_TOO_LARGE: { status: 413, retryable: false, exit: 2, title: 'The request is too large' },
  E_KEY: { status: 401, retryable: false, exit: 2, title: 'A live API key is needed' },
  E_ORIGIN: { status: 403, retryable: false, exit: 2, title: 'Host or origin is not allowed' },
  E_CODE: { status: 403, retryable: false, exit: 2, title: 'Code is not accepted here' },
  E_IDEMPOTENCY: {
    status: 422,
    retryable: false,
    exit: 2,
    title: 'Idempotency-Key was used with another body',
  },
  E_CONFLICT: { status: 409, retryable: false, exit: 2, title: 'The job is not in a state that allows this' },
  E_NOT_READY: { status: 409, retryable: true, exit: 1, title: 'The result is not ready yet' },
  E_RATE: { status: 429, retryable: true, exit: 1, title: 'Too many requests' },
  E_QUEUE_FULL: { status: 503, retryable: true, exit: 1, title: 'The queue is full' },
  E_BUSY: { status: 503, retryable: true, exit: 1, title: 'The service is at one of its limits' },
  E_DRAINING: { status: 503, retryable: true, exit: 1, title: 'The service is stopping' },
  E_STORE: { status: 503, retryable: true, exit: 1, title: 'The store cannot write' },
  E_CORRUPT_RESULT: {
    status: 500,
    retryable: false,
    exit: 1,
    title: 'A stored result does not match its digest',
  },
  E_JOB: { status: 500, retryable: false, exit: 1, title: 'The job failed' },
  E_NONFINITE: {
    status: 500,
    retryable: false,
    exit: 1,
    title: 'The job produced a number that is not finite',
  },
  E_POISON: { status: 500, retryable: false, exit: 1, title: 'The job crashed its worker three times' },
  E_TIMEOUT: { status: 500, retryable: false, exit: 1, title: 'The job took longer than its limit' },
  E_CANCELLED: { status: 409, retryable: false, exit: 1, title: 'The job was cancelled' },
  E_EXPIRED: { status: 409, retryable: false, exit: 1, title: 'The job did not end by its deadline' },
  E_NO_NODE: { status: 503, retryable: true, exit: 1, title: 'No node is connected' },
  E_UNREACHABLE: { status: 503, retryable: true, exit: 3, title: 'The service cannot be reached' },
  E_INTERNAL: { status: 500, retryable: false, exit: 1, title: 'Internal error' },
} as const satisfies Record<string, { status: number; retryable: boolean; exit: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 members plus code, retryable and the single faults. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly retryable: boolean;
  readonly detail: string;
  readonly errors?: readonly ProblemFault[];
  readonly instance?: string;
}

/** An expected failure on its way to the edge. Anything else that is thrown is a broken invariant. */
export class MmsError extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, detail: string, errors?: readonly ProblemFault[]) {
    super(detail);
    this.name = 'MmsError';
    const { title, status, retryable } = PROBLEMS[code];
    const base = { type: `/problems/${code}`, title, status, code, retryable, detail };
    this.problem = errors && errors.length > 0 ? { ...base, errors } : base;
  }
}
