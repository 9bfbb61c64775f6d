/** Help of every command: it begins with examples, and each of their flags is one that the command has. */
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, examplesText } from '../../src/cli/examples.js';
import type { Io } from '../../src/cli/io.js';
import { createProgram, runCli } from '../../src/cli/program.js';
import type { Services } from '../../src/cli/services.js';
import { createMarkets } from '../../src/data/markets.js';
import { createRegistry, kindNames } from '../../src/kinds/registry.js';

const registry = createRegistry();
const services = {
  version: '0',
  kinds: async () => registry,
  markets: async () => createMarkets(),
} as unknown as Services;

/** What `mms` prints for these words; fails for words on stderr or another exit code than 0. */
async function told(words: readonly string[]): Promise<string> {
  const [out, talk]: [string[], string[]] = [[], []];
  const io = {
    out: (text: string) => void out.push(text),
    talk: (text: string) => void talk.push(text),
    env: {},
    isTerminal: false,
    onInterrupt: () => () => undefined,
  } as unknown as Io;
  const code = await runCli(words, services, io);
  expect({ words, code, talk: talk.join('') }).toEqual({ words, code: 0, talk: '' });
  return out.join('');
}

/** All commands by their words: run, keys, keys new ... */
function allCommands(command: Command, words: readonly string[] = []): string[] {
  const members = command.commands.filter((member) => member.name() !== 'help');
  return members.flatMap((member) => {
    const own = [...words, member.name()];
    return [own.join(' '), ...allCommands(member, own)];
  });
}

const io = { out: () => undefined, talk: () => undefined, env: {} } as unknown as Io;
const commands = allCommands(createProgram(services, io, () => undefined));
const wordsOf = (line: string): string[] =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''));

describe('help', () => {
  it('of mms itself and of every command begins with examples of that command', async () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(await told([])).toMatch(/^Examples:\n {2}mms run /);
    for (const words of commands) {
      const text = await told([...words.split(' '), '--help']);
      expect({ words, lead: text.split('\n')[0] }).toEqual({ words, lead: 'Examples:' });
      const lines = text.slice(0, text.indexOf('Usage:')).trim().split('\n').slice(1);
      expect(
        lines.filter((line) => line.startsWith(`  mms ${words} `) || line === `  mms ${words}`),
      ).not.toEqual([]);
    }
  });

  it('of a kind begins with examples of that kind', async () => {
    for (const kind of kindNames()) {
      expect((await told(['run', kind, '--help'])).split('\n')[1]).toContain(kind);
    }
  });

  it('has each flag of the examples, with the market and strategy that they choose', async () => {
    for (const line of new Set(Object.values(EXAMPLES).flat())) {
      const words = wordsOf(line);
      const flags = words.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, ''));
      const help = await told(words.includes('--help') ? words : [...words, '--help']);
      const missing = flags.filter((flag) => flag !== '--help' && !new RegExp(`${flag}\\b`).test(help));
      expect({ line, missing }).toEqual({ line, missing: [] });
    }
  });

  it('has no examples of a command that is not there, and none for unknown words', () => {
    const roots = new Set([...commands, ...kindNames().map((kind) => `run ${kind}`)]);
    expect(Object.keys(EXAMPLES).filter((words) => !roots.has(words))).toEqual([]);
    expect(examplesText('nonsense')).toBe('');
  });
});
