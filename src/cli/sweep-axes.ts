/** Reads axes of sweeps as people type them: gamma=0.01..1:log25, runs=2,4,8, strategy=fixed,adaptive. */
import type { SweepAxis } from '../contract/sweep.js';
import { badInput } from './exit.js';
import type { Flag } from './flags.js';

/** A whole range without points is taken number by number up to so many. */
const MAX_STEPS = 1_000;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const RANGE = new RegExp(String.raw`^(${NUMBER})\.\.(${NUMBER})((?::\w+)*)$`, 'i');
const POINTS = /^(log|linear)?(\d+)?$/;

export interface NamedAxis {
  /** Dotted path into the spec. */
  readonly path: string;
  readonly axis: SweepAxis;
  /** The flag that it stands for; null for the seed, and for paths that no flag has. */
  readonly flag: Flag | null;
}

/** NAME=VALUES, NAME as in the flag of the kind or a dotted path; `drawn`: the design draws its points. */
export function readAxis(option: string, text: string, flags: readonly Flag[], drawn: boolean): NamedAxis {
  const at = text.indexOf('=');
  const name = text.slice(0, at).trim();
  if (at < 1 || text.slice(at + 1).trim() === '')
    throw badInput(`${option}: Expected NAME=VALUES, e.g. gamma=0.01..1:log25; got ${JSON.stringify(text)}.`);
  const { path, flag } = axisPath(name, flags);
  const axis = readValues(`${option} ${name}`, text.slice(at + 1).trim(), flag, drawn);
  return { path: wholePath(path, flag, axis), flag, axis };
}

/** Whole variants stand in the place of the variant and not of its type: strategy.type -> strategy. */
export function wholePath(path: string, flag: Flag | null, axis: SweepAxis): string {
  const isWhole =
    flag?.chooses === true && Array.isArray(axis) && axis.every((value) => typeof value === 'object');
  return isWhole ? path.slice(0, path.lastIndexOf('.')) : path;
}

/** The path that a flag's name means: gamma -> strategy.gamma, strategy -> strategy.type. */
export function axisPath(name: string, flags: readonly Flag[]): { path: string; flag: Flag | null } {
  if (name === 'seed') return { path: name, flag: null };
  const plain = (word: string): string => word.replaceAll('-', '').toLowerCase();
  const found =
    flags.find((flag) => plain(flag.path.join('.')) === plain(name)) ??
    flags.find((flag) => plain(flag.name) === plain(name));
  return found ? { path: found.path.join('.'), flag: found } : { path: name, flag: null };
}

/** FROM..TO[:[log|linear][N]][:integer], a JSON list, or values separated by commas. */
export function readValues(where: string, text: string, flag: Flag | null, drawn: boolean): SweepAxis {
  const range = RANGE.exec(text);
  if (range) return readRange(where, text, range, flag?.type === 'integer', drawn);
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text) as unknown[];
    } catch {
      throw badInput(`${where}: Expected a JSON list; got ${JSON.stringify(text)}.`);
    }
  }
  return text.split(',').map((part) => readOne(part.trim()));
}

function readRange(
  where: string,
  text: string,
  [, low, high, rest]: RegExpExecArray,
  isInteger: boolean,
  drawn: boolean,
): SweepAxis {
  const words = rest!.split(':').slice(1);
  const wanted = words.filter((word) => word !== 'integer');
  const [, scale, n] = POINTS.exec(wanted[0] ?? '') ?? [];
  if (wanted.length > 1 || (wanted.length === 1 && scale === undefined && n === undefined)) {
    const expected = 'FROM..TO with points, e.g. 0.01..1:log25, 0.5..4:20 or 1..64:log7:integer';
    throw badInput(`${where}: Expected ${expected}; got ${JSON.stringify(text)}.`);
  }
  const [from, to] = [Number(low), Number(high)];
  const whole = Number.isInteger(from) && Number.isInteger(to);
  const integer = words.includes('integer') || (isInteger && whole);
  const steps = to - from + 1;
  const byOne = !drawn && n === undefined && scale === undefined && whole && steps >= 2 && steps <= MAX_STEPS;
  const points = n !== undefined ? Number(n) : byOne ? steps : undefined;
  return {
    ...{ from, to },
    ...(points !== undefined && { n: points }),
    ...(scale === 'log' && { scale: 'log' as const }),
    ...(integer && { integer }),
  };
}

/** As JSON where it is some, else a word. */
function readOne(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
