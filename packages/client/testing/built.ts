import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPackage } from '../../../scripts/build-package.ts';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The package as it is published, in a folder of its own, with room for more beside it. */
export async function buildClient(): Promise<{ folder: string; dist: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'genlock-client-'));
  const dist = join(folder, 'dist');
  await buildPackage(fileURLToPath(new URL('..', import.meta.url)), dist);
  return { folder, dist, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** npm as a user runs it, not as a child of the npm that runs the tests. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  return (await run('npm', args, { cwd, env })).stdout;
}

/** The compiler of this workspace; what it has to say, which is nothing where all is well. */
export async function tsc(folder: string): Promise<string> {
  return run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: root }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout,
  );
}
