/**
 * A command in the profile of a hardened container, without a container engine: a mount namespace of its own,
 * a folder as root with the system's programs in it, and where asked read-only, as uid 65532 with no
 * capability and no way to get one. Needs root on Linux.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';

/** Folders of this machine in the place of what a base image holds. */
const SYSTEM = ['/usr', '/etc', '/dev', '/proc', dirname(process.execPath)];

/** PATH of the programs of a profile. */
export const PATH = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

export interface Profile {
  /** Folder that becomes /. */
  readonly root: string;
  /** Working directory inside. */
  readonly workdir: string;
  /** Folders of this machine, mounted inside. */
  readonly mounts?: readonly Mount[];
  /** 65532: everything but writable mounts and a fresh /tmp is read-only, and all rights are gone. */
  readonly user: 'root' | 65532;
}

export interface Mount {
  readonly here: string;
  readonly inside: string;
  readonly isWritable: boolean;
}

/** In order: the root onto itself, a fresh /tmp, the mounts, and then the root read-only. */
const SCRIPT = `
root=$1 workdir=$2 user=$3 count=$4; shift 4
mount --bind "$root" "$root"
for dir in bin sbin lib lib64; do
  if [ -L /$dir ]; then ln -sfn "$(readlink /$dir)" "$root/$dir"
  elif [ -d /$dir ]; then mkdir -p "$root/$dir"; mount --rbind /$dir "$root/$dir"; fi
done
mkdir -p "$root/tmp"
[ $user = root ] || mount -t tmpfs tmpfs "$root/tmp"
while [ $count -gt 0 ]; do
  [ -e "$root/$2" ] || mkdir -p "$root/$2"
  mount --rbind "$1" "$root/$2"
  [ "$3" = true ] || mount -o remount,bind,ro "$root/$2"
  shift 3; count=$((count - 1))
done
if [ $user = root ]; then exec chroot "$root" env -C "$workdir" "$@"; fi
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid $user --regid $user --clear-groups --no-new-privs \\
  --bounding-set=-all --inh-caps=-all --ambient-caps=-all env -C "$workdir" "$@"
`;

/** Words to put before a command. */
export function within({ root, workdir, user, mounts = [] }: Profile): string[] {
  const system = SYSTEM.map((dir) => ({
    here: dir,
    inside: dir,
    isWritable: dir === '/dev' || dir === '/proc',
  }));
  const all = [...system, ...mounts];
  return [
    ...['unshare', '--mount', 'sh', '-euc', SCRIPT, 'sh', root, workdir, String(user), String(all.length)],
    ...all.flatMap(({ here, inside, isWritable }) => [here, inside, String(isWritable)]),
  ];
}

/** The command's output; throws with all it said when it fails. */
export function runWithin(profile: Profile, command: readonly string[], env: Record<string, string>): string {
  const [program, ...args] = [...within(profile), ...command];
  return execFileSync(program!, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Why this machine cannot do it, or null. */
export function whyNoProfile(): string | null {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  const tried = spawnSync('unshare', ['--mount', 'setpriv', '--no-new-privs', 'true'], { encoding: 'utf8' });
  if (tried.error) return tried.error.message;
  return tried.status === 0 ? null : tried.stderr.trim();
}
