import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Each gateway that a test starts has threads that read its modules anew. With the code that the launcher keeps, too, they are there in a
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
    // As in packages/gateway/bin/genlock, which says why: tests start and end even more threads.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
  },
});
