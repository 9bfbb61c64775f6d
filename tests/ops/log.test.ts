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

  it('hides secrets wherever they stand and however they are spelt, and says that they were there', () => {
    const canary = 'canary-7f3a';
    const names = [
      'authorization',
      'Cookie',
      'set-cookie',
      'X-API-Key',
      'apiKey',
      'token',
      'password',
      'secretKey',
    ];
    const secrets = Object.fromEntries([...names, 'MMS_REDIS_URL', 'natsUrl'].map((name) => [name, canary]));
    const error = Object.assign(new Error('no answer'), { request: { headers: secrets } });
    const [line] = linesOf('info', (log) =>
      log.info(
        { ...secrets, headers: secrets, list: [{ a: { b: { c: { headers: secrets } } } }], err: error },
        'request',
      ),
    );
    const text = JSON.stringify(line);
    expect(text).not.toContain(canary);
    expect(text.match(/\(hidden\)/g)).toHaveLength(4 * 10);
    expect(line?.['err']).toMatchObject({ message: 'no answer', stack: expect.stringContaining('log.test') });
  });

  it('hides the credentials of addresses in every text, and nothing else', () => {
    const url = 'redis://user:canary-7f3a@cache.local:6379/0';
    const lines = linesOf('info', (log) => {
      log.info({ problem: { detail: `Expected an answer of ${url}.` } }, `lost ${url}`);
      log.error(new Error(`no route to ${url}`));
      log.info({ url: new URL(url), mail: 'ops@example.org', jobId: 'x', key: 'y' }, 'plain');
    });
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(lines[0]?.['msg']).toBe('lost redis://(hidden)@cache.local:6379/0');
    expect(lines[2]).toMatchObject({ mail: 'ops@example.org', jobId: 'x', key: 'y' });
  });

  it('leaves out what stands too deep, as in a ring', () => {
    const ring: Record<string, unknown> = { jobId: 'x' };
    ring['self'] = ring;
    const [line] = linesOf('info', (log) => log.info(ring, 'round'));
    expect(line).toMatchObject({ jobId: 'x', self: { jobId: 'x' } });
    expect(JSON.stringify(line)).toContain('(deep)');
  });
});
