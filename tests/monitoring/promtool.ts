/** promtool of Debian's package prometheus. */
import { spawnSync } from 'node:child_process';

/** What it says; throws with that when it finds a fault, or a sentence when it is missing. */
export function promtool(args: readonly string[], input = ''): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error) throw new Error('promtool is missing: apt-get install prometheus');
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout + stderr;
}
