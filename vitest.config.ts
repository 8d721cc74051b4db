import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Each gateway that a test starts has threads that load its modules again. With the compile cache that the launcher uses, this takes a
// third of the time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/genlock', import.meta.url));

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
    // As in packages/gateway/bin/genlock, which gives the reason. Tests start and end even more threads.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
  },
});
