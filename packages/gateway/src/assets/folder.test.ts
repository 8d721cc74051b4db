import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolderBlobs } from './folder.ts';
import type { BlobStore } from './port.ts';

let dir: string;
let blobs: BlobStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genlock-blobs-'));
  blobs = await openFolderBlobs(dir);
});
afterEach(() => rm(dir, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const FUTURE = Number.MAX_SAFE_INTEGER;

async function readText(name: string, range?: { start: number; end: number }): Promise<string | undefined> {
  const chunks = await blobs.read(name, range);
  return chunks && text(chunks);
}

async function listed(olderThan: number): Promise<string[]> {
  const names: string[] = [];
  for await (const name of blobs.list(olderThan)) names.push(name);
  return names;
}

/** Paths of the files under `dir`, relative to it. */
async function paths(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}

describe('openFolderBlobs', () => {
  it('keeps bytes, and the last ones under a name', async () => {
    await blobs.put('gen-1/0', bytes('first'));
    await blobs.put('gen-1/0', bytes('second'));
    expect(await readText('gen-1/0')).toBe('second');
    expect(Buffer.from((await blobs.readAll('gen-1/0', 6)) ?? []).toString()).toBe('second');
    expect(await readText('gen-1/0', { start: 1, end: 3 })).toBe('eco');
  });

  it('survives a new opening and holds no temporary files', async () => {
    await blobs.put('a', bytes('kept'));
    await blobs.put('empty', new Uint8Array());
    blobs = await openFolderBlobs(dir);
    expect(await readText('a')).toBe('kept');
    expect(await readText('empty')).toBe('');
    expect((await paths()).every((path) => /^[0-9a-f]{2}\/[a-z]+$/.test(path))).toBe(true);
  });

  it('knows nothing of blobs that are not there or gone', async () => {
    expect(await blobs.read('none')).toBeUndefined();
    expect(await blobs.readAll('none', 10)).toBeUndefined();
    await blobs.put('a', bytes('x'));
    await blobs.remove('a');
    await blobs.remove('a');
    expect(await blobs.read('a')).toBeUndefined();
  });

  it('reads on while a blob is replaced or removed', async () => {
    const old = 'o'.repeat(300_000);
    await blobs.put('a', bytes(old));
    const reader = await blobs.read('a');
    await blobs.put('a', bytes('new'));
    await blobs.remove('a');
    expect(reader && (await text(reader))).toBe(old);
  });

  it('refuses to load more than is wanted', async () => {
    await blobs.put('a', bytes('12345'));
    await expect(blobs.readAll('a', 4)).rejects.toThrow(RangeError);
    expect((await blobs.readAll('a', 5))?.length).toBe(5);
  });

  it.each([
    '',
    '.',
    '..',
    'a/../b',
    '/a',
    'a/',
    'a//b',
    '-a',
    '_a',
    'A',
    'a.b',
    'a\\b',
    'a\0',
    'ä',
    'a\n',
    'a'.repeat(201),
  ])('refuses the name %j', async (name) => {
    await expect(blobs.put(name, bytes('x'))).rejects.toThrow(RangeError);
    await expect(blobs.read(name)).rejects.toThrow(RangeError);
    await expect(blobs.readAll(name, 1)).rejects.toThrow(RangeError);
    await expect(blobs.remove(name)).rejects.toThrow(RangeError);
    expect(await paths()).toEqual([]);
  });

  it('keeps names apart that share a prefix', async () => {
    for (const name of ['a', 'a/b', 'a/b/c', 'a-b', 'a_b']) await blobs.put(name, bytes(name));
    for (const name of ['a', 'a/b', 'a/b/c', 'a-b', 'a_b']) expect(await readText(name)).toBe(name);
  });

  it('writes one name many times at once without mixing', async () => {
    const versions = Array.from({ length: 20 }, (_, n) => String.fromCharCode(97 + n).repeat(100_000));
    await Promise.all(versions.map((version) => blobs.put('a', bytes(version))));
    expect(versions).toContain(await readText('a'));
    expect(await paths()).toHaveLength(1);
  });

  it('lists by age, without temporary files', async () => {
    const names = ['gen-1/0', 'gen-1/1', 'upload'];
    for (const name of names) await blobs.put(name, bytes(name));
    const first = (await paths()).find((path) => path.endsWith('upload')) ?? '';
    await utimes(join(dir, first), 1000, 1000);
    await writeFile(join(dir, dirname(first), '.tmp-1'), 'half');
    expect((await listed(FUTURE)).sort()).toEqual(names);
    expect(await listed(1_000_001)).toEqual(['upload']);
    expect(await listed(1_000_000)).toEqual([]);
  });

  it('takes nothing for a blob that others put beside them', async () => {
    await blobs.put('upload', bytes('upload'));
    const [first = ''] = await paths();
    for (const name of ['Thumbs.db', 'upload~', 'elsewhere', 'a..b']) {
      const path = join(dir, dirname(first), name);
      await writeFile(path, name);
    }
    expect(await listed(FUTURE)).toEqual(['upload']);
  });

  it.each([
    ['when it is opened', () => openFolderBlobs(dir)],
    ['when it is swept', () => listed(FUTURE)],
  ])('cleans up what a dead process left, and not what a living one is writing, %s', async (_when, look) => {
    await blobs.put('a', bytes('x'));
    const shard = dirname((await paths())[0] ?? '');
    const old = join(dir, shard, '.tmp-old');
    await writeFile(old, 'half');
    await writeFile(join(dir, shard, '.tmp-new'), 'half');
    await utimes(old, Date.now() / 1000 - 3700, Date.now() / 1000 - 3700);
    await look();
    expect((await paths()).map((path) => path.slice(3)).sort()).toEqual(['.tmp-new', 'a']);
  });

  it('does not follow a link out of its folder', async () => {
    await blobs.put('a', bytes('x'));
    const path = join(dir, (await paths())[0] ?? '');
    await rm(path);
    await symlink('/etc/hostname', path);
    await expect(blobs.read('a')).rejects.toThrow();
  });
});
