/** The keys that count: their file under the eyes of a service, the comparison, the times of last use. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type * as nodeCrypto from 'node:crypto';
import { timingSafeEqual } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyLine, newApiKey, revocationLine } from '../../src/ops/api-keys.js';
import { openKeyring, readUsed } from '../../src/ops/keyring.js';
import { freshDir } from '../support/service.js';

// The real comparison, watched.
vi.mock('node:crypto', async (load) => {
  const real = await load<typeof nodeCrypto>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});
const compare = vi.mocked(timingSafeEqual);

let path: string;
let nowMs: number;
let lines: string[];
const open = (mustExist = false) =>
  openKeyring({ path: () => path, nowMs: () => nowMs, log: (line) => void lines.push(line) }, mustExist);
beforeEach(() => {
  path = join(freshDir(), 'keys');
  nowMs = Date.UTC(2026, 10, 22);
  lines = [];
  compare.mockClear();
});

describe('a service without a file of keys', () => {
  it('needs none until there is one, which counts at the next look', () => {
    const ring = open();
    const { text, key } = newApiKey({}, nowMs);
    expect([ring.required(), ring.check(text)]).toEqual([false, 'unknown']);
    writeFileSync(path, keyLine(key));
    expect(ring.required()).toBe(false);
    ring.look();
    expect([ring.required(), ring.size(), ring.check(text)]).toEqual([true, 1, key]);
  });

  it('is refused where the keys alone keep strangers out', () => {
    expect(() => open(true)).toThrow(/Expected API keys in .*; there is no such file. Run: mms key create/);
    writeFileSync(path, '');
    expect([open(true).required(), open(true).size()]).toEqual([true, 0]);
  });
});

describe('a file that changes', () => {
  it('lets a second key of a name in beside the first, and the first out when it is revoked', () => {
    const [one, two] = [newApiKey({ name: 'desk' }, nowMs), newApiKey({ name: 'desk' }, nowMs)];
    writeFileSync(path, keyLine(one.key));
    const ring = open();
    appendFileSync(path, keyLine(two.key));
    ring.look();
    expect([ring.check(one.text), ring.check(two.text)]).toEqual([one.key, two.key]);
    appendFileSync(path, revocationLine(one.key.id, nowMs));
    ring.look();
    expect([ring.check(one.text), ring.live(one.key.id)]).toEqual(['revoked', null]);
    expect([ring.check(two.text), ring.live(two.key.id)]).toEqual([two.key, two.key]);
  });

  it('keeps what counted when it is damaged, open to all or gone, says so once, and goes on when mended', () => {
    const { text, key } = newApiKey({}, nowMs);
    writeFileSync(path, keyLine(key));
    const ring = open();
    const good = readFileSync(path);
    const harms: [() => void, RegExp][] = [
      [() => writeFileSync(path, 'noise'), /line 1: Expected a JSON object/],
      [() => chmodSync(path, 0o602), /strangers cannot write.*chmod 600/],
      [() => rmSync(path), /is gone; the keys that it held still count/],
    ];
    for (const [harm, message] of harms) {
      harm();
      const told = lines.length;
      ring.look();
      ring.look();
      expect(lines.slice(told)).toEqual([expect.stringMatching(message)]);
      expect(ring.fault()).toMatch(message);
      expect([ring.required(), ring.check(text)]).toEqual([true, key]);
      writeFileSync(`${path}.new`, good, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      ring.look();
      expect(ring.fault()).toBeNull();
    }
    expect(() => chmodSync(path, 0o606)).not.toThrow();
    expect(() => open()).toThrow(/chmod 600/);
  });
});

describe('the comparison', () => {
  it('takes a hash of the same length once for every text of the form of a key', () => {
    const { text, key } = newApiKey({}, nowMs);
    writeFileSync(path, keyLine(key));
    const ring = open();
    const other = (at: number): string =>
      text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
    const tried = [text, other(17), other(text.length - 1), newApiKey({}, nowMs).text];
    expect(tried.map((one) => ring.check(one))).toEqual([key, 'unknown', 'unknown', 'unknown']);
    expect(compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual(
      tried.map(() => [32, 32]),
    );
    // An expired or revoked key is told apart only to who has its secret.
    appendFileSync(path, revocationLine(key.id, nowMs));
    ring.look();
    expect([ring.check(text), ring.check(other(30))]).toEqual(['revoked', 'unknown']);
  });

  it('ends with the time of the key', () => {
    const { text, key } = newApiKey({ expiresMs: nowMs + 1000 }, nowMs);
    writeFileSync(path, keyLine(key));
    const ring = open();
    expect([ring.check(text), ring.size()]).toEqual([key, 1]);
    nowMs += 1000;
    expect([ring.check(text), ring.live(key.id), ring.size()]).toEqual(['expired', null, 0]);
  });
});

describe('the time of last use', () => {
  it('is written at most once a minute and at the end, and survives a restart', async () => {
    const { text, key } = newApiKey({}, nowMs);
    const idle = newApiKey({}, nowMs).key;
    writeFileSync(path, keyLine(key) + keyLine(idle));
    const [startMs, ring] = [nowMs, open()];
    ring.check(text);
    ring.look();
    expect(existsSync(`${path}.used`)).toBe(false);
    nowMs += 60_000;
    ring.look();
    await ring.close();
    expect([...readUsed(path)]).toEqual([[key.id, startMs]]);
    nowMs += 5;
    ring.live(key.id);
    await ring.close();
    const again = open();
    nowMs += 5;
    again.live(idle.id);
    await again.close();
    expect([...readUsed(path)]).toEqual([
      [key.id, startMs + 60_005],
      [idle.id, startMs + 60_010],
    ]);
    expect(readFileSync(`${path}.used`, 'utf8')).not.toContain(text.slice(-64));
  });
});
