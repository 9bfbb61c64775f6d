/** Files written past the page cache and through it: the same bytes in both, whatever their length. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeDurably, writePlain } from '../../src/store/sqlite/durable-file.js';

// Not in memory: most disks take direct writes.
const folder = mkdtempSync(join(tmpdir(), 'mms-durable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const PART = 2 * 2 ** 20;
const LENGTHS = [0, 1, 511, 4_095, 4_096, 4_097, PART - 1, PART, PART + 1, 4 * PART, 9 * PART + 4_321];
const noise = Buffer.alloc(
  10 * PART,
  Uint8Array.from({ length: 65_521 }, (_, i) => (i * i * 31) >> 3),
);

describe.each([
  ['directly', writeDurably],
  ['plainly', writePlain],
])('a file that is written %s', (_, write) => {
  it.each(LENGTHS)('of %d bytes holds them, and all were heard in order', async (length) => {
    const path = join(folder, `${files++}`);
    const bytes = noise.subarray(3, 3 + length);
    const heard: Buffer[] = [];
    await write(path, bytes, (part) => heard.push(Buffer.from(part)));
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('replaces a longer one, beside others that are being written', async () => {
    const paths = Array.from({ length: 5 }, () => join(folder, `${files++}`));
    writeFileSync(paths[0]!, noise);
    const bytesOf = (i: number) => noise.subarray(i, i + 3 * PART + 7 * i);
    await Promise.all(paths.map((path, i) => write(path, bytesOf(i), () => undefined)));
    paths.forEach((path, i) => expect(readFileSync(path).equals(bytesOf(i))).toBe(true));
  });

  it('fails with the error of the system where there is no folder', async () => {
    const nowhere = join(folder, 'nowhere', 'file');
    await expect(write(nowhere, noise, () => undefined)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
