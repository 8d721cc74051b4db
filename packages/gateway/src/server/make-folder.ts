import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and its missing parents, readable only by their owner, one at a time: Node's recursive form never returns if a parent
 * exists but cannot hold folders (/proc).
 *
 * @throws errors of the file system
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    if (found !== undefined) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // another process was quicker
    });
  }
  if (!(await stat(path)).isDirectory())
    throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR', path });
}
