import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface LoadedSecret {
  readonly value: string;
  /** True only in the process that created it. */
  readonly created: boolean;
}

/**
 * A secret of 256 random bits that is made once and kept in `dir/name`, mode 0600. Several processes that start at the same time agree on
 * one: each writes a file of its own and links it to the name. Linking fails for all but the first, and never exposes a partly written
 * secret.
 *
 * Throws RangeError for a name that is not a plain file name, Error for an empty file.
 */
export async function loadOrCreateSecret(dir: string, name: string): Promise<LoadedSecret> {
  if (!/^[a-z0-9][a-z0-9_.-]{0,99}$/i.test(name)) throw new RangeError('invalid secret name');
  const path = join(dir, name);
  const kept = await load(path);
  if (kept !== undefined) return { value: kept, created: false };

  await mkdir(dir, { recursive: true });
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await writeFlushed(temporary, `${randomBytes(32).toString('base64url')}\n`);
    const created = await link(temporary, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (created) await flushFolder(dir);
    const value = await load(path);
    if (value === undefined) throw new Error(`the secret ${name} was removed while it was made`);
    return { value, created };
  } finally {
    await rm(temporary, { force: true });
  }
}

async function load(path: string): Promise<string | undefined> {
  let value: string;
  try {
    value = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // A new secret in its place could open nothing that was sealed with the old one.
  if (value === '') throw new Error(`${path} is empty: restore it, or remove it to have a new secret made`);
  // Copies and restored backups are often readable by everybody.
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
  return value;
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
