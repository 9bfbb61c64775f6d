/** A second machine for end-to-end tests: a network namespace of Linux with one cable to this one. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

export interface SecondMachine {
  /** Address of this machine on the cable. */
  readonly nearAddress: string;
  /** Put before a command, it runs on the second machine, which reaches nothing but the cable. */
  readonly within: readonly string[];
  remove(): void;
}

const ip = (line: string): Buffer =>
  execFileSync('ip', line.split(' '), { stdio: ['ignore', 'pipe', 'pipe'] });

/** Makes one; the reason in words where that needs rights or a program that are not here. */
export function secondMachine(): SecondMachine | string {
  const name = `mms-${process.pid}`;
  const [near, far] = [`mms${process.pid}a`, `mms${process.pid}b`];
  const net = `10.91.${randomInt(256)}.${4 * randomInt(64)}`.split('.').map(Number);
  const host = (n: number): string => [...net.slice(0, 3), net[3]! + n].join('.');
  const remove = (): void => {
    try {
      // The cable goes with the namespace that holds its end.
      ip(`netns del ${name}`);
    } catch {
      // It was never made, or is removed already.
    }
  };
  try {
    ip(`netns add ${name}`);
    ip(`link add ${near} type veth peer name ${far} netns ${name}`);
    ip(`addr add ${host(1)}/30 dev ${near}`);
    ip(`link set ${near} up`);
    ip(`-n ${name} addr add ${host(2)}/30 dev ${far}`);
    ip(`-n ${name} link set ${far} up`);
  } catch (error) {
    remove();
    return (error as Error).message.trim().split('\n').at(-1)!;
  }
  process.once('exit', remove);
  return { nearAddress: host(1), within: ['ip', 'netns', 'exec', name], remove };
}
