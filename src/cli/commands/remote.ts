/** The commands that ask a running service about its jobs. */
import type { Command } from 'commander';
import type { RequeueOptions } from '../dead-letters.js';
import type { Io } from '../io.js';
import type { RemoteOptions } from '../remote.js';
import { addServerOptions } from '../server-options.js';
import type { Ended } from '../exit.js';

export function addRemoteCommands(program: Command, io: Io, ended: Ended): void {
  addServerOptions(
    program
      .command('status')
      .description('show a job of a running service, or the newest jobs')
      .argument('[id]', 'id of the job'),
  )
    .option('--wait', 'follow the job to its end')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string | undefined, options: RemoteOptions) =>
      ended(await (await import('../remote.js')).status(id, options, io)),
    );
  addServerOptions(
    program
      .command('cancel')
      .description('cancel a queued or running job of a service')
      .argument('<id>', 'id of the job'),
  )
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, options: RemoteOptions) =>
      ended(await (await import('../remote.js')).cancel(id, options, io)),
    );
}

export function addDeadLetterCommands(program: Command, io: Io, ended: Ended): void {
  addServerOptions(
    program
      .command('dead')
      .description('show the jobs that a service lost with what ran them: poison, time limits, lost nodes'),
  )
    .option('--json', 'print the jobs as JSON')
    .action(async (options: RemoteOptions) =>
      ended(await (await import('../dead-letters.js')).dead(options, io)),
    );
  addServerOptions(
    program
      .command('requeue')
      .description('send a job that ended without a result on its way again, as a new job')
      .argument('[id]', 'id of the job')
      .option('--all', 'every job that mms dead shows'),
  )
    .option('--json', 'print the new jobs as JSON')
    .action(async (id: string | undefined, options: RequeueOptions) =>
      ended(await (await import('../dead-letters.js')).requeue(id, options, io)),
    );
}
