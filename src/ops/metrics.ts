/** All metrics of the service in one table, and the port that counts and prints them. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry, type Counter } from 'prom-client';
import { TERMINAL_STATES } from '../contract/job.js';
import type { Meter } from '../contract/ports.js';
import { Metric, type MetricDecl } from './metric.js';

/** Half a millisecond to a minute: what was measured for requests, waits and runs. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Base units, _total for counters, no ids in labels; alerts and dashboards rely on the names. */
export const METRICS = {
  mms_build_info: {
    type: 'gauge',
    help: 'Always 1; the labels tell what runs.',
    labels: ['version', 'node'],
  },
  mms_insecure: { type: 'gauge', help: '1 when addresses beyond this machine were allowed by --insecure.' },
  mms_config_reload_failed: {
    type: 'gauge',
    help: '1 when the last reading of the configuration (SIGHUP) was refused.',
  },
  mms_ready: { type: 'gauge', help: '1 when /health/ready answers 200.' },
  mms_degraded: {
    type: 'gauge',
    help: '1 while a part of the service is worse than it should be.',
    labels: ['component'],
  },
  mms_http_request_seconds: {
    type: 'histogram',
    help: 'Time from request to end of answer.',
    labels: ['route', 'method', 'status'],
    buckets: SECONDS,
  },
  mms_http_connections_refused_total: {
    type: 'counter',
    help: 'Connections beyond the limit of the service (E_BUSY) or of one client (E_RATE).',
    labels: ['code'],
    known: { code: ['E_BUSY', 'E_RATE'] },
  },
  mms_http_unauthorized_total: {
    type: 'counter',
    help: 'Requests without a live API key, where one is needed.',
    labels: ['reason'],
    known: { reason: ['missing', 'unknown', 'expired', 'revoked'] },
  },
  mms_http_watchers: { type: 'gauge', help: 'Open event streams.' },
  mms_event_loop_lag_seconds: {
    type: 'gauge',
    help: 'Longest delay of the main event loop since the scrape before.',
  },
  mms_jobs_accepted_total: {
    type: 'counter',
    help: 'Jobs committed to disk and acknowledged.',
    labels: ['kind'],
  },
  mms_jobs_finished_total: {
    type: 'counter',
    help: 'Jobs that reached a terminal state.',
    labels: ['kind', 'outcome'],
    known: { outcome: TERMINAL_STATES },
  },
  mms_jobs_failed_total: {
    type: 'counter',
    help: 'Jobs that ended as failed, by the code of their problem.',
    labels: ['kind', 'code'],
    known: { code: ['E_JOB', 'E_NONFINITE', 'E_POISON', 'E_TIMEOUT', 'E_INTERNAL'] },
  },
  mms_sim_steps_total: {
    type: 'counter',
    help: 'Steps of finished work (events, price steps, rows), as the estimate of its kind counts them.',
    labels: ['kind'],
  },
  mms_compute_seconds_total: {
    type: 'counter',
    help: 'Time that threads computed chunks which came back.',
    labels: ['kind'],
  },
  mms_job_queue_seconds: {
    type: 'histogram',
    help: 'Time from acceptance to first chunk.',
    buckets: SECONDS,
  },
  mms_job_run_seconds: {
    type: 'histogram',
    help: 'Time from first chunk to terminal state.',
    labels: ['kind'],
    buckets: SECONDS,
  },
  mms_queue_depth: { type: 'gauge', help: 'Jobs accepted and not yet running.' },
  mms_queue_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest job that is not yet running has waited, or since the start of the service.',
  },
  mms_jobs_running: { type: 'gauge', help: 'Jobs with at least one chunk started.' },
  mms_queue_limit: { type: 'gauge', help: 'Jobs that may wait or run at once.' },
  mms_cache_requests_total: {
    type: 'counter',
    help: 'Questions to the result cache, by where the answer was: memory, redis, the store, or nowhere.',
    labels: ['result'],
    known: { result: ['memory', 'redis', 'store', 'miss'] },
  },
  mms_result_hash_mismatch_total: {
    type: 'counter',
    help: 'Stored or repeated results whose digest was not the recorded one.',
  },
  mms_router_refused_peers_total: {
    type: 'counter',
    help: 'Peers that a router with keys did not let in: key not allowed, no key shown, list unreadable.',
    labels: ['reason'],
    known: { reason: ['key', 'handshake', 'list'] },
  },
  mms_nodes: { type: 'gauge', help: 'Connected nodes.', labels: ['state'] },
  mms_node_threads: { type: 'gauge', help: 'Compute threads of the connected nodes.', labels: ['state'] },
  mms_node_threads_busy: { type: 'gauge', help: 'Compute threads that have a chunk.' },
  mms_chunks_finished_total: {
    type: 'counter',
    help: 'Chunks that came back from a node.',
    labels: ['outcome'],
    known: { outcome: ['done', 'failed'] },
  },
  mms_chunk_attempts_total: {
    type: 'counter',
    help: 'Chunks sent to a node: for the first time, or again after a loss.',
    labels: ['reason'],
    known: { reason: ['first', 'again'] },
  },
  mms_router_dropped_messages_total: {
    type: 'counter',
    help: 'Wire messages counted and dropped.',
    labels: ['reason'],
    known: { reason: ['stale', 'late', 'duplicate', 'unsent'] },
  },
  mms_node_restarts_total: { type: 'counter', help: 'Restarts of the local node by its supervisor.' },
  mms_store_commit_seconds: { type: 'histogram', help: 'Time of one group commit.', buckets: SECONDS },
  mms_db_bytes: { type: 'gauge', help: 'Size of the database and its large results, without the log.' },
  mms_db_free_bytes: { type: 'gauge', help: 'Part of mms_db_bytes that removed jobs left for new ones.' },
  mms_db_wal_bytes: { type: 'gauge', help: 'Size of the write-ahead log beside the database.' },
  mms_disk_free_bytes: { type: 'gauge', help: 'Room left on the disk of the database.' },
  mms_backup_timestamp_seconds: {
    type: 'gauge',
    help: 'When mms backup last copied this store, since the epoch; 0 for never.',
  },
  mms_jobs_removed_total: {
    type: 'counter',
    help: 'Ended jobs that retention removed, by the rule: age, count or bytes.',
    labels: ['reason'],
    known: { reason: ['age', 'count', 'bytes'] },
  },
  process_cpu_seconds_total: { type: 'counter', help: 'User and system CPU time of this process.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory of this process.' },
  process_start_time_seconds: { type: 'gauge', help: 'Start of this process since the epoch.' },
} as const satisfies Record<string, MetricDecl>;

export type MetricName = keyof typeof METRICS;

export interface Metrics extends Meter {
  /** Called before every print, to set gauges from what the parts tell. */
  onScrape(collect: () => void): void;
  /** Removes all label sets of a gauge, so that a vanished one is not reported for ever. */
  clear(name: MetricName): void;
  /**
   * Starts counters and histograms at 0 for all label values that are known beforehand, their own and these:
   * one that appears with its first count hides that count from increase() and rate().
   */
  begin(known: Readonly<Record<string, readonly string[]>>): void;
  /** Prometheus text format 0.0.4; see contentType. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Ends the measurement of the event loop. */
  close(): void;
}

/**
 * A name that is not in METRICS, or a label that is not its own, throws: nobody sees an undeclared counter.
 * Those without labels start at 0, so that rates and alerts work from the first scrape.
 */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const made = new Map(Object.entries(METRICS).map(([name, decl]) => [name, new Metric(name, decl)]));
  // The registry asks its metrics for nothing but get(); its types know only the library's own.
  for (const metric of made.values()) registry.registerMetric(metric as unknown as Counter);
  const find = (name: string, type: MetricDecl['type']): Metric => {
    const metric = made.get(name);
    if (metric?.type === type) return metric;
    throw new Error(`${name} is not a declared ${type}; see src/ops/metrics.ts`);
  };
  const collectors: (() => void)[] = [];
  const loop = monitorEventLoopDelay({ resolution: LAG_TICK_MS });
  loop.enable();

  const metrics: Metrics = {
    count: (name, labels = NONE, by = 1) => find(name, 'counter').add(labels, by),
    gauge: (name, value, labels = NONE) => find(name, 'gauge').set(labels, value),
    observe: (name, value, labels = NONE, times = 1) => find(name, 'histogram').observe(labels, value, times),
    onScrape: (collect) => void collectors.push(collect),
    clear: (name) => find(name, 'gauge').clear(),
    begin(known) {
      for (const metric of made.values()) metric.begin(known);
    },
    async text() {
      for (const collect of collectors) collect();
      return registry.metrics();
    },
    contentType: registry.contentType,
    close: () => void loop.disable(),
  };
  metrics.begin({});
  metrics.gauge('mms_build_info', 1, { version, node: process.versions.node });
  metrics.gauge('process_start_time_seconds', Math.round(Date.now() / 1000 - process.uptime()));
  metrics.onScrape(() => {
    // The histogram counts its own tick; only what exceeds it is lag. It is 0 right after a reset.
    metrics.gauge('mms_event_loop_lag_seconds', Math.max(0, loop.max / 1e9 - LAG_TICK_MS / 1e3));
    loop.reset();
    const { user, system } = process.cpuUsage();
    find('process_cpu_seconds_total', 'counter').set(NONE, (user + system) / 1e6);
    metrics.gauge('process_resident_memory_bytes', process.memoryUsage.rss());
  });
  return metrics;
}

const NONE = {};
/** A finer tick would wake an idle service more often than anything else does. */
const LAG_TICK_MS = 50;
