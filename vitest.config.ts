import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    // Not a time that anything is held to: a busy machine starts many services slowly.
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: [
            '{libs,services,deploy}/*/{src,test}/**/*.test.ts',
            'services/console/web/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          // Most wait for servers of their own rather than compute: one worker per core, also on two cores.
          maxWorkers: Math.max(2, availableParallelism()),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'house',
          include: ['test/**/*.test.ts'],
          // Each starts many services as processes, kills some, and holds the others to their times.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
