/**
 * How the tests run: one process per file, because ZeroMQ sockets abort a worker thread that is terminated.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/bench/peers/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['tests/support/fixed-seed.ts'],
    globalSetup: ['tests/support/once.ts'],
  },
});
