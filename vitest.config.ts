import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'bench/**/*.test.ts',
      'chaos/**/*.test.ts',
      'docs/**/*.test.ts',
      'fuzz/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // As in packages/gateway/bin/genlock, which says why: tests start and end even more threads.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
  },
});
