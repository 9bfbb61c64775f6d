/** monitoring/compose.yml as data, and one of its services as a process in the profile of its container. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Image } from './image.js';
import { PATH, within, type Mount } from './profile.js';

export const COMPOSE_PATH = resolve(import.meta.dirname, '../../monitoring/compose.yml');

export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: Readonly<Record<string, unknown>> };
  };
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const readCompose = (): Compose =>
  parse(readFileSync(COMPOSE_PATH, 'utf8'), { merge: true }) as Compose;

/** The project's services of the file on a network and with volumes that are folders here. */
export class ComposeRun {
  readonly #compose = readCompose();
  readonly #image: Image;
  readonly #dir: string;
  readonly #netns: string;
  readonly #hosts: string;

  /** `netns`: a network namespace, in which all services share one loopback. */
  constructor(image: Image, dir: string, netns: string) {
    this.#image = image;
    this.#dir = dir;
    this.#netns = netns;
    this.#hosts = join(dir, 'hosts');
    const names = Object.keys(this.#compose.services).join(' ');
    writeFileSync(this.#hosts, `127.0.0.1 localhost ${names}\n`);
    for (const volume of Object.keys(this.#compose.volumes)) {
      mkdirSync(join(dir, volume));
      // As an engine does with an empty volume: it takes the owner of the image's folder.
      chownSync(join(dir, volume), 65532, 65532);
    }
  }

  /** The service's own command, or another one in its container. */
  start(name: string, command?: readonly string[]): ChildProcess {
    const service = this.#compose.services[name]!;
    const { entrypoint = this.#image.entrypoint, environment = {} } = service;
    const own = [...entrypoint, ...(service.command ?? this.#image.cmd)];
    const words = (command ?? own).map((word) => word.replaceAll('$$', '$'));
    const { root, workdir, env } = this.#image;
    const mounts = [...this.#mounts(service), { here: this.#hosts, inside: '/etc/hosts', isWritable: false }];
    const profile = within({ root, workdir, user: 65532, mounts });
    return spawn('ip', ['netns', 'exec', this.#netns, ...profile, ...words], {
      env: { ...env, ...environment, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #mounts({ volumes = [] }: ComposeService): Mount[] {
    return volumes.map((volume) => {
      const [source = '', inside = '', mode] = volume.split(':');
      return { here: join(this.#dir, source), inside, isWritable: mode !== 'ro' };
    });
  }
}

/** What the process printed, and its exit code, at its end. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((closed) => child.once('close', closed));
  return { code, output };
}

/** Resolves when it has printed what matches; rejects with all it said when it ends before. */
export async function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  let output = '';
  await new Promise<void>((matched, failed) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (pattern.test(output)) matched();
      });
    }
    child.once('close', (code) => failed(new Error(`ended with ${code}: ${output}`)));
  });
}
