/** The home page: is the service well, what is it doing, how long do people wait, is the goal kept. */
import type { Dashboard } from './grafana.js';
import { countRate, increase, quantile, rate, series, sum } from './query.js';

const LOST = 'code=~"E_POISON|E_TIMEOUT|E_INTERNAL"';

export const overview: Dashboard = {
  uid: 'mms-overview',
  title: 'MMS overview',
  description: 'Is the service well, what is it doing, how long do people wait.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Answers',
          description: 'Whether Prometheus reaches the service.',
          unit: 'bool_yes_no',
          as: 'stat',
          red: 1,
          isLowBad: true,
          queries: [{ expr: `min(${series('up')})`, legend: 'answers' }],
        },
        {
          title: 'Ready',
          description: 'Whether the service takes new jobs; GET /health/ready tells why not.',
          unit: 'bool_yes_no',
          as: 'stat',
          red: 1,
          isLowBad: true,
          queries: [{ expr: `min(${series('mms_ready')})`, legend: 'ready' }],
        },
        {
          title: 'Nodes',
          description: 'Nodes that take work.',
          unit: 'short',
          as: 'stat',
          red: 1,
          isLowBad: true,
          queries: [{ expr: sum('mms_nodes', '', 'state="ready"'), legend: 'nodes' }],
        },
        {
          title: 'Degraded parts',
          description: 'Parts that are worse than they should be; results stay right.',
          unit: 'short',
          as: 'stat',
          yellow: 1,
          queries: [{ expr: sum('mms_degraded'), legend: 'parts' }],
        },
        {
          title: 'Open to strangers',
          description: 'Started with --insecure: nobody is asked who it is.',
          unit: 'bool_yes_no',
          as: 'stat',
          red: 1,
          queries: [{ expr: `max(${series('mms_insecure')})`, legend: 'insecure' }],
        },
        {
          title: 'Version',
          description: 'What runs, by version of MMS and of Node.',
          unit: 'none',
          as: 'stat',
          showName: true,
          queries: [{ expr: series('mms_build_info'), legend: '{{version}} on Node {{node}}' }],
        },
        {
          title: 'Running since',
          description: 'Start of the process.',
          unit: 's',
          as: 'stat',
          queries: [{ expr: `time() - ${series('process_start_time_seconds')}`, legend: '{{instance}}' }],
        },
        {
          title: 'Longest wait',
          description: 'Of the jobs that have not started.',
          unit: 's',
          as: 'stat',
          yellow: 300,
          red: 900,
          queries: [{ expr: `max(${series('mms_queue_oldest_seconds')})`, legend: 'wait' }],
        },
        {
          title: 'Jobs done',
          description: 'In the time that is shown.',
          unit: 'short',
          as: 'stat',
          queries: [{ expr: increase('mms_jobs_finished_total', '', 'outcome="done"'), legend: 'done' }],
        },
        {
          title: 'Jobs failed',
          description: 'In the time that is shown, by themselves or with what ran them.',
          unit: 'short',
          as: 'stat',
          yellow: 1,
          queries: [{ expr: increase('mms_jobs_failed_total'), legend: 'failed' }],
        },
        {
          title: 'Lost of finished',
          description: 'Share of jobs that were lost with what ran them; the goal is one in a thousand.',
          unit: 'percentunit',
          as: 'stat',
          yellow: 0.001,
          red: 0.01,
          queries: [
            {
              expr: `${increase('mms_jobs_failed_total', '', LOST)} / clamp_min(${increase('mms_jobs_finished_total')}, 1)`,
              legend: 'lost',
            },
          ],
        },
        {
          title: 'Hash mismatches',
          description: 'Results without their digest: memory, disk or a changed node.',
          unit: 'short',
          as: 'stat',
          red: 1,
          queries: [{ expr: sum('mms_result_hash_mismatch_total'), legend: 'mismatches' }],
        },
      ],
    },
    {
      title: 'Jobs',
      panels: [
        {
          title: 'Accepted',
          description: 'Jobs on disk and acknowledged, by kind.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_jobs_accepted_total', 'kind'), legend: '{{kind}}' }],
        },
        {
          title: 'Finished',
          description: 'Jobs that came to an end, by outcome.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_jobs_finished_total', 'outcome'), legend: '{{outcome}}' }],
        },
        {
          title: 'In the service',
          description: 'Jobs that wait and that run.',
          unit: 'short',
          as: 'stacked',
          queries: [
            { expr: sum('mms_queue_depth'), legend: 'waiting' },
            { expr: sum('mms_jobs_running'), legend: 'running' },
          ],
        },
        {
          title: 'Time in the queue',
          description: 'From acceptance to the first chunk.',
          unit: 's',
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: quantile(q, 'mms_job_queue_seconds'),
            legend: `${100 * q} %`,
          })),
        },
        {
          title: 'Time to compute',
          description: 'From the first chunk to the end, 95 % of the jobs of each kind.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'mms_job_run_seconds', 'kind'), legend: '{{kind}}' }],
        },
        {
          title: 'Failures',
          description: 'By code; E_POISON, E_TIMEOUT and E_INTERNAL are listed by mms dead.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_jobs_failed_total', 'code'), legend: '{{code}}' }],
        },
      ],
    },
    {
      title: 'HTTP',
      panels: [
        {
          title: 'Requests',
          description: 'By status.',
          unit: 'reqps',
          as: 'stacked',
          queries: [{ expr: countRate('mms_http_request_seconds', 'status'), legend: '{{status}}' }],
        },
        {
          title: 'Time to answer',
          description: '99 % of the requests of each route; event streams last as long as they are watched.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'mms_http_request_seconds', 'route'), legend: '{{route}}' }],
        },
        {
          title: 'Watchers and refusals',
          description:
            'Open event streams; connections beyond a limit and requests without a live key, per second.',
          unit: 'short',
          queries: [
            { expr: sum('mms_http_watchers'), legend: 'watchers' },
            { expr: rate('mms_http_connections_refused_total', 'code'), legend: 'refused {{code}}' },
            { expr: rate('mms_http_unauthorized_total', 'reason'), legend: '{{reason}} key' },
          ],
        },
      ],
    },
  ],
};
