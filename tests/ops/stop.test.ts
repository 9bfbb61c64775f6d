/** Stopping: parts close in order, one signal leads to 0, two leave at once, a late part cannot hang it. */
import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/ops/log.js';
import { installStop } from '../../src/ops/stop.js';
import type { StopOptions } from '../../src/ops/stop.js';

function setUp(steps: StopOptions['steps'], graceMs = 60_000) {
  const signals = new EventEmitter();
  const exits = new EventEmitter();
  const codes: number[] = [];
  const exit = (code: number): void => {
    codes.push(code);
    exits.emit('exit');
  };
  const stop = installStop({ signals, steps, graceMs, log: createLog('silent'), exit });
  return { signals, codes, stop, exited: once(exits, 'exit') };
}

describe('installStop', () => {
  it.each(['SIGTERM', 'SIGINT'])('closes the parts in order on %s and exits 0', async (signal) => {
    const closed: string[] = [];
    const names = ['health', 'http', 'hall', 'store'];
    const step = (name: string) => ({
      name,
      run: async () => void (await Promise.resolve(), closed.push(name)),
    });
    const { signals, codes, exited } = setUp(names.map(step));
    signals.emit(signal);
    await exited;
    expect([closed, codes]).toEqual([names, [0]]);
  });

  it('leaves at once on the second signal', () => {
    const never = { name: 'hall', run: () => new Promise<void>(() => undefined) };
    const { signals, codes } = setUp([never], 1);
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    expect(codes).toEqual([130]);
  });

  it('closes the store although a part before it throws, and exits 1', async () => {
    const closed: string[] = [];
    const bad = { name: 'hall', run: () => Promise.reject(new Error('boom')) };
    const { stop, codes } = setUp([bad, { name: 'store', run: () => void closed.push('store') }]);
    await stop('test', 0);
    expect([closed, codes]).toEqual([['store'], [1]]);
  });

  it('exits 1 when a part takes longer than the grace time', async () => {
    const { signals, codes, exited } = setUp(
      [{ name: 'hall', run: () => new Promise<void>(() => undefined) }],
      5,
    );
    signals.emit('SIGTERM');
    await exited;
    expect(codes).toEqual([1]);
  });

  it('stops once, with the code of the one who asked', async () => {
    let runs = 0;
    const { stop, codes } = setUp([{ name: 'hall', run: () => void runs++ }]);
    await Promise.all([stop('store fault', 1), stop('again', 0)]);
    expect([runs, codes]).toEqual([1, [1]]);
  });
});
