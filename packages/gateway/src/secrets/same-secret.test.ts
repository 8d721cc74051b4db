import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assertSameSecret, OtherSecretError } from './same-secret.ts';
import { createSealer } from './seal.ts';

it('takes the secret that the folder was made with, and no other', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'genlock-same-'));
  try {
    await assertSameSecret(dir, createSealer('first'));
    await assertSameSecret(dir, createSealer('first'));
    await expect(assertSameSecret(dir, createSealer('second'))).rejects.toThrow(OtherSecretError);
  } finally {
    await rm(dir, { recursive: true });
  }
});
