import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPackage } from '../../../scripts/build-package.ts';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The package as it is published, in its own folder, with room for other files. */
export async function buildClient(): Promise<{ folder: string; dist: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'genlock-client-'));
  const dist = join(folder, 'dist');
  await buildPackage(fileURLToPath(new URL('..', import.meta.url)), dist);
  return { folder, dist, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** npm as a user runs it, without the variables of the npm that runs the tests. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  return (await run('npm', args, { cwd, env })).stdout;
}

/** Runs this workspace's compiler and returns its output, which is empty if there are no errors. */
export async function tsc(folder: string): Promise<string> {
  return run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: root }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout,
  );
}
