/** The streams and consumers of one cluster, made or brought up to date, and what the streams hold. */
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import { MmsError } from '../../contract/problem.js';
import type { Link } from '../../wire/nats/link.js';
import { BANDS, readEndSubject, readWorkSubject, token } from '../../wire/nats/names.js';
import type { ChunkSubject } from '../../wire/nats/names.js';
import { chunkKey } from '../roster.js';
import type { Contents } from './state.js';

const NS_PER_MS = 1e6;
/** Publishing the same id again within this time keeps one message. */
const DUPLICATES_MS = 120_000;
/** Parts are deleted when they were read; what was forgotten goes after this time. */
const PART_AGE_MS = 6 * 3_600_000;
/** Ends are acknowledged when their job is over; until then they must not come twice. */
const END_LEASE_MS = 24 * 3_600_000;
const EXISTS = 10_058;

export interface StreamOptions {
  readonly version: string;
  readonly leaseMs: number;
  /** Copies that the NATS cluster keeps of each stream. */
  readonly replicas: number;
}

/**
 * Makes the three streams and the consumers of this version. Throws MmsError E_CONFIG when the server does
 * not keep streams.
 */
export async function ensureStreams(
  link: Link,
  { version, leaseMs, replicas }: StreamOptions,
): Promise<void> {
  const { names } = link;
  const common = { storage: StorageType.File, num_replicas: replicas };
  const queue = {
    ...common,
    retention: RetentionPolicy.Workqueue,
    duplicate_window: DUPLICATES_MS * NS_PER_MS,
  };
  const parts = { max_age: PART_AGE_MS * NS_PER_MS, duplicate_window: DUPLICATES_MS * NS_PER_MS };
  await ensureStream(link, { ...queue, name: names.workStream, subjects: [names.allWork] });
  await ensureStream(link, { ...queue, name: names.endStream, subjects: [names.allEnds] });
  const partStream = { ...common, ...parts, name: names.partStream, subjects: [names.allParts] };
  await ensureStream(link, { ...partStream, allow_direct: true });
  for (const band of BANDS) {
    await ensureConsumer(link, names.workStream, {
      ...explicit(leaseMs),
      durable_name: names.workConsumer(version, band),
      filter_subject: names.workOf(version, band),
    });
  }
}

/** Everything in the stream of ends comes anew from here on. */
export async function freshEnds({ jsm, names }: Link): Promise<void> {
  await jsm.consumers.delete(names.endStream, names.endConsumer).catch(() => false);
  await jsm.consumers.add(names.endStream, { ...explicit(END_LEASE_MS), durable_name: names.endConsumer });
}

/** Work of other versions than this one: its nodes are refused, so nobody would run it. */
export async function removeOtherVersions({ jsm, names }: Link, version: string): Promise<void> {
  const own: readonly string[] = BANDS.map((band) => names.workConsumer(version, band));
  for await (const { name } of jsm.consumers.list(names.workStream)) {
    if (!own.includes(name)) await jsm.consumers.delete(names.workStream, name);
  }
  const versions = new Set<string>();
  for (const subject of await subjectsOf(jsm, names.workStream)) {
    versions.add(readWorkSubject(subject)?.version ?? '');
  }
  versions.delete(token(version));
  for (const other of versions) {
    await jsm.streams.purge(names.workStream, { filter: names.allWork.replace('>', `${other}.>`) });
  }
}

/** What the streams hold, by chunk key. */
export async function contents({ jsm, names }: Link): Promise<Contents> {
  const work = new Map<string, ChunkSubject>();
  for (const subject of await subjectsOf(jsm, names.workStream)) {
    const found = readWorkSubject(subject);
    if (found) work.set(chunkKey(found.jobId, found.chunk), found);
  }
  const ends = new Map<string, ChunkSubject>();
  for (const subject of await subjectsOf(jsm, names.endStream)) {
    const found = readEndSubject(subject);
    if (found) ends.set(chunkKey(found.jobId, found.chunk), found);
  }
  return { work, ends };
}

async function subjectsOf(jsm: Link['jsm'], stream: string): Promise<string[]> {
  const { state } = await jsm.streams.info(stream, { subjects_filter: '>' });
  return Object.keys(state.subjects ?? {});
}

function explicit(leaseMs: number): Partial<ConsumerConfig> {
  return {
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: leaseMs * NS_PER_MS,
    max_ack_pending: -1,
    max_deliver: -1,
  };
}

async function ensureStream({ jsm }: Link, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  try {
    await jsm.streams.add(config);
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw noJetStream(cause as Error);
    if (cause.code !== EXISTS) throw noJetStream(cause);
    await jsm.streams.update(config.name, config);
  }
}

async function ensureConsumer(
  { jsm }: Link,
  stream: string,
  config: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  try {
    await jsm.consumers.add(stream, config);
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause;
    await jsm.consumers.update(stream, config.durable_name, config);
  }
}

function noJetStream(cause: Error): MmsError {
  const detail = `Expected a NATS server that keeps streams; it says: ${cause.message}. Start it with "nats-server -js"; more than one replica needs a cluster.`;
  return new MmsError('E_CONFIG', detail);
}
