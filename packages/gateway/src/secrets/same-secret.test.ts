import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  assertSameSecret,
  isSameSecret,
  LostSecretError,
  loadSecret,
  OtherSecretError,
} from './same-secret.ts';
import { createSealer } from './seal.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genlock-same-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('takes the secret that the folder was made with, and no other', async () => {
  expect(await isSameSecret(dir, 'first')).toBeUndefined();
  await assertSameSecret(dir, createSealer('first'));
  await assertSameSecret(dir, createSealer('first'));
  await expect(assertSameSecret(dir, createSealer('second'))).rejects.toThrow(OtherSecretError);
  expect(await isSameSecret(dir, 'first')).toBe(true);
  expect(await isSameSecret(dir, 'second')).toBe(false);
});

it('makes a secret once, and no new one in place of one that is lost', async () => {
  const secret = await loadSecret(dir);
  await assertSameSecret(dir, createSealer(secret));
  expect(await loadSecret(dir)).toBe(secret);
  await rm(join(dir, 'secret'));
  await expect(loadSecret(dir)).rejects.toThrow(LostSecretError);
  expect(await readdir(dir)).toEqual(['secret-check']);
});
