/** The input reader: which paths it opens, what it says about the others, and what it keeps. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputReader } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import { closedReader, createInputReader, openDataFolder } from '../../src/data/input-reader.js';
import { GOOD_BOOK, GOOD_MESSAGES, folder, lobsterRef } from './files.js';

let outer: ReturnType<typeof folder>;
let root: string;

beforeEach(() => {
  outer = folder();
  root = join(outer.path, 'data');
  mkdirSync(join(root, 'sub'), { recursive: true });
  for (const place of ['', 'data/', 'data/sub/']) {
    outer.write(`${place}m.csv`, GOOD_MESSAGES);
    outer.write(`${place}b.csv`, GOOD_BOOK);
  }
});
afterEach(() => outer.remove());

async function refusal(reader: InputReader, messages: string): Promise<string> {
  try {
    await reader.read(lobsterRef(messages, 'b.csv'));
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    expect(error.problem.code).toBe('E_DATA');
    expect(error.problem.errors?.[0]?.pointer).toBe('/market/messages');
    return error.message;
  }
  return 'accepted';
}

describe('a reader with a root', () => {
  it('wants the folder to be there when a service starts', async () => {
    await expect(openDataFolder(join(root, 'nowhere'))).rejects.toThrow(/data\.dir: .* does not exist/);
    await expect(openDataFolder(join(root, 'm.csv'))).rejects.toThrow(/data\.dir: .* is no folder/);
    await expect((await openDataFolder(root)).read(lobsterRef('m.csv', 'b.csv'))).resolves.toBeDefined();
  });

  it('opens what lies inside, relative or absolute, also through a link that stays inside', async () => {
    symlinkSync(join(root, 'sub'), join(root, 'link'));
    const reader = createInputReader({ root });
    for (const path of ['m.csv', 'sub/m.csv', 'sub/../m.csv', join(root, 'm.csv'), 'link/m.csv']) {
      expect(await refusal(reader, path)).toBe('accepted');
    }
  });

  it('refuses what lies outside alike, whether it exists or not', async () => {
    symlinkSync(outer.path, join(root, 'out'));
    mkdirSync(join(outer.path, 'data-more'));
    outer.write('data-more/m.csv', GOOD_MESSAGES);
    const reader = createInputReader({ root });
    const outside = [
      '../m.csv',
      '../nowhere.csv',
      '/etc/passwd',
      'out/m.csv',
      '../data-more/m.csv',
      join(outer.path, 'm.csv'),
    ];
    for (const path of outside) expect(await refusal(reader, path)).toContain('data folder only');
  });

  it('says what is wrong with a path', async () => {
    const reader = createInputReader({ root });
    expect(await refusal(reader, 'absent.csv')).toBe('absent.csv: no such file; check the path');
    expect(await refusal(reader, 'm.csv/x')).toContain('no such file');
    expect(await refusal(reader, 'sub')).toContain('expected a file; got a directory');
    expect(await refusal(reader, '')).toContain('expected the path of a file; got none');
    expect(await refusal(reader, 'm.csv\0.txt')).toContain('expected the path of a file');
    const gone = createInputReader({ root: join(root, 'gone') });
    expect(await refusal(gone, 'm.csv')).toContain('does not exist');
    expect(await refusal(closedReader, 'm.csv')).toContain('without a data folder');
  });
});

describe('a reader without a root', () => {
  it('opens any path', async () => {
    const reader = createInputReader({ root: null });
    const data = await reader.read(lobsterRef(join(outer.path, 'm.csv'), join(root, 'b.csv')));
    expect(data.tables[0]?.rows).toBe(4);
    expect(data.notes.join()).toContain('4 messages');
    expect(await refusal(reader, '/dev/null')).toContain('expected a regular file');
  });
});

describe('what it keeps', () => {
  it('reads an unchanged pair once, a changed one again, and forgets failures', async () => {
    const reader = createInputReader({ root });
    const ref = lobsterRef('m.csv', 'b.csv');
    const [first, same] = await Promise.all([reader.read(ref), reader.read(ref)]);
    expect(same).toBe(first);
    expect(await reader.read(ref)).toBe(first);
    outer.write('data/m.csv', GOOD_MESSAGES.replace('11885113,21', '11885113,22'));
    const changed = await reader.read(ref);
    expect(changed.digest).not.toBe(first.digest);
    rmSync(join(root, 'm.csv'));
    expect(await refusal(reader, 'm.csv')).toContain('no such file');
    outer.write('data/m.csv', GOOD_MESSAGES);
    expect((await reader.read(ref)).digest).toBe(first.digest);
  });
});
