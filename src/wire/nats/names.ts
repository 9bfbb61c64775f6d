/** What the subjects, streams and consumers of one cluster on a NATS server are called, and its address. */
import { MmsError } from '../../contract/problem.js';

/** Priority classes, the most urgent first: a node empties one before it asks for the next. */
export const BANDS = ['high', 'normal', 'low'] as const;
export type Band = (typeof BANDS)[number];

/** The priority that a job has when nobody says otherwise; it alone is the middle band. */
const NORMAL_PRIORITY = 5;

export function bandOf(priority: number): Band {
  if (priority === NORMAL_PRIORITY) return 'normal';
  return priority > NORMAL_PRIORITY ? 'high' : 'low';
}

export interface NatsAddress {
  /** host:port of every server that was named. */
  readonly servers: readonly string[];
  /** tls:// was asked for. */
  readonly tls: boolean;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Name of the cluster: what two services on one NATS server keep apart by. */
  readonly name: string;
  /** The address without its secrets. */
  readonly shown: string;
}

const SHAPE = /^(nats|tls):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([a-z][a-z0-9-]{0,31})?)?$/;
const SERVER = /^(?:\[[0-9a-fA-F:]+\]|[^\s:,[\]]+)(?::\d{1,5})?$/;

/** True for what is meant as the address of a NATS server. */
export function isNatsUrl(address: string): boolean {
  return /^(nats|tls):\/\//.test(address);
}

/** Reads nats://[USER:PASSWORD@|TOKEN@]HOST:PORT[,HOST:PORT...][/NAME]. Throws MmsError E_CONFIG. */
export function parseNatsUrl(url: string): NatsAddress {
  const [, scheme, secret, hosts, name = 'mms'] = SHAPE.exec(url) ?? [];
  const servers = hosts?.split(',') ?? [];
  if (servers.length === 0 || !servers.every((server) => SERVER.test(server))) {
    const got = url.replace(/\/\/[^/]*@/, '//***@');
    const detail = `Expected nats://HOST:PORT[,HOST:PORT...][/NAME], NAME of lower-case letters, digits and hyphens; got "${got}".`;
    throw new MmsError('E_CONFIG', detail);
  }
  const [user = '', pass] = (secret ?? '').split(':').map(unescaped);
  return {
    servers,
    tls: scheme === 'tls',
    ...(pass !== undefined && { user, pass }),
    ...(pass === undefined && user !== '' && { token: user }),
    name,
    shown: `${scheme}://${secret === undefined ? '' : '***@'}${hosts}${name === 'mms' ? '' : `/${name}`}`,
  };
}

/** Text in which %40 stands for @; what is no such code stays. */
function unescaped(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** A letter, digit, hyphen or underscore for each character: what may stand between two dots of a subject. */
export function token(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_');
}

/** Streams, consumers and subjects of the cluster `name`. */
export function namesOf(name: string) {
  const base = `mms-${name}`;
  return {
    /** Work that waits or runs: one subject for each chunk, deleted when it is acknowledged. */
    workStream: `${base}-work`,
    /** Ends of chunks that the service has not made durable yet. */
    endStream: `${base}-ends`,
    /** Pieces of messages larger than the server takes at once. */
    partStream: `${base}-parts`,
    endConsumer: 'service',
    workConsumer: (version: string, band: Band) => `${token(version)}-${band}`,
    /** `digest` names what the chunk computes. */
    work: (version: string, band: Band, jobId: string, chunk: number, digest: string) =>
      `${base}.work.${token(version)}.${band}.${tokenOnly(jobId)}.${chunk}.${digest}`,
    workOf: (version: string, band: Band) => `${base}.work.${token(version)}.${band}.>`,
    workOfJob: (jobId: string) => `${base}.work.*.*.${tokenOnly(jobId)}.>`,
    workOfChunk: (jobId: string, chunk: number) => `${base}.work.*.*.${tokenOnly(jobId)}.${chunk}.*`,
    allWork: `${base}.work.>`,
    end: (jobId: string, chunk: number, digest: string) =>
      `${base}.end.${tokenOnly(jobId)}.${chunk}.${digest}`,
    allEnds: `${base}.end.>`,
    part: (id: string, n: number | '*') => `${base}.part.${id}.${n}`,
    allParts: `${base}.part.>`,
    /** What a node says to the service. */
    service: (peer: string) => `${base}.service.${peer}`,
    /** What the service says to one node. */
    node: (peer: string) => `${base}.node.${peer}`,
    /** Ids of jobs whose chunks all nodes drop. */
    cancel: `${base}.cancel`,
  } as const;
}

export type NatsNames = ReturnType<typeof namesOf>;

/** What a subject of work or of an end says of its chunk. */
export interface ChunkSubject {
  readonly jobId: string;
  readonly chunk: number;
  readonly digest: string;
}

export interface WorkSubject extends ChunkSubject {
  readonly version: string;
  readonly band: Band;
}

/** Null for any other subject. */
export function readWorkSubject(subject: string): WorkSubject | null {
  const [, word, version, band, jobId, chunk, digest] = subject.split('.');
  const known = BANDS.find((one) => one === band);
  if (word !== 'work' || !known || version === undefined || jobId === undefined || digest === undefined)
    return null;
  return { version, band: known, jobId, chunk: Number(chunk), digest };
}

/** Null for any other subject. */
export function readEndSubject(subject: string): ChunkSubject | null {
  const [, word, jobId, chunk, digest] = subject.split('.');
  if (word !== 'end' || jobId === undefined || digest === undefined) return null;
  return { jobId, chunk: Number(chunk), digest };
}

/** Job ids are made here and never need escaping; another text would reach subjects that are not its own. */
function tokenOnly(id: string): string {
  if (token(id) !== id || id === '') throw new Error(`"${id}" cannot be part of a NATS subject`);
  return id;
}
