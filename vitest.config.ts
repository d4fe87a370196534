import { defineConfig } from 'vitest/config';

// Real browsers, sockets and files: two test files at a time are what two cores carry.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/conformance/**', 'test/transport/**'],
        },
      },
      {
        extends: true,
        // The built command over its own sockets and processes; it must be built before (`npm run build`).
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], fileParallelism: false },
      },
      {
        extends: true,
        // Real brokers, workers and Celery. Each file has a broker of its own; most of the time they wait for each other.
        test: {
          name: 'transport',
          include: ['test/transport/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        extends: true,
        // Documents of the product before judges of others; one file at a time, since each uses both cores itself.
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: 'test/conformance/install-oracles.ts',
          fileParallelism: false,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
