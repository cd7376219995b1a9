import path from 'node:path';
import { defineConfig } from 'vitest/config';

const folders = ['packages/*/test', 'apps/*/test', 'tools/test'];
const all = (suffix: string) => folders.map((folder) => `${folder}/**/*${suffix}`);

/** Attempts after the first, for tests that run real processes; `npm test` allows one and names what needed it. */
const retry = Number(process.env.TEST_RETRIES ?? 0);

const setupFiles = ['tools/lib/property-seed.ts'];

/** The console's own alias, see apps/web/tsconfig.json. */
const resolve = { alias: { '@': path.join(import.meta.dirname, 'apps/web/src') } };

/**
 * unit: no services, milliseconds each, part of `npm run verify`. slow: no services, seconds each (long properties,
 * programs started as a user would). int: PostgreSQL and Redis, started once for the run. soak: long ones, only when
 * asked for.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: all('.test.{ts,tsx}'),
          exclude: ['**/node_modules/**', '**/*.slow.test.ts', '**/*.int.test.ts', '**/*.soak.test.ts'],
          setupFiles,
          testTimeout: 15_000,
          // One set of modules for a worker's files: a third of the time went to loading them again.
          isolate: false,
        },
      },
      {
        resolve,
        test: {
          name: 'slow',
          sequence: { groupOrder: 1 },
          include: all('.slow.test.ts'),
          exclude: ['**/node_modules/**'],
          setupFiles,
          testTimeout: 30_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'int',
          sequence: { groupOrder: 2 },
          include: all('.int.test.ts'),
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testing/src/services.ts'],
          setupFiles,
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Half of their time is waiting for processes and deadlines.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'soak',
          sequence: { groupOrder: 3 },
          include: all('.soak.test.ts'),
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testing/src/services.ts'],
          setupFiles,
          env: { FC_SEED: process.env.FC_SEED ?? 'random' },
          testTimeout: 30 * 60_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
