/** A replay and a user's own strategy, which need files, through a service with nodes: bytes as mms run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshDir,
  isDone,
  mms,
  post,
  startNodeProcess,
  startService,
  statusUntil,
  type Service,
} from '../support/service.js';

const dir = freshDir();
const template = readFileSync(resolve(import.meta.dirname, '../../config/strategy/template.txt'), 'utf8');
// A strategy with chance, memory and types of its own, so that all of them travel.
const CENTRE = '    const centre = ';
writeFileSync(
  join(dir, 'own.ts'),
  template
    .replace('create: (parameters) => new Leaning(parameters)', 'create: (p, tools) => new Leaning(p, tools)')
    .replace('constructor(parameters: Parameters) {', 'constructor(parameters: Parameters, tools: Tools) {')
    .replace(
      '    this.parameters = parameters;',
      '    this.parameters = parameters;\n    this.tools = tools;',
    )
    .replace('  private boughtLots = 0;', '  private boughtLots = 0;\n  private readonly tools: Tools;')
    .replace('interface Parameters {', 'interface Tools {\n  random(): number;\n}\n\ninterface Parameters {')
    .replace(CENTRE, `    if (this.tools.random() < 0.2 + 1e-6 * this.boughtLots) return;\n${CENTRE}`),
);

/** Two queues of ten lots that are joined and traded in turns: messages, and the book after each. */
function writeLobster(): void {
  const queues = [
    [1, 2],
    [3, 4],
  ];
  const prices = [999_900, 1_000_100];
  const [messages, book]: [string[], string[]] = [[], []];
  const lots = (side: number): number => 10 * queues[side]!.length;
  for (let i = 0; i < 400; i++) {
    const side = (i >> 1) & 1;
    const id = i % 2 === 0 ? 10 + i : queues[side]!.shift()!;
    if (i % 2 === 0) queues[side]!.push(id);
    const t = `${34_200 + Math.floor(i / 20)}.${String(100_000_000 + (i % 20) * 40_000_000)}`;
    messages.push([t, i % 2 === 0 ? 1 : 4, id, 10, prices[side], side === 0 ? 1 : -1].join(','));
    book.push([prices[1], lots(1), prices[0], lots(0)].join(','));
  }
  writeFileSync(join(dir, 'message.csv'), `${messages.join('\n')}\n`);
  writeFileSync(join(dir, 'orderbook.csv'), `${book.join('\n')}\n`);
}
writeLobster();

const DRAWN = { type: 'log-normal', medianNs: 50_000_000, sigma: 1 };
const JOBS = {
  replay: {
    market: { type: 'replay', messages: 'message.csv', orderbook: 'orderbook.csv' },
    strategy: { type: 'fixed', halfSpreadTicks: 1 },
    latency: { orderNs: DRAWN },
    runs: 9,
  },
  custom: {
    market: { type: 'cont-stoikov-talreja', durationS: 40, warmupS: 10 },
    strategy: { type: 'custom', file: 'own.ts', parameters: [{ name: 'halfSpreadTicks', value: 2 }] },
    runs: 9,
  },
};
const ALLOWED = ['--data-dir', dir, '--set', 'data.allowCode=true'];

async function digestAt(service: Service, spec: object): Promise<string> {
  const { status, body } = await post(`${service.url}/simulate`, { kind: 'market-making', spec, seed: 6 });
  expect([status, body.errors]).toEqual([202, undefined]);
  return (await statusUntil(service.url, body.task_id, isDone)).digest!;
}

describe('a spec that names files', () => {
  let services: Service[];
  beforeAll(async () => {
    services = await Promise.all([
      startService({ args: ALLOWED }),
      startService({ args: [...ALLOWED, '--no-local-node'] }),
    ]);
    await Promise.all([1, 2].map((threads) => startNodeProcess(services[1]!.router, threads)));
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
  });

  it.each(Object.entries(JOBS))(
    'gives the same bytes in any threads and nodes: %s',
    async (_name, spec) => {
      const args = ['run', '--spec', JSON.stringify(spec), '--seed', '6', '--json', '--no-report'];
      const [run, ...digests] = await Promise.all([
        mms([...args, '--threads', '1'], { cwd: dir }),
        ...services.map((service) => digestAt(service, spec)),
      ]);
      const { digest, summary } = JSON.parse(run.stdout);
      expect(digests).toEqual([digest, digest]);
      // Not the bytes of runs in which nothing happened.
      const placed = summary.metrics.find(({ name }: { name: string }) => name === 'ordersPlaced');
      expect(placed.value).toBeGreaterThan(5);
    },
    30_000,
  );

  it('runs the strategy file by its own name as mms run does', async () => {
    const { market } = JOBS.custom;
    const flags = [
      '--market',
      market.type,
      '--durationS',
      '40',
      '--warmupS',
      '10',
      '--runs',
      '9',
      '--seed',
      '6',
    ];
    const args = ['run', './own.ts', '--halfSpreadTicks', '2', ...flags, '--json', '--no-report'];
    const { code, stdout } = await mms(args, { cwd: dir });
    expect(code).toBe(0);
    const { body } = await post(`${services[0]!.url}/simulate`, {
      kind: 'market-making',
      spec: JOBS.custom,
      seed: 6,
    });
    const { digest } = JSON.parse(stdout) as { digest: string };
    expect(body.digest).toBe(digest);
    // The same TypeScript sent with the request, to nodes that never saw the file.
    const source = readFileSync(join(dir, 'own.ts'), 'utf8');
    const sent = { ...JOBS.custom, strategy: { ...JOBS.custom.strategy, file: 'sent.ts', source } };
    expect(await digestAt(services[1]!, sent)).toBe(digest);
    for (const path of ['./own.js', join(dir, 'own.ts')]) {
      const strategy = { ...sent.strategy, source: `import own from '${path}';\nexport default own;` };
      const request = { kind: 'market-making', spec: { ...sent, strategy } };
      const { status, body: problem } = await post(`${services[1]!.url}/simulate`, request);
      expect([status, problem.detail]).toEqual([
        422,
        expect.stringMatching(/^sent\.ts:1:17: expected no import/),
      ]);
    }
  }, 30_000);
});

it('is refused with E_CODE by a service that may read files but not run code', async () => {
  const service = await startService({ args: ['--data-dir', dir, '--no-local-node'] });
  const source = 'export default 1;';
  for (const strategy of [JOBS.custom.strategy, { ...JOBS.custom.strategy, source }]) {
    const request = { kind: 'market-making', spec: { ...JOBS.custom, strategy } };
    const { status, body } = await post(`${service.url}/simulate`, request);
    expect([status, body.code, body.errors[0].pointer]).toEqual([403, 'E_CODE', '/spec/strategy/file']);
  }
  expect(await service.stop()).toBe(0);
}, 20_000);
