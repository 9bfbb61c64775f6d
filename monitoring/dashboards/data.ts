/** What is on disk: size and growth, commits, retention, backups, and the cache in front of it. */
import type { Dashboard } from './grafana.js';
import { countRate, quantile, rate, series, sum } from './query.js';

export const data: Dashboard = {
  uid: 'mms-data',
  title: 'MMS data',
  description: 'Size and growth of the store, commits, retention, backups, the cache.',
  rows: [
    {
      title: 'Disk',
      panels: [
        {
          title: 'Store',
          description: 'Database with large results, the part of it that removed jobs left, the log.',
          unit: 'bytes',
          queries: [
            { expr: series('mms_db_bytes'), legend: 'store' },
            { expr: series('mms_db_free_bytes'), legend: 'free inside' },
            { expr: series('mms_db_wal_bytes'), legend: 'write-ahead log' },
          ],
        },
        {
          title: 'Free disk',
          description: 'Room left where the store is.',
          unit: 'bytes',
          queries: [{ expr: series('mms_disk_free_bytes'), legend: '{{instance}}' }],
        },
        {
          title: 'Growth',
          description: 'Of the store, over the last hour.',
          unit: 'Bps',
          queries: [{ expr: `clamp_min(deriv(${series('mms_db_bytes')}[1h]), 0)`, legend: '{{instance}}' }],
        },
      ],
    },
    {
      title: 'Commits',
      panels: [
        {
          title: 'Commits',
          description: 'Each holds all that waited for the one before.',
          unit: 'ops',
          queries: [{ expr: countRate('mms_store_commit_seconds'), legend: 'commits' }],
        },
        {
          title: 'Time of a commit',
          description: 'With its sync: an acceptance waits for one.',
          unit: 's',
          queries: [0.5, 0.99].map((q) => ({
            expr: quantile(q, 'mms_store_commit_seconds'),
            legend: `${100 * q} %`,
          })),
        },
        {
          title: 'Since the last backup',
          description: 'By mms backup; since 1970 when there never was one.',
          unit: 's',
          as: 'stat',
          yellow: 26 * 3600,
          queries: [{ expr: `time() - ${series('mms_backup_timestamp_seconds')}`, legend: '{{instance}}' }],
        },
        {
          title: 'Store and cache',
          description: 'Parts that are degraded; a store that cannot write ends the service.',
          unit: 'bool_yes_no',
          as: 'stat',
          yellow: 1,
          queries: [{ expr: `max by (component) (${series('mms_degraded')})`, legend: '{{component}}' }],
        },
      ],
    },
    {
      title: 'Results',
      panels: [
        {
          title: 'Questions to the cache',
          description: 'By where the answer was.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_cache_requests_total', 'result'), legend: '{{result}}' }],
        },
        {
          title: 'Removed by retention',
          description: 'Ended jobs, by the rule that removed them.',
          unit: 'ops',
          as: 'stacked',
          queries: [{ expr: rate('mms_jobs_removed_total', 'reason'), legend: '{{reason}}' }],
        },
        {
          title: 'Hash mismatches',
          description: 'Stored or repeated results without their digest.',
          unit: 'short',
          queries: [{ expr: sum('mms_result_hash_mismatch_total'), legend: 'mismatches' }],
        },
      ],
    },
  ],
};
