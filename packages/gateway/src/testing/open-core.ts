import { onTestFinished } from 'vitest';
import { startTestCore, type TestCore, type TestCoreOptions } from './core.ts';

/** A core for the duration of one test. The core that a test opened last is closed first. */
export async function openCore(options: TestCoreOptions): Promise<TestCore> {
  const core = await startTestCore(options);
  onTestFinished(() => core.close());
  return core;
}
