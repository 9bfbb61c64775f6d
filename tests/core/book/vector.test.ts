/** The committed command vector, which the C++ twin replays too, is what the book answers today. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandVector } from '../../support/book-vector.js';

it('tests/vectors/book-commands.txt holds', () => {
  const file = new URL('../../vectors/book-commands.txt', import.meta.url);
  expect(commandVector()).toBe(readFileSync(file, 'utf8'));
});
