/** Metrics: promtool accepts them, undeclared ones are refused, numbers are what was counted. */
import { afterEach, describe, expect, it } from 'vitest';
import { METRICS, createMetrics } from '../../src/ops/metrics.js';
import type { Metrics } from '../../src/ops/metrics.js';
import { promtool } from '../monitoring/promtool.js';

let metrics: Metrics;
afterEach(() => metrics.close());

/** One sample of every metric, through the port that the other rooms use. */
function touchAll(): void {
  for (const [name, decl] of Object.entries(METRICS)) {
    const labels = Object.fromEntries(('labels' in decl ? decl.labels : []).map((label) => [label, 'x']));
    if (decl.type === 'counter') metrics.count(name, labels);
    else if (decl.type === 'gauge') metrics.gauge(name, 1, labels);
    else metrics.observe(name, 0.5, labels);
  }
}

describe('metrics', () => {
  it('pass promtool check metrics', async () => {
    metrics = createMetrics('1.2.3');
    touchAll();
    const input = await metrics.text();
    for (const name of Object.keys(METRICS)) expect(input).toContain(`# TYPE ${name} `);
    expect(promtool(['check', 'metrics'], input)).toBe('');
  });

  it('start with the label-less ones at 0 and count what comes', async () => {
    metrics = createMetrics('1.2.3');
    expect(await metrics.text()).toContain('mms_result_hash_mismatch_total 0');
    metrics.count('mms_result_hash_mismatch_total');
    metrics.count('mms_jobs_finished_total', { kind: 'paths', outcome: 'done' }, 3);
    const text = await metrics.text();
    expect(text).toContain('mms_result_hash_mismatch_total 1');
    expect(text).toContain('mms_jobs_finished_total{kind="paths",outcome="done"} 3');
    expect(text).toMatch(/mms_build_info\{version="1\.2\.3",node="[0-9.]+"\} 1/);
  });

  it('begin at 0 for every combination of labels that is known, so that no first count is hidden', async () => {
    metrics = createMetrics('1.2.3');
    expect(await metrics.text()).toContain('mms_cache_requests_total{result="redis"} 0');
    expect(await metrics.text()).not.toContain('mms_jobs_finished_total{');
    metrics.count('mms_jobs_finished_total', { kind: 'paths', outcome: 'done' }, 2);
    metrics.begin({ kind: ['paths', 'bars'] });
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('mms_jobs_finished_total{kind="paths",outcome="done"} 2');
    expect(lines).toContain('mms_jobs_finished_total{kind="bars",outcome="expired"} 0');
    expect(lines).toContain('mms_jobs_failed_total{kind="bars",code="E_POISON"} 0');
    expect(lines).toContain('mms_job_run_seconds_count{kind="bars"} 0');
    // Of gauges nothing is known beforehand; of routes neither.
    expect(lines.filter((line) => /^mms_(nodes|degraded|http_request_seconds)/.test(line))).toEqual([]);
  });

  it('refuse a name, a type or a label that the table does not have', () => {
    metrics = createMetrics('1.2.3');
    expect(() => metrics.count('mms_typo_total')).toThrow(/not a declared counter/);
    expect(() => metrics.gauge('mms_result_hash_mismatch_total', 1)).toThrow(/not a declared gauge/);
    expect(() => metrics.count('mms_jobs_accepted_total', { job: 'x' })).toThrow(/label/i);
  });

  it('print each histogram with rising counts, its sum, and label values that hold anything', async () => {
    metrics = createMetrics('1.2.3');
    const labels = { route: '/a"b\\c\nd', method: 'GET', status: '200' };
    for (const seconds of [0.0005, 0.0006, 0.3, 61])
      metrics.observe('mms_http_request_seconds', seconds, labels);
    const own = 'route="/a\\"b\\\\c\\nd",method="GET",status="200"';
    const lines = (await metrics.text()).split('\n');
    const of = (le: string) =>
      lines.find((line) => line.includes(`_request_seconds_bucket{le="${le}",${own}} `));
    expect(['0.0005', '0.001', '0.25', '0.5', '60', '+Inf'].map((le) => of(le)?.split('} ')[1])).toEqual([
      '1',
      '2',
      '2',
      '3',
      '3',
      '4',
    ]);
    expect(lines).toContain(`mms_http_request_seconds_count{${own}} 4`);
    expect(lines).toContain(`mms_http_request_seconds_sum{${own}} ${0.0005 + 0.0006 + 0.3 + 61}`);
    expect(lines).toContain('mms_job_queue_seconds_count 0');
  });

  it('refuse numbers that would spoil a series for ever, and forget a gauge that is cleared', async () => {
    metrics = createMetrics('1.2.3');
    expect(() => metrics.observe('mms_job_queue_seconds', NaN)).toThrow(/observe NaN/);
    expect(() => metrics.count('mms_node_restarts_total', {}, -1)).toThrow(/rise by -1/);
    metrics.gauge('mms_nodes', 2, { state: 'ready' });
    expect(await metrics.text()).toContain('mms_nodes{state="ready"} 2');
    metrics.clear('mms_nodes');
    expect(await metrics.text()).not.toContain('mms_nodes{');
  });

  it('ask the collectors at every scrape', async () => {
    metrics = createMetrics('1.2.3');
    let depth = 7;
    metrics.onScrape(() => metrics.gauge('mms_queue_depth', depth));
    expect(await metrics.text()).toContain('mms_queue_depth 7');
    depth = 8;
    expect(await metrics.text()).toContain('mms_queue_depth 8');
  });
});
