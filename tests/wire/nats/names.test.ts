/** Addresses of NATS servers and subjects of chunks. */
import { describe, expect, it } from 'vitest';
import {
  BANDS,
  bandOf,
  namesOf,
  parseNatsUrl,
  readEndSubject,
  readWorkSubject,
} from '../../../src/wire/nats/names.js';

describe('parseNatsUrl', () => {
  it('reads servers, secrets and the name, and shows no secret', () => {
    expect(parseNatsUrl('nats://127.0.0.1:4222')).toEqual({
      servers: ['127.0.0.1:4222'],
      tls: false,
      name: 'mms',
      shown: 'nats://127.0.0.1:4222',
    });
    expect(parseNatsUrl('tls://me:p%40ss@a:1,b:2,[::1]:3/lab-2')).toEqual({
      servers: ['a:1', 'b:2', '[::1]:3'],
      tls: true,
      user: 'me',
      pass: 'p@ss',
      name: 'lab-2',
      shown: 'tls://***@a:1,b:2,[::1]:3/lab-2',
    });
    expect(parseNatsUrl('nats://t0ken@a:1').token).toBe('t0ken');
  });

  it.each(['tcp://a:1', 'nats://', 'nats://a:1/Lab', 'nats://a:x', 'nats://a,,b', 'nats://me:secret@ a'])(
    'refuses %s with the form that it takes and without its secret',
    (url) => {
      expect(() => parseNatsUrl(url)).toThrow(/^Expected nats:\/\/HOST:PORT/);
      expect(() => parseNatsUrl(url)).not.toThrow(/secret/);
    },
  );
});

describe('subjects', () => {
  it('tell the chunk back', () => {
    const names = namesOf('lab');
    const chunk = { jobId: '01J', chunk: 7, digest: '0123456789abcdef' };
    const work = names.work('1.0.0-rc.1', 'high', '01J', 7, chunk.digest);
    expect(readWorkSubject(work)).toEqual({ version: '1_0_0-rc_1', band: 'high', ...chunk });
    const end = names.end('01J', 7, chunk.digest);
    expect(readEndSubject(end)).toEqual(chunk);
    expect([readWorkSubject(end), readEndSubject(work), readWorkSubject('_INBOX.x.1')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('refuse an id that would reach other subjects', () => {
    for (const id of ['', 'a.b', '*', '>']) expect(() => namesOf('lab').workOfJob(id)).toThrow('subject');
  });

  it('put a more urgent priority in no later class', () => {
    const at = Array.from({ length: 10 }, (_, priority) => BANDS.indexOf(bandOf(priority)));
    expect(at).toEqual([...at].sort((a, b) => b - a));
    expect(bandOf(5)).toBe('normal');
  });
});
