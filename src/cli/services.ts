/** What the command line needs of the rest of the house; main.ts gives it, so cli loads no room early. */
import type { Hall, Kinds } from '../contract/ports.js';
import type { Markets } from '../data/markets.js';

/** A hall inside this process: memory store, threads of this machine, no service. */
export interface LocalHall {
  readonly hall: Hall;
  close(): Promise<void>;
}

/** What loadConfig of ops takes besides the environment: setting key -> value as typed, and two names. */
export interface ConfigFlags {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly file?: string;
  readonly preset?: string;
}

export interface NodeFlags extends ConfigFlags {
  /** Address of the router to join, tcp://HOST:PORT. */
  readonly router: string;
  /** Name of this node; made up when absent. */
  readonly id?: string;
  /** Public key that the router must prove to own, and the file of this node's own pair: both or none. */
  readonly serverKey?: string;
  readonly keyFile?: string;
}

/** What a store holds whose every hash was checked. */
export interface StoreAccount {
  readonly jobs: number;
  readonly unfinishedJobs: number;
  readonly results: number;
  readonly fileBytes: number;
}

export interface BackupFlags extends ConfigFlags {
  /** File of the backup. */
  readonly backup: string;
}

export interface RestoreFlags extends BackupFlags {
  /** Check the backup and write nothing. */
  readonly verify: boolean;
  /** Keep the store that is there as PATH.before. */
  readonly replace: boolean;
}

/** Every method loads what it needs when it is called. All may throw MmsError. */
export interface Services {
  readonly version: string;
  kinds(): Promise<Kinds>;
  /** The built-in fitted markets, for --ticker. */
  markets(): Promise<Markets>;
  /** `threads` 0 means one for each core. */
  localHall(options: { readonly threads: number }): Promise<LocalHall>;
  /** Runs until it is stopped; resolves with the exit code. */
  serve(flags: ConfigFlags): Promise<number>;
  node(flags: NodeFlags): Promise<number>;
  /** The store of the settings, copied while a service may use it. */
  backupStore(flags: BackupFlags): Promise<StoreAccount>;
  restoreStore(flags: RestoreFlags): Promise<StoreAccount>;
}
