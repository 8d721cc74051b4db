import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

it('makes what is missing, for its owner only, and is content with what is there', async () => {
  const base = await mkdtemp(join(tmpdir(), 'genlock-folder-'));
  try {
    const folder = join(base, 'a', 'b');
    await Promise.all([makeFolder(folder), makeFolder(folder)]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await makeFolder(folder);
    await writeFile(join(base, 'file'), '');
    await expect(makeFolder(join(base, 'file'))).rejects.toThrow();
    await expect(makeFolder(join(base, 'file', 'x'))).rejects.toThrow();
  } finally {
    await rm(base, { recursive: true });
  }
});

it('fails, and ends, where a parent cannot hold folders', async () => {
  await expect(makeFolder('/proc/genlock/data')).rejects.toThrow();
});
