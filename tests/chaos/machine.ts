/** What a row needs of the machine, and the sentence that says what is missing. */
import { spawnSync } from 'node:child_process';

/** Null when all programs are there; `programs` maps each to its Debian package. */
export function missingPrograms(programs: Readonly<Record<string, string>>): string | null {
  const absent = Object.keys(programs).filter((name) => spawnSync('which', [name]).status !== 0);
  if (absent.length === 0) return null;
  const packages = absent.map((name) => programs[name]);
  return `${absent.join(', ')} not installed: apt-get install ${packages.join(' ')}`;
}

/** Null when this process may do what only root may. */
export function missingRoot(what: string): string | null {
  return process.getuid?.() === 0 ? null : `${what} needs root`;
}

/** Runs a command to its end; throws what it said when it failed. */
export function sh(...command: readonly string[]): string {
  const [file, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file!, args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
}

/** Null when the command works here. */
export function missingAbility(what: string, ...command: readonly string[]): string | null {
  try {
    sh(...command);
    return null;
  } catch (error) {
    return `${what} does not work here: ${(error as Error).message.trim()}`;
  }
}
