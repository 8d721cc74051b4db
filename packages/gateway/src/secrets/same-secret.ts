import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sealer } from './seal.ts';

const FILE = 'secret-check';
const CONTEXT = 'secret-check';

/** The data was sealed under another GENLOCK_SECRET: webhooks could not be signed, so it must not start. */
export class OtherSecretError extends Error {
  constructor() {
    super(
      'GENLOCK_SECRET is not the one that this data folder was made with; give the old one back, or use another folder',
    );
  }
}

/**
 * Leaves a mark in the data folder that only the same secret can read, and reads it at every later start.
 *
 * @throws OtherSecretError
 */
export async function assertSameSecret(dir: string, sealer: Sealer): Promise<void> {
  const path = join(dir, FILE);
  const mark = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  // A power cut at the very first start may have left it without its content.
  if (mark === undefined || mark.trim() === '') {
    await writeFile(`${path}.tmp`, sealer.seal('genlock', CONTEXT), { mode: 0o600, flush: true });
    await rename(`${path}.tmp`, path);
    return;
  }
  try {
    sealer.open(mark.trim(), CONTEXT);
  } catch {
    throw new OtherSecretError();
  }
}
