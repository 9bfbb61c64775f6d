/** The command `mms`: its subcommands with their flags; each loads its code when it runs, so help is fast. */
import { Command, CommanderError } from 'commander';
import { addDataCommands, addInfoCommands, addStrategyCommands } from './commands/info.js';
import { addJobCommands } from './commands/jobs.js';
import { addDeadLetterCommands, addRemoteCommands } from './commands/remote.js';
import {
  addConfigCommands,
  addKeyCommands,
  addKeysCommands,
  addServiceCommands,
  addStoreCommands,
} from './commands/service.js';
import { examplesText } from './examples.js';
import { EXIT, tellFailure, type Ended } from './exit.js';
import type { Io } from './io.js';
import type { Services } from './services.js';

const FIRST_LINES = `Examples:
  mms run                                     a market maker in a generated order book, with a report
  mms run market-making --strategy fixed --halfSpreadTicks 2 --seed 7
  mms run market-making --messages msg.csv.gz --orderbook book.csv.gz
  mms compare a.yaml b.yaml --runs 64         A beats B by x ± y, on the same random numbers
  mms across --strategy adaptive              the same strategy on every market, in one table
  mms run paths --help                        the flags of a kind, with units and defaults
  mms validate                                the models beside published values
  mms strategy new my-maker                   a strategy of your own: mms run ./my-maker.ts --watch
  mms data inspect feed.itch.gz               what a data file holds, and its quality
  mms serve                                   the HTTP service on http://127.0.0.1:8080
  mms submit market-making --seed 7 --wait    the same job on the service
`;
const LAST_LINE =
  '\nExit codes: 0 ok, 1 failed, 2 bad input, 3 unreachable, 4 some cells of a sweep failed, 130 interrupted';

/** Runs one command line (without node and script); resolves with the exit code and never throws. */
export async function runCli(args: readonly string[], services: Services, io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(services, io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(helpLast(args), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    return tellFailure(io, error);
  }
}

/** `mms` alone and `mms help run` ask for help as `mms run --help` does, so that a kind's flags are in it. */
function helpLast(args: readonly string[]): string[] {
  if (args.length === 0) return ['--help'];
  return args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : [...args];
}

/** The program with all commands; `ended` hears the exit code of the command that ran. */
export function createProgram(services: Services, io: Io, ended: Ended): Command {
  const program = new Command('mms')
    .description(
      'Market microstructure simulator: a true limit order book, order flow, market making and replay',
    )
    .version(services.version)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .exitOverride()
    .addHelpText('before', FIRST_LINES)
    .addHelpText('after', LAST_LINE);
  addJobCommands(program, services, io, ended);
  addServiceCommands(program, services, ended);
  addKeyCommands(program, io, ended);
  addKeysCommands(program, io, ended);
  addStoreCommands(program, services, io, ended);
  addConfigCommands(program, io, ended);
  addRemoteCommands(program, io, ended);
  addDeadLetterCommands(program, io, ended);
  addInfoCommands(program, services, io, ended);
  addDataCommands(program, io, ended);
  addStrategyCommands(program, services, io, ended);
  for (const command of program.commands) leadWithExamples(command, command.name());
  return program;
}

/** The help of the command, and of those in its group, begins with its examples. */
function leadWithExamples(command: Command, words: string): void {
  command.addHelpText('before', examplesText(words));
  for (const member of command.commands) leadWithExamples(member, `${words} ${member.name()}`);
}
