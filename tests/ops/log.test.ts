/** The log: one JSON object per line, levels respected, secrets removed wherever they stand. */
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/ops/log.js';

function linesOf(
  level: string,
  write: (log: ReturnType<typeof createLog>) => void,
): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('log', () => {
  it('writes JSON with a level by name and an ISO time', () => {
    const [line] = linesOf('info', (log) => log.info({ jobId: 'x' }, 'accepted'));
    expect(line).toMatchObject({ level: 'info', jobId: 'x', msg: 'accepted' });
    expect(line?.['time']).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  });

  it('leaves out what is below its level', () => {
    expect(linesOf('warn', (log) => (log.info('no'), log.warn('yes')))).toHaveLength(1);
  });

  it('hides secrets at four depths, and says that they were there', () => {
    const canary = 'canary-7f3a';
    const secrets = {
      authorization: canary,
      cookie: canary,
      'x-api-key': canary,
      apiKey: canary,
      token: canary,
    };
    const [line] = linesOf('info', (log) =>
      log.info(
        { ...secrets, password: canary, headers: secrets, a: { secrets, natsUrl: canary, b: { secrets } } },
        'request',
      ),
    );
    expect(JSON.stringify(line)).not.toContain(canary);
    expect(JSON.stringify(line).match(/\(hidden\)/g)).toHaveLength(5 + 1 + 5 + 5 + 1 + 5);
  });
});
