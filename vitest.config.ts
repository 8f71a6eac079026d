import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{libs,services,deploy}/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
