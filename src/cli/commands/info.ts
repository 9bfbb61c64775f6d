/** The commands that tell what is there: kinds, instruments, markets, this machine, data; and strategies. */
import type { Command } from 'commander';
import type { Io } from '../io.js';
import type { Services } from '../services.js';
import type { Ended } from '../exit.js';

export function addInfoCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  program
    .command('kinds')
    .description('list what can be simulated, or show one kind with its fields and tables')
    .argument('[name]', 'name of a kind')
    .option('--json', 'print JSON, with the schema')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const { showKinds } = await import('../kinds.js');
      ended(await showKinds(await services.kinds(), name, options.json === true, io));
    });
  program
    .command('instruments')
    .description('list the instruments that --instrument knows')
    .option('--json', 'print JSON, with all that each stands for')
    .action(async (options: { json?: boolean }) =>
      ended((await import('../instruments.js')).showInstruments(options.json === true, io)),
    );
  program
    .command('markets')
    .description('list the fitted markets that --ticker knows')
    .option('--json', 'print JSON, with all that each stands for')
    .action(async (options: { json?: boolean }) =>
      ended((await import('../markets.js')).showMarkets(await services.markets(), options.json === true, io)),
    );
  program
    .command('doctor')
    .description('check this machine and say how to mend what is missing')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) =>
      ended(await (await import('../doctor.js')).doctor(options, io)),
    );
}

export function addDataCommands(program: Command, io: Io, ended: Ended): void {
  program
    .command('data')
    .description('work with market data files')
    .command('inspect')
    .description('find out what feed files hold, and what in them cannot be true; gz is unpacked')
    .argument('<files...>', 'LOBSTER, NASDAQ ITCH 5.0, Bitstamp orders or Binance captures')
    .option('--json', 'print the accounts as JSON')
    .action(async (files: string[], options: { json?: boolean }) =>
      ended(await (await import('../data.js')).inspectFiles(files, options, io)),
    );
}

export function addStrategyCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  const strategy = program.command('strategy').description('write a strategy of your own');
  strategy
    .command('new')
    .description('write a strategy file that works, to be changed, and its types beside it')
    .argument('<name>', 'name of the file, without .ts')
    .action(async (name: string) => ended(await (await import('../strategy.js')).newStrategy(name, io)));
  strategy
    .command('check')
    .description('check a strategy file: declaration, types, and the same result twice')
    .argument('<file>', 'strategy file')
    .action(async (file: string) =>
      ended(await (await import('../strategy.js')).checkStrategy(file, services, io)),
    );
}
