import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' } as const;
const STORE = 'packages/gateway/src/store/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        // Many databases and threads in one process: these files run by themselves, one after the other, before the rest.
        test: {
          ...shared,
          name: 'store',
          include: [STORE],
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'all else',
          include: [
            'packages/**/*.test.ts',
            'bench/**/*.test.ts',
            'chaos/**/*.test.ts',
            'docs/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', STORE],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
