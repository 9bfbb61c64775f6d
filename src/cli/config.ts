/** `mms config show|check`: the settings, where each comes from, and whether a file of them is right. */
import { loadConfig } from '../ops/config.js';
import { showConfig, shownSettings } from '../ops/show-config.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import type { ConfigFlags } from './services.js';

export interface ShowOptions {
  readonly origin?: boolean;
  readonly json?: boolean;
}

/** Secrets are hidden. Throws E_CONFIG with every fault. */
export async function show(options: ShowOptions, given: ConfigFlags, io: Io): Promise<number> {
  const loaded = loadConfig({ ...given, env: io.env, folder: process.cwd() });
  if (options.json) io.out(`${JSON.stringify(shownSettings(loaded), null, 2)}\n`);
  else io.out(showConfig(loaded, options.origin === true));
  for (const warning of loaded.warnings) io.talk(`warning: ${warning}\n`);
  return EXIT.ok;
}

/** The file alone as this machine would take it, or all that mms serve would read here. Throws E_CONFIG. */
export async function check(file: string | undefined, io: Io): Promise<number> {
  const loaded = loadConfig(file === undefined ? { env: io.env, folder: process.cwd() } : { file });
  const own = Object.entries(shownSettings(loaded)).filter(([, { origin }]) => origin !== 'default');
  for (const [key, { value, hot }] of own) {
    const when = hot ? 'taken on SIGHUP' : 'taken at the start';
    io.out(`${key}: ${value === '(hidden)' ? value : JSON.stringify(value)}  # ${when}\n`);
  }
  io.talk(
    `${file ?? 'What mms serve would read here'} is right; it sets ${own.length} ${own.length === 1 ? 'setting' : 'settings'}.\n`,
  );
  for (const warning of loaded.warnings) io.talk(`warning: ${warning}\n`);
  return EXIT.ok;
}
