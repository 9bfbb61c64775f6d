/** What this bench uses of BullMQ, which is installed beside it only for the bench. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

export const PEER_FOLDER = resolve('tests/bench/cluster/peers');

/** One job of the peer: units from..to-1 of a seed. */
export interface WalkData {
  readonly seed: number;
  readonly steps: number;
  readonly from: number;
  readonly to: number;
}

export interface PeerConnection {
  readonly host: string;
  readonly port: number;
  readonly maxRetriesPerRequest?: null;
}

export interface PeerJob {
  readonly id: string;
  readonly data: WalkData;
  readonly returnvalue: unknown;
  waitUntilFinished(events: PeerEvents): Promise<unknown>;
}

export interface PeerEvents {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

export interface PeerQueue {
  add(name: string, data: WalkData): Promise<PeerJob>;
  addBulk(jobs: readonly { name: string; data: WalkData }[]): Promise<PeerJob[]>;
  getJobCountByTypes(...types: string[]): Promise<number>;
  getJobs(types: readonly string[], start: number, end: number): Promise<PeerJob[]>;
  obliterate(options: { force: boolean }): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface PeerPackage {
  readonly Queue: new (name: string, options: { connection: PeerConnection }) => PeerQueue;
  readonly QueueEvents: new (name: string, options: { connection: PeerConnection }) => PeerEvents;
  readonly Worker: new (
    name: string,
    work: (job: { data: WalkData }) => Promise<unknown>,
    options: { connection: PeerConnection; concurrency: number },
  ) => { waitUntilReady(): Promise<unknown> };
}

export function openPeer(): PeerPackage {
  return createRequire(resolve(PEER_FOLDER, 'package.json'))('bullmq') as PeerPackage;
}
