/**
 * Runs the compiled text of a strategy file and finds the line of its errors.
 *
 * The text gets no clock, no hidden randomness and no way out by name: Date, timers, process and the like are
 * stand-ins that throw and say what to use. That keeps an honest strategy deterministic; it is no cage for
 * hostile code, which is why a service runs none unless its operator allows it. Math has what every engine
 * computes alike, and the exp and log of core/math.
 */
import { exp } from '../../../../core/math/exp.js';
import { log, log1p } from '../../../../core/math/log.js';
import type { Table } from '../../../../contract/columns.js';
import type { UserModule } from './api.js';

/** The compiled file, as the importer `strategy` packs it. */
export interface StrategyCode {
  /** Name of the file without its folder. */
  readonly file: string;
  readonly code: string;
  /** Names of the files that went into it. */
  readonly sources: readonly string[];
  /** For each line of the code: its source (index, -1 for none) and the line there, from 1. */
  readonly lines: readonly number[];
}

/** Unpacks the one table of the importer `strategy`. */
export function readCode(tables: readonly Table[]): StrategyCode {
  const bytes = tables[0]?.columns[0] as Uint8Array;
  // A copy: a decoder takes no shared memory.
  return JSON.parse(new TextDecoder().decode(bytes.slice())) as StrategyCode;
}

const SOURCE_NAME = 'mms-strategy-code.js';
/** Lines that `new Function` puts before a body. */
const LINES_BEFORE = 2;

const CLOCK = 'use market.tNs, the time since the start of the run';
const CHANCE = 'use tools.random(), which follows the seed';
const OUTSIDE = 'a strategy sees the market and nothing else';
const HIDDEN: Readonly<Record<string, string>> = {
  Date: CLOCK,
  performance: CLOCK,
  Temporal: CLOCK,
  setTimeout: 'use onTimer',
  setInterval: 'use onTimer',
  setImmediate: 'use onTimer',
  queueMicrotask: 'use onTimer',
  crypto: CHANCE,
  process: OUTSIDE,
  require: OUTSIDE,
  fetch: OUTSIDE,
  WebSocket: OUTSIDE,
  globalThis: OUTSIDE,
  global: OUTSIDE,
  self: OUTSIDE,
  Intl: 'it differs between machines',
};

const refuse = (name: string, instead: string): never => {
  throw new Error(`${name} is not available in a strategy: ${instead}.`);
};

function standIn(name: string, instead: string): unknown {
  const fail = (): never => refuse(name, instead);
  // A function and no arrow, so that `new` reaches the trap.
  return new Proxy(function () {}, { get: fail, set: fail, has: fail, apply: fail, construct: fail });
}

const ALIKE =
  'abs ceil floor round trunc sign min max sqrt fround imul clz32 E LN2 LN10 LOG2E LOG10E PI SQRT1_2 SQRT2';
const UNLIKE =
  'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh expm1 log2 log10 pow cbrt hypot';

function safeMath(): object {
  const math: Record<string, unknown> = { exp, log, log1p };
  for (const name of ALIKE.split(' ')) math[name] = Math[name as keyof Math];
  for (const name of UNLIKE.split(' ')) {
    const fail = (): never => refuse(`Math.${name}`, 'its last digit differs between engines');
    math[name] = fail;
  }
  math['random'] = (): never => refuse(['Math', 'random'].join('.'), CHANCE);
  return Object.freeze(math);
}

/** The module that the text defines. Throws an Error that names file and line. */
export function evaluate(compiled: StrategyCode): UserModule {
  const names = ['module', 'exports', 'Math', ...Object.keys(HIDDEN)];
  const module = { exports: {} as { default?: UserModule } };
  try {
    const body = `"use strict";${compiled.code}\n//# sourceURL=${SOURCE_NAME}`;
    const define = new Function(...names, body) as (...values: unknown[]) => void;
    const standIns = Object.entries(HIDDEN).map(([name, instead]) => standIn(name, instead));
    define(module, module.exports, safeMath(), ...standIns);
  } catch (error) {
    throw located(error, compiled);
  }
  const found = module.exports.default;
  if (found && typeof found === 'object' && typeof found.create === 'function') return found;
  throw new Error(
    `${compiled.file}: Expected "export default defineStrategy({ name, description, parameters, create })"; ` +
      `got ${found === undefined ? 'no default export' : `a ${typeof found} without create`}.`,
  );
}

/** The error with the line of the strategy file at which it arose before its message. */
export function located(error: unknown, { file, sources, lines }: StrategyCode): Error {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, line] of stack.matchAll(new RegExp(`${SOURCE_NAME}:(\\d+):\\d+`, 'g'))) {
    const at = 2 * (Number(line) - 1 - LINES_BEFORE);
    const source = sources[lines[at] ?? -1];
    if (source !== undefined) return new Error(`${source}:${lines[at + 1]}: ${message}`);
  }
  return new Error(`${file}: ${message}`);
}
