import { defineConfig } from 'vitest/config';

// Real browsers, sockets and files: two test files at a time are what two cores carry.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
