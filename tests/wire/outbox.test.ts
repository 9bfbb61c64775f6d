/** The outbox sends one message at a time in order, and a failure holds nothing up. */
import { describe, expect, it } from 'vitest';
import { createOutbox } from '../../src/wire/outbox.js';

describe('createOutbox', () => {
  it('keeps order and never has two sends under way', async () => {
    const sent: number[] = [];
    let under = 0;
    const outbox = createOutbox<number>(
      async (n) => {
        expect(++under).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        under--;
        sent.push(n);
        if (n === 3) outbox.push(100);
      },
      () => undefined,
    );
    for (let n = 0; n < 10; n++) outbox.push(n);
    await outbox.idle();
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100]);
  });

  it('reports a rejected and a thrown send with its message and goes on', async () => {
    const failed: [number, string][] = [];
    const outbox = createOutbox<number>(
      (n) => {
        if (n === 1) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
        return n === 2
          ? Promise.reject(Object.assign(new Error('gone'), { code: 'EHOSTUNREACH' }))
          : Promise.resolve();
      },
      (n, code) => failed.push([n, code]),
    );
    [0, 1, 2, 3].forEach((n) => outbox.push(n));
    await outbox.idle();
    outbox.push(1);
    await outbox.idle();
    expect(failed).toEqual([
      [1, 'EBUSY'],
      [2, 'EHOSTUNREACH'],
      [1, 'EBUSY'],
    ]);
  });
});
