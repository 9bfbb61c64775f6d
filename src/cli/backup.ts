/** `mms backup` and `mms restore`: copies of the job store, checked from end to end. */
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import type { ConfigFlags, Services, StoreAccount } from './services.js';

export interface RestoreOptions {
  readonly verify?: boolean;
  readonly replace?: boolean;
}

export async function backup(file: string, flags: ConfigFlags, services: Services, io: Io): Promise<number> {
  const account = await services.backupStore({ ...flags, backup: file });
  io.out(`${file}: ${describe(account)}\n`);
  return EXIT.ok;
}

/** With `verify` alone nothing is written. */
export async function restore(
  file: string,
  options: RestoreOptions,
  flags: ConfigFlags,
  services: Services,
  io: Io,
): Promise<number> {
  const { verify = false, replace = false } = options;
  const account = await services.restoreStore({ ...flags, backup: file, verify, replace });
  io.out(`${file}: ${describe(account)}${verify ? '' : '; restored'}\n`);
  return EXIT.ok;
}

function describe({ jobs, unfinishedJobs, results, fileBytes }: StoreAccount): string {
  const mib = (fileBytes / 2 ** 20).toFixed(1);
  return `${jobs} jobs (${unfinishedJobs} unfinished), ${results} results, ${mib} MiB, every hash is right`;
}
