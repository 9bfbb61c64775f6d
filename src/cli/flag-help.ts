/** A kind's flags as a command's options: help shows those of the market and strategy that are chosen. */
import { type Command, Option } from 'commander';
import type { Flag, Variant } from './flags.js';

/** Longer lists of choices stand in the description, so that the first column stays narrow. */
const CHOICES_WIDTH = 32;
/** Longer lists as defaults are cut. */
const MANY = 12;

/** `args` may choose variants, else their defaults do. Flags that help does not show work all the same. */
export function addFlags(command: Command, flags: readonly Flag[], args: readonly string[]): Command {
  // Variants of the whole spec only: those inside of one, such as the size of orders, are few.
  const choosers = flags.filter(({ chooses, path }) => chooses && path.length === 2);
  const chosen = new Map(choosers.map((flag) => [flag.path[0]!, chosenBy(flag, args)]));
  for (const flag of flags) {
    const isMeant =
      flag.branches.length === 0 || unionsOf(flag, chosen).every((types) => types.some(Boolean));
    command.addOption(optionOf(flag, chosen).hideHelp(!isMeant));
  }
  const others = choosers.filter(({ choices }) => (choices?.length ?? 0) > 1);
  if (others.length === 0) return command;
  const shown = others.map(({ name, path }) => `--${name} ${String(chosen.get(path[0]!))}`).join(' and ');
  return command.addHelpText(
    'after',
    `\nThese are the flags with ${shown}. For others choose them before --help.`,
  );
}

/** For each union that a flag depends on: whether its branches are the chosen ones. */
function unionsOf({ branches }: Flag, chosen: ReadonlyMap<string, unknown>): boolean[][] {
  const unions = [...new Set(branches.map(({ union }) => union))].filter((union) => chosen.has(union));
  return unions.map((union) =>
    branches.filter((b) => b.union === union).map((b) => b.type === chosen.get(union)),
  );
}

function chosenBy({ name, defaultValue }: Flag, args: readonly string[]): unknown {
  const at = args.indexOf(`--${name}`);
  const joined = args.find((arg) => arg.startsWith(`--${name}=`));
  return (at >= 0 ? args[at + 1] : joined?.slice(name.length + 3)) ?? defaultValue;
}

function optionOf(flag: Flag, chosen: ReadonlyMap<string, unknown>): Option {
  const value = flag.type === 'boolean' ? '[true|false]' : `<${valueWord(flag)}>`;
  const inner = flag.branches.filter(({ union }) => !chosen.has(union)).map(({ type }) => type);
  const types = inner.length > 0 ? `${[...new Set(inner)].join(', ')}: ` : '';
  const choices = isWide(flag) ? `. One of ${flag.choices!.join(', ')}` : '';
  const { value: usual, description } = ownOf(flag, chosen);
  const shown = usual === undefined ? '' : ` (default: ${showDefault(usual)})`;
  const group = flag.path.length > 1 ? `Spec: ${flag.path[0]}` : 'Spec';
  return new Option(`--${flag.name} ${value}`, `${types}${description}${choices}${shown}`).helpGroup(
    `${group}:`,
  );
}

/** The default and the words with the chosen variants. */
function ownOf(
  { variantDefaults, defaultValue: value, description }: Flag,
  chosen: ReadonlyMap<string, unknown>,
): Pick<Variant, 'value' | 'description'> {
  const own = variantDefaults?.find(({ branches }) =>
    branches.every(({ union, type }) => !chosen.has(union) || chosen.get(union) === type),
  );
  return own ?? { value, description };
}

const isWide = ({ choices }: Flag): boolean => choices !== null && choices.join('|').length > CHOICES_WIDTH;

function valueWord(flag: Flag): string {
  if (flag.choices) return isWide(flag) ? 'type' : flag.choices.join('|');
  const word =
    flag.type === 'number' || flag.type === 'integer' ? 'n' : flag.type === 'json' ? 'value' : 'text';
  return flag.list ? `${word},...` : word;
}

function showDefault(value: unknown): string {
  if (Array.isArray(value) && value.length > MANY)
    return `${value.length} values: ${value.slice(0, 3).join(',')},...`;
  if (Array.isArray(value)) return value.join(',') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
