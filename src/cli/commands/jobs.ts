/** The commands that compute: they take their flags from a kind, so each gets all arguments as they came. */
import type { Command } from 'commander';
import type { Io } from '../io.js';
import type { Services } from '../services.js';
import type { Ended } from '../exit.js';

/** Runs the arguments after the command's name, --help included; resolves with the exit code. */
type Work = (args: readonly string[], services: Services, io: Io) => Promise<number>;

interface JobCommand {
  readonly name: string;
  readonly about: string;
  readonly usage: string;
  readonly load: () => Promise<Work>;
}

const JOB_COMMANDS: readonly JobCommand[] = [
  {
    name: 'run',
    about: 'simulate in this process and draw a report; see: mms run <kind> --help',
    usage: '[kind] [flags]',
    load: async () => (await import('../run.js')).run,
  },
  {
    name: 'submit',
    about: 'send a job to a running service; flags as for run',
    usage: '[kind] [flags]',
    load: async () => (await import('../remote.js')).submit,
  },
  {
    name: 'compare',
    about: 'run two specs on the same random numbers: A beats B by x ± y; see: mms compare --help',
    usage: 'A B [flags]',
    load: async () => (await import('../compare.js')).compare,
  },
  {
    name: 'sweep',
    about: 'run a kind over values of its spec: ranked table, heat map; see: mms sweep --help',
    usage: '[kind | FILE.yaml] [flags]',
    load: async () => (await import('../sweep.js')).sweep,
  },
  {
    name: 'across',
    about: 'run one strategy on every market, with one table; see: mms across --help',
    usage: '[flags]',
    load: async () => (await import('../across.js')).across,
  },
  {
    name: 'study',
    about: 'fit a market to a LOBSTER day, simulate it, compare both and a strategy; see: mms study --help',
    usage: 'MESSAGES [ORDERBOOK] [flags]',
    load: async () => (await import('../study.js')).study,
  },
  {
    name: 'validate',
    about: 'compare the models with published values; exit code 1 on a miss; --explain V1 tells of a check',
    usage: '[flags]',
    load: async () => (await import('../validate.js')).validate,
  },
  {
    name: 'calibrate',
    about: 'fit a market to data files and write it down: mms calibrate FILES... --out market.yaml',
    usage: 'FILES... [flags]',
    load: async () => (await import('../calibrate.js')).calibrate,
  },
];

export function addJobCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  for (const { name, about, usage, load } of JOB_COMMANDS) {
    program
      .command(name)
      .description(about)
      .usage(usage)
      .argument('[args...]')
      .helpOption(false)
      .allowUnknownOption()
      .action(async (args: string[]) => ended(await (await load())(args, services, io)));
  }
}
