/** Faults of system calls of a process that runs, injected by strace. */
import { readdirSync, readFileSync } from 'node:fs';
import { quietly, until } from './http.js';
import type { Lab, Program } from './lab.js';

/** e.g. inject(lab, pid, 'fsync', 'error=EIO:when=5+'). Resolves when every thread is traced. */
export async function inject(lab: Lab, pid: number, calls: string, fault: string): Promise<Program> {
  const tracer = lab.run([
    'strace',
    '-f',
    '-qq',
    '-p',
    `${pid}`,
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:${fault}`,
  ]);
  await until('strace is attached', () => {
    if (tracer.child.exitCode !== null) throw new Error(`strace ended: ${tracer.log.join(' ')}`);
    return quietly(async () =>
      readdirSync(`/proc/${pid}/task`).every((task) =>
        /^TracerPid:\s+[1-9]/m.test(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')),
      ),
    );
  });
  return tracer;
}
