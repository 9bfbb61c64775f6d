/** A POST /simulate under fuzzing: guard, submission, schema, cost, key, as the service does them. */
import { parseJsonStrictly } from '../../src/api/json-guard.js';
import { toSubmitRequest } from '../../src/api/submission.js';
import { closedReader } from '../../src/data/input-reader.js';
import { createMarkets } from '../../src/data/markets.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { prepare, readQuestion } from '../../src/jobs/question.js';
import { createSpecDesk } from '../../src/jobs/spec-desk.js';
import { createRegistry } from '../../src/kinds/registry.js';
import { compileAll, drawBody, drawJob, MAX_BODY_BYTES } from './bodies.js';
import { Broken, refusesWith, type Decoder } from './decoder.js';

const registry = createRegistry();
const kinds = await Promise.all(registry.names().map((name) => registry.get(name)));
compileAll(kinds);
const markets = createMarkets();
const parts = {
  reader: closedReader,
  limits: DEFAULT_LIMITS,
  engineVersion: '1.0.0',
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  nowMs: 0,
};

const desk = createSpecDesk(DEFAULT_LIMITS);

export const HTTP_BODIES: Decoder = {
  name: 'http',
  about: 'POST /simulate: JSON guard, both forms, the schema and cost of every kind, the key',
  inputs: 2_000_000,
  draw: (random) =>
    drawBody(
      random,
      kinds,
      () => drawJob(random, kinds),
      (job) => job,
    ),
  async decode(bytes) {
    if (bytes.length > MAX_BODY_BYTES) return null;
    const request = toSubmitRequest(parseJsonStrictly(bytes), { 'idempotency-key': 'k' }, markets);
    const question = readQuestion(await registry.get(request.kind), request, desk);
    const { record, size } = await prepare(question, parts);
    if (!(size.units >= 1 && size.units <= DEFAULT_LIMITS.maxUnits && Number.isInteger(size.units)))
      throw new Broken(`${size.units} units passed the limits`);
    if (!/^[0-9a-f]{64}$/.test(record.key)) throw new Broken(`${record.key} is no key`);
    return record;
  },
  isRefusal: refusesWith('E_BODY', 'E_SPEC', 'E_KIND', 'E_COST', 'E_DATA', 'E_CODE'),
};
