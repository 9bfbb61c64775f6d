/** Every bench case runs tiny and gives its recorded digest, so that no bench rots unseen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withShared } from '../support/shared.js';
import { cases } from './cases.js';

const digests = JSON.parse(readFileSync(new URL('./digests.json', import.meta.url), 'utf8')) as Record<
  string,
  { smoke: string; full: string }
>;

it.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
  const prepared = one.setup(one.sizes.smoke);
  for (let run = 0; run < 2; run++) {
    prepared.before?.();
    expect(prepared.run(), 'digest; `make bench ARGS=--record-digests` writes it after a wanted change').toBe(
      digests[name]?.smoke,
    );
  }
  expect(prepared.count).toBeGreaterThan(0);
});

it('has a recorded digest for each case and none besides', () => {
  expect(Object.keys(digests).sort()).toEqual(cases.map((one) => one.name).sort());
});

withShared('published figures', (dir) => {
  const published = JSON.parse(readFileSync(join(dir, 'workloads/lob-expected.json'), 'utf8')) as Record<
    string,
    { tradeHash: number; bboHash: number }
  >;
  it.each(['base', 'mid', 'deep'])('the full digest of book-%s is the published one', (variant) => {
    const { tradeHash, bboHash } = published[variant]!;
    const hex = [tradeHash, bboHash].map((hash) => hash.toString(16).padStart(8, '0')).join('-');
    expect(digests[`book-${variant}`]!.full).toBe(hex);
  });
});
