/** The commands of a page: its fenced blocks marked sh, in order, with continued lines joined. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  /** 1 for the first line of the page. */
  readonly line: number;
  readonly text: string;
}

/** Commands that share a folder, a shell and what runs in its background. */
export interface Unit {
  readonly page: string;
  readonly commands: readonly Command[];
}

/** Each block of a page as a unit of its own. */
export function blocksOf(page: string): Unit[] {
  const units: Unit[] = [];
  let block: { line: number; text: string }[] | null = null;
  for (const [at, line] of readFileSync(page, 'utf8').split('\n').entries()) {
    if (line.startsWith('```')) {
      if (block) units.push({ page, commands: joined(block) });
      block = block === null && line === '```sh' ? [] : null;
    } else block?.push({ line: at + 1, text: line });
  }
  return units;
}

/** A page as one unit. */
export function wholePage(page: string): Unit {
  return { page, commands: blocksOf(page).flatMap(({ commands }) => commands) };
}

/** Pages of a folder of docs, in order; none when there is no such folder. */
export function pagesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => join(folder, name));
}

/** Lines until the shell takes them as whole: quotes closed, no \ at the end, heredocs ended. */
function joined(lines: readonly Command[]): Command[] {
  const commands: Command[] = [];
  let open: Command | null = null;
  for (const { line, text } of lines) {
    open = open ? { line: open.line, text: `${open.text}\n${text}` } : { line, text };
    if (!isWhole(open.text)) continue;
    if (!/^\s*(#|$)/.test(open.text)) commands.push(open);
    open = null;
  }
  if (open) throw new Error(`line ${open.line}: a command that does not end`);
  return commands;
}

function isWhole(text: string): boolean {
  if (text.endsWith('\\')) return false;
  const heredoc = /<<-?'?(\w+)'?/.exec(text)?.[1];
  if (heredoc !== undefined && !text.split('\n').slice(1).includes(heredoc)) return false;
  return spawnSync('bash', ['-n', '-c', text]).status === 0;
}
