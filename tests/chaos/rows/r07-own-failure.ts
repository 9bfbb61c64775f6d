/** R7: jobs whose own code throws, or gives what is no number, no table, or too large. */
import { join } from 'node:path';
import { Client } from '../client.js';
import { ask } from '../http.js';
import type { Row } from '../row.js';

export const ownFailure: Row = {
  id: 'R7',
  fault: 'a job throws, gives NaN, infinity, a wrong table, or wants a result of gigabytes',
  mustSee:
    'E_JOB without a path of the machine, E_NONFINITE, E_COST before anything runs; final at the first try',
  async run(lab) {
    const service = await lab.service({ localThreads: 1 });
    const client = new Client(() => service.url);
    const log = join(lab.dir(), 'log');
    const ends = { throw: 'E_JOB', nan: 'E_NONFINITE', infinity: 'E_NONFINITE', shape: 'E_JOB' } as const;
    for (const [act, code] of Object.entries(ends)) {
      await client.submit({ spec: { act: act as 'throw', units: 3, log }, seed: 7, ends: code });
    }
    const body = { kind: 'chaos', spec: { units: 100, rowsPerUnit: 10_000_000 }, seed: 1 };
    const huge = await ask(`${service.url}/simulate`, { method: 'POST', body });
    if (huge.status !== 422 || huge.body.code !== 'E_COST') throw new Error(`gigabytes: ${huge.text}`);
    const listed = await client.verify({ log, maxStarts: 4 });
    const details = listed.map(({ problem }) => problem!.detail);
    if (details.some((detail) => /secret|\/home/.test(detail)))
      throw new Error(`a path: ${details.join(' ')}`);
    if (listed.some(({ attempts }) => attempts > 1)) throw new Error('a final failure was tried again');
    for (const { id } of listed) {
      const { status, body: problem } = await ask(`${service.url}/results/${id}`);
      if (status !== 500 || problem.code === undefined) throw new Error(`GET /results answers ${status}`);
    }
    const nan = details.find((detail) => detail.includes('NaN'));
    return `2 x E_JOB, 2 x E_NONFINITE ("${nan}"), E_COST, each at the first try`;
  },
};
