/** What the simulations do: steps, speed per kind, what failed, what was computed before. */
import type { Dashboard } from './grafana.js';
import { increase, quantile, rate } from './query.js';

const CACHED = 'result!="miss"';

export const simulation: Dashboard = {
  uid: 'mms-simulation',
  title: 'MMS simulation',
  description: 'Steps, speed by kind, failures, what was computed before.',
  rows: [
    {
      title: 'Speed',
      panels: [
        {
          title: 'Steps',
          description:
            'Events, price steps or rows of finished work, as the estimate of its kind counts them.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_sim_steps_total', 'kind'), legend: '{{kind}}' }],
        },
        {
          title: 'Steps of one thread',
          description: 'Steps for each second that a thread computed: falls when specs or machines change.',
          unit: 'ops',
          queries: [
            {
              expr: `${rate('mms_sim_steps_total', 'kind')} / clamp_min(${rate('mms_compute_seconds_total', 'kind')}, 1e-9)`,
              legend: '{{kind}}',
            },
          ],
        },
        {
          title: 'Compute time',
          description: 'Threads that were kept busy, by kind.',
          unit: 'short',
          as: 'stacked',
          queries: [{ expr: rate('mms_compute_seconds_total', 'kind'), legend: '{{kind}}' }],
        },
      ],
    },
    {
      title: 'Jobs',
      panels: [
        {
          title: 'Done',
          description: 'Jobs with a result, by kind.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_jobs_finished_total', 'kind', 'outcome="done"'), legend: '{{kind}}' }],
        },
        {
          title: 'Median time to compute',
          description: 'From the first chunk to the end.',
          unit: 's',
          queries: [{ expr: quantile(0.5, 'mms_job_run_seconds', 'kind'), legend: '{{kind}}' }],
        },
        {
          title: 'Longest time to compute',
          description: '99 % of the jobs are quicker.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'mms_job_run_seconds', 'kind'), legend: '{{kind}}' }],
        },
      ],
    },
    {
      title: 'Trust',
      panels: [
        {
          title: 'Failures',
          description: 'By kind and code, in the time that is shown.',
          unit: 'short',
          queries: [{ expr: increase('mms_jobs_failed_total', 'kind, code'), legend: '{{kind}} {{code}}' }],
        },
        {
          title: 'Computed before',
          description: 'Share of the questions to the cache that had an answer there or in the store.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: `${rate('mms_cache_requests_total', '', CACHED)} / clamp_min(${rate('mms_cache_requests_total', '', 'result=~"memory|redis|miss"')}, 0.001)`,
              legend: 'answered',
            },
          ],
        },
        {
          title: 'Hash mismatches',
          description: 'Each is one too many: memory, disk or a changed node.',
          unit: 'short',
          queries: [{ expr: increase('mms_result_hash_mismatch_total'), legend: 'mismatches' }],
        },
      ],
    },
  ],
};
