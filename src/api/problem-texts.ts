/** What each problem means and what to do about it: the text of the pages under /problems. */
import type { ProblemCode } from '../contract/problem.js';

export interface ProblemText {
  readonly meaning: string;
  readonly remedy: string;
}

export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, ProblemText>> = {
  E_SPEC: {
    meaning: 'A member of the request is unknown, missing, of the wrong type or out of range.',
    remedy:
      'Each entry of "errors" names one member by its JSON pointer. GET /v1/kinds/{name} shows the schema.',
  },
  E_BODY: {
    meaning: 'The body is not JSON that can be read without losing something.',
    remedy:
      'Send one JSON object in UTF-8: no member twice, at most 16 levels, numbers that a double can hold.',
  },
  E_KIND: { meaning: 'No job kind has this name.', remedy: 'GET /v1/kinds lists the names.' },
  E_COST: {
    meaning: 'The estimated compute, memory or result is beyond a limit of this service.',
    remedy: 'Ask for fewer units or a shorter time; the detail tells the limit. The operator sets limits.*.',
  },
  E_DATA: {
    meaning: 'A data file that the spec names is missing, malformed or not allowed here.',
    remedy:
      'The detail names file, line and column. Over HTTP only files below the data.dir setting can be named.',
  },
  E_CONFIG: {
    meaning: 'A setting of the service is unknown or not valid.',
    remedy: 'The detail names the setting and where its value came from.',
  },
  E_NOT_FOUND: {
    meaning: 'There is no such page, job, table or kind.',
    remedy: 'Check the address; GET /v1/jobs lists the jobs and GET /docs the routes.',
  },
  E_METHOD: {
    meaning: 'The address exists, but not for this method.',
    remedy: 'Use one that the Allow header names.',
  },
  E_UPGRADE: {
    meaning: 'The address pushes messages over a WebSocket and has no other answer.',
    remedy: 'Open it with ws:// instead of http://, as a browser and most languages can.',
  },
  E_MEDIA_TYPE: {
    meaning: 'The body has a media type that is not read here.',
    remedy: 'Send Content-Type: application/json.',
  },
  E_TOO_LARGE: {
    meaning: 'The body or the headers are larger than the limit.',
    remedy: 'Send less; the operator sets limits.maxBodyBytes.',
  },
  E_CODE: {
    meaning: 'The spec names a strategy file, which is code, and this service runs no code of clients.',
    remedy:
      'Run it on your own machine with "mms run FILE", or ask the operator, who may allow the strategy files of ' +
      'the data folder (data.allowCode).',
  },
  E_KEY: {
    meaning: 'This service has API keys, and the request brought none that is live.',
    remedy:
      'Send Authorization: Bearer mms_..., set MMS_API_KEY for the command line, or enter the key at /login in a ' +
      'browser. The operator makes one with "mms key create".',
  },
  E_ORIGIN: {
    meaning:
      'The Host or Origin header names a place that may not use this service; this stops hostile web pages.',
    remedy:
      'Use an address such as http://127.0.0.1, or a name that the operator has set as http.names, and let pages of ' +
      'this service alone change things.',
  },
  E_IDEMPOTENCY: {
    meaning: 'The Idempotency-Key came before with another body.',
    remedy: 'Use a new key for a new request, or repeat the old body.',
  },
  E_CONFLICT: {
    meaning: 'The job is in a state that does not allow this, for instance already finished.',
    remedy: 'GET /v1/jobs/{id} tells the state.',
  },
  E_NOT_READY: {
    meaning: 'The job has no result yet.',
    remedy: 'Ask again after Retry-After, or follow GET /v1/jobs/{id} with Accept: text/event-stream.',
  },
  E_RATE: {
    meaning: 'This client sent too many requests, or has as many requests or jobs open as one client may.',
    remedy: 'Wait for Retry-After and repeat; the detail tells the limit.',
  },
  E_QUEUE_FULL: {
    meaning: 'As many jobs wait as the service allows.',
    remedy: 'Wait for Retry-After and repeat.',
  },
  E_BUSY: {
    meaning: 'As many connections or event streams are open as the service allows.',
    remedy: 'Wait for Retry-After and repeat; poll instead of opening event streams.',
  },
  E_DRAINING: {
    meaning: 'The service is stopping and takes no new jobs; accepted ones are on disk.',
    remedy: 'Repeat after its restart.',
  },
  E_STORE: {
    meaning: 'The store cannot write, so nothing is accepted that could be lost.',
    remedy: 'Look at disk space and the log, then restart; accepted jobs are recovered from disk.',
  },
  E_CORRUPT_RESULT: {
    meaning: 'A stored result no longer has the digest it was stored with.',
    remedy: 'Submit the job again: the result is computed anew. Check the disk.',
  },
  E_JOB: {
    meaning: 'The computation threw an error.',
    remedy: 'Report it with the line that reproduces the job.',
  },
  E_NONFINITE: {
    meaning: 'The computation gave NaN or an infinity, which is never stored as a result.',
    remedy: 'Move the parameters away from the extreme, and report it with the line that reproduces the job.',
  },
  E_POISON: {
    meaning: 'The job crashed the process that ran it three times.',
    remedy: 'It is not tried again. Report it with the line that reproduces the job.',
  },
  E_TIMEOUT: { meaning: 'The job took longer than its limit.', remedy: 'Ask for less, or raise the limit.' },
  E_CANCELLED: { meaning: 'The job was cancelled.', remedy: 'Submit it again if the result is wanted.' },
  E_EXPIRED: {
    meaning: 'The job had not ended timeoutS seconds after it was accepted; it was taken off its way.',
    remedy: 'Submit it again with more time, or when less waits before it.',
  },
  E_NO_NODE: {
    meaning: 'No node is connected that could compute.',
    remedy: 'Start one with mms node --router ADDRESS.',
  },
  E_UNREACHABLE: {
    meaning: 'The service does not answer at its address.',
    remedy: 'Start it with mms serve, or correct --server.',
  },
  E_INTERNAL: {
    meaning: 'Something broke inside the service that should not be able to break.',
    remedy: 'Report it with the x-request-id header; the log holds the rest.',
  },
};
