import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, type Sealer } from './seal.ts';
import { loadOrCreateSecret } from './secret-file.ts';

const FILE = 'secret-check';
const CONTEXT = 'secret-check';

/** The data was sealed with another GENLOCK_SECRET. Webhooks could not be signed, so the gateway must not start. */
export class OtherSecretError extends Error {
  constructor() {
    super(
      'GENLOCK_SECRET is not the one that this data folder was made with; give the old one back, or use another folder',
    );
  }
}

/** The data was sealed with a secret that is gone. A new one could open nothing. */
export class LostSecretError extends Error {
  constructor(file: string) {
    super(
      `there is no ${file}, which this data folder was made with; restore it from a backup, or set GENLOCK_SECRET to what it was`,
    );
  }
}

/**
 * The secret of the folder. It is made if the folder never had one.
 *
 * @throws LostSecretError if the folder had one
 */
export async function loadSecret(dir: string): Promise<string> {
  const path = join(dir, 'secret');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere && (await markIn(dir)) !== undefined) throw new LostSecretError(path);
  return (await loadOrCreateSecret(dir, 'secret')).value;
}

/**
 * At the first start, leaves a mark in the data folder that only the same secret can open; opens it at every later start.
 *
 * @throws OtherSecretError
 */
export async function assertSameSecret(dir: string, sealer: Sealer): Promise<void> {
  const mark = await markIn(dir);
  if (mark === undefined) {
    const path = join(dir, FILE);
    await writeFile(`${path}.tmp`, sealer.seal('genlock', CONTEXT), { mode: 0o600, flush: true });
    await rename(`${path}.tmp`, path);
  } else if (!opens(sealer, mark)) throw new OtherSecretError();
}

/** Whether the folder was made with this secret; undefined if that cannot be told. */
export async function isSameSecret(dir: string, secret: string): Promise<boolean | undefined> {
  const mark = await markIn(dir);
  return mark === undefined ? undefined : secret !== '' && opens(createSealer(secret), mark);
}

/** Undefined if there is none, or an empty one, which a power cut at the very first start may have left. */
async function markIn(dir: string): Promise<string | undefined> {
  const mark = await readFile(join(dir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  return mark.trim() || undefined;
}

function opens(sealer: Sealer, mark: string): boolean {
  try {
    sealer.open(mark, CONTEXT);
    return true;
  } catch {
    return false;
  }
}
