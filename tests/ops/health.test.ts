/** Health: ready while every required part is well, degraded without being unready, never while stopping. */
import { describe, expect, it } from 'vitest';
import { createHealth } from '../../src/ops/health.js';

describe('health', () => {
  it('is ready without parts and follows the required ones', () => {
    const health = createHealth();
    expect(health.ready()).toEqual({ ready: true, reasons: [], degraded: [] });
    let fault: string | null = null;
    health.require('store', () => fault);
    expect(health.ready().ready).toBe(true);
    fault = 'The disk is full.';
    expect(health.ready()).toEqual({
      ready: false,
      reasons: [{ component: 'store', reason: 'The disk is full.' }],
      degraded: [],
    });
    fault = null;
    expect(health.ready().ready).toBe(true);
  });

  it('tells a degraded part and stays ready', () => {
    const health = createHealth();
    health.observe('redis', () => 'Redis does not answer.');
    expect(health.observed()).toEqual(['redis']);
    expect(health.ready()).toMatchObject({ ready: true, degraded: [{ component: 'redis' }] });
  });

  it('takes a check that throws for a no', () => {
    const health = createHealth();
    health.require('router', () => {
      throw new Error('boom');
    });
    expect(health.ready().reasons[0]?.reason).toContain('boom');
  });

  it('is never ready again once it is stopping', () => {
    const health = createHealth();
    health.stopping();
    expect(health.ready()).toMatchObject({ ready: false, reasons: [{ component: 'process' }] });
  });
});
