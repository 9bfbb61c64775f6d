/** How much of the machines is used, what limits them, and what gets lost on the way. */
import type { Dashboard } from './grafana.js';
import { rate, series, sum } from './query.js';

export const capacity: Dashboard = {
  uid: 'mms-capacity',
  title: 'MMS capacity',
  description: 'How much of the machines is used, what limits them, what gets lost on the way.',
  rows: [
    {
      title: 'Threads and nodes',
      panels: [
        {
          title: 'Busy threads',
          description: 'Share of all compute threads that have a chunk. Near 1 with a long queue: add nodes.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: `${sum('mms_node_threads_busy')} / clamp_min(${sum('mms_node_threads')}, 1)`,
              legend: 'busy',
            },
          ],
        },
        {
          title: 'Threads',
          description:
            'Of nodes that take work and of those that finish theirs; idle is what is left of them.',
          unit: 'short',
          queries: [
            { expr: sum('mms_node_threads', 'state'), legend: 'of {{state}} nodes' },
            { expr: sum('mms_node_threads_busy'), legend: 'busy' },
            { expr: `${sum('mms_node_threads')} - ${sum('mms_node_threads_busy')}`, legend: 'idle' },
          ],
        },
        {
          title: 'Nodes',
          description: 'Connected nodes by state.',
          unit: 'short',
          as: 'stacked',
          queries: [{ expr: sum('mms_nodes', 'state'), legend: '{{state}}' }],
        },
      ],
    },
    {
      title: 'Queue',
      panels: [
        {
          title: 'Queue',
          description: 'Jobs that wait and run beside the limit, at which new ones are answered 503.',
          unit: 'short',
          queries: [
            { expr: `${sum('mms_queue_depth')} + ${sum('mms_jobs_running')}`, legend: 'waiting and running' },
            { expr: sum('mms_queue_limit'), legend: 'limit' },
          ],
        },
        {
          title: 'Longest wait',
          description: 'Of the jobs that have not started.',
          unit: 's',
          queries: [{ expr: series('mms_queue_oldest_seconds'), legend: '{{instance}}' }],
        },
        {
          title: 'Compute time asked and had',
          description: 'Threads that were kept busy, by kind of job.',
          unit: 'short',
          as: 'stacked',
          queries: [{ expr: rate('mms_compute_seconds_total', 'kind'), legend: '{{kind}}' }],
        },
      ],
    },
    {
      title: 'On the way',
      panels: [
        {
          title: 'Chunks sent',
          description: 'For the first time, and again after a loss.',
          unit: 'ops',
          queries: [{ expr: rate('mms_chunk_attempts_total', 'reason'), legend: '{{reason}}' }],
        },
        {
          title: 'Chunks back',
          description: 'By outcome.',
          unit: 'ops',
          queries: [{ expr: rate('mms_chunks_finished_total', 'outcome'), legend: '{{outcome}}' }],
        },
        {
          title: 'Messages dropped',
          description: 'Stale, late, double, unsent or malformed; some after a node was lost are normal.',
          unit: 'ops',
          queries: [{ expr: rate('mms_router_dropped_messages_total', 'reason'), legend: '{{reason}}' }],
        },
        {
          title: 'Restarts of the local node',
          description: 'Ends of the child process that nobody asked for.',
          unit: 'ops',
          queries: [{ expr: rate('mms_node_restarts_total'), legend: 'restarts' }],
        },
        {
          title: 'Peers refused',
          description: 'By a router with keys: key not allowed, no handshake, list unreadable.',
          unit: 'ops',
          queries: [{ expr: rate('mms_router_refused_peers_total', 'reason'), legend: '{{reason}}' }],
        },
      ],
    },
    {
      title: 'The service itself',
      panels: [
        {
          title: 'Event-loop lag',
          description: 'Longest delay between two scrapes; nodes are given up after 1.5 s of silence.',
          unit: 's',
          queries: [{ expr: series('mms_event_loop_lag_seconds'), legend: '{{instance}}' }],
        },
        {
          title: 'Processor',
          description: 'Cores that the service takes, without its nodes.',
          unit: 'short',
          queries: [{ expr: rate('process_cpu_seconds_total', 'instance'), legend: '{{instance}}' }],
        },
        {
          title: 'Memory',
          description: 'Resident, without its nodes.',
          unit: 'bytes',
          queries: [{ expr: series('process_resident_memory_bytes'), legend: '{{instance}}' }],
        },
      ],
    },
  ],
};
