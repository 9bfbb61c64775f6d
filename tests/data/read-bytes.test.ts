/** Reading of bytes: what the reader of the chunks throws comes out, not that the reading was ended. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DataFile } from '../../src/data/data-file.js';
import { detectFeed } from '../../src/data/detect-feed.js';
import { readBytes } from '../../src/data/read-bytes.js';
import { TRADES_HEADER } from '../../src/data/trades.js';
import { freshDir } from '../support/service.js';

/** Larger than a chunk, so that the file is still being read when the reader has enough. */
function trades(name: string): DataFile {
  const lines = Array.from(
    { length: 60_000 },
    (_, i) => `${i},${1.7e12 + i * 37},${100 + (i % 97)},0.5,${i % 2}`,
  );
  const text = [TRADES_HEADER, ...lines].join('\n');
  const path = join(freshDir(), name);
  writeFileSync(path, name.endsWith('gz') ? gzipSync(text) : text);
  return { path, label: name, pointer: '/data/file' };
}

describe.each(['trades.csv', 'trades.csv.gz'])('%s', (name) => {
  it('ends with the error of its reader', async () => {
    const enough = new Error('enough');
    const read = readBytes(trades(name), Infinity, () => {
      throw enough;
    });
    await expect(read).rejects.toBe(enough);
  });

  it('says that it is too large, and what it holds by its first line', async () => {
    await expect(readBytes(trades(name), 100, () => undefined)).rejects.toThrow('limit of 100 bytes');
    expect(await detectFeed(trades(name))).toBe('trades');
  });
});
