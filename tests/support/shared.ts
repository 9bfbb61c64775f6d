/** Finds the folder of reference data beside the repository; without it the tests that need it say so. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const beside = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Absolute path of ../shared beside the repository root, null when it is absent. */
export const sharedDir: string | null = existsSync(beside) ? beside : null;

/** `describe` when ../shared is present; otherwise one skipped test whose name tells why. */
export function withShared(name: string, body: (dir: string) => void): void {
  if (sharedDir !== null) {
    const dir = sharedDir;
    describe(name, () => body(dir));
    return;
  }
  console.warn(`skipped: ../shared is absent (${name})`);
  describe(name, () => it.skip('skipped: ../shared is absent', () => undefined));
}
