/** The flags of every command that talks to a service: where it is, who asks, how long to go on trying. */
import type { Command } from 'commander';
import { badInput } from './exit.js';

export interface ServerOptions {
  readonly server?: string;
  readonly apiKeyFile?: string;
  /** Seconds. */
  readonly patience?: number;
}

const MAX_PATIENCE_S = 86_400;

export function addServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'address of the service (default: MMS_SERVER or http://127.0.0.1:8080)')
    .option('--api-key-file <file>', 'file with the API key (default: MMS_API_KEY or MMS_API_KEY_FILE)')
    .option(
      '--patience <s>',
      'seconds to go on trying while the service does not answer or is full, 0 for one try (default: 30)',
      readPatience,
    );
}

function readPatience(text: string): number {
  const patienceS = text.trim() === '' ? NaN : Number(text);
  if (patienceS >= 0 && patienceS <= MAX_PATIENCE_S) return patienceS;
  const expected = `Expected a number of seconds from 0 to ${MAX_PATIENCE_S}`;
  throw badInput(`--patience: ${expected}; got ${JSON.stringify(text)}.`);
}
