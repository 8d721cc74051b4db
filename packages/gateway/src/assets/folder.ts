import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from './port.ts';

/** A longer name would not fit into a file name (255 bytes on common file systems). */
const MAX_NAME = 200;
const TEMPORARY = '.tmp-';
/** A write takes seconds; an older temporary file was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/**
 * Blobs as files under `dir`, in 256 sub-folders by hash, so that no folder holds the whole store (10 million blobs are 40 thousand in each
 * folder). Slashes in a name become dots, which names cannot contain, so no blob stands where another needs a folder.
 *
 * A blob is written to a temporary file, flushed and renamed, and the folder is flushed too. So after `put` it survives a power cut, and
 * before that nobody sees part of it. Names outside `[a-z0-9][a-z0-9/_-]*` throw RangeError.
 */
export async function openFolderBlobs(dir: string): Promise<BlobStore> {
  await mkdir(dir, { recursive: true });
  await removeAbandoned(dir);
  const made = new Set<string>();

  async function folderFor(shard: string): Promise<string> {
    const folder = join(dir, shard);
    if (made.has(shard)) return folder;
    await mkdir(folder, { recursive: true });
    await flushFolder(dir);
    made.add(shard);
    return folder;
  }

  const kept = readFolder(dir);
  return {
    ...kept,

    // Also removes files of processes that died after this one started.
    async *list(olderThan) {
      await removeAbandoned(dir);
      yield* kept.list(olderThan);
    },

    async put(name, bytes) {
      const { shard, file } = place(name);
      const folder = await folderFor(shard);
      const temporary = join(folder, TEMPORARY + randomBytes(12).toString('hex'));
      try {
        await writeFlushed(temporary, bytes);
        await rename(temporary, join(folder, file));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await flushFolder(folder);
    },

    async remove(name) {
      const { shard, file } = place(name);
      await rm(join(dir, shard, file), { force: true });
    },
  };
}

/** The same blobs for readers: nothing is created or cleared away. */
export function readFolder(dir: string): Pick<BlobStore, 'read' | 'readAll' | 'size' | 'list'> {
  return {
    async read(name, range) {
      const handle = await openBlob(dir, name);
      // The stream closes the file at its end, on an error, and when its reader stops early. An open file can still be read after its
      // removal.
      return handle?.createReadStream({ ...range, highWaterMark: 64 * 1024 });
    },

    async readAll(name, maxBytes) {
      const handle = await openBlob(dir, name);
      if (handle === undefined) return undefined;
      try {
        const { size } = await handle.stat();
        if (size > maxBytes) throw new RangeError(`blob of ${size} bytes, at most ${maxBytes} wanted`);
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    },

    async size(name) {
      const { shard, file } = place(name);
      return (await orMissing(stat(join(dir, shard, file))))?.size;
    },

    async *list(olderThan) {
      for await (const path of files(dir)) {
        if (!isInPlace(path)) continue;
        const written = await modifiedAt(join(dir, path.shard, path.file));
        if (written !== undefined && written < olderThan) yield nameOf(path.file);
      }
    },
  };
}

interface Place {
  readonly shard: string;
  readonly file: string;
}

function isName(name: string): boolean {
  return name.length <= MAX_NAME && /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9_-]+)*$/.test(name);
}

function nameOf(file: string): string {
  return file.replaceAll('.', '/');
}

/** Files that people and their tools leave among the blobs are not blobs: they cannot be read by a name, and are not removed. */
function isInPlace({ shard, file }: Place): boolean {
  const name = nameOf(file);
  return isName(name) && place(name).shard === shard;
}

function place(name: string): Place {
  if (!isName(name)) throw new RangeError('invalid blob name');
  const shard = createHash('sha256').update(name).digest('hex').slice(0, 2);
  return { shard, file: name.replaceAll('/', '.') };
}

async function openBlob(dir: string, name: string): Promise<FileHandle | undefined> {
  const { shard, file } = place(name);
  return orMissing(open(join(dir, shard, file), constants.O_RDONLY | constants.O_NOFOLLOW));
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is durable only once the folder that contains the name is flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* files(dir: string): AsyncGenerator<Place> {
  for (const shard of (await readdir(dir)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
    const entries = await orMissing(opendir(join(dir, shard)));
    if (entries === undefined) continue;
    for await (const entry of entries) if (entry.isFile()) yield { shard, file: entry.name };
  }
}

async function removeAbandoned(dir: string): Promise<void> {
  const before = Date.now() - ABANDONED_MS;
  for await (const { shard, file } of files(dir)) {
    if (!file.startsWith(TEMPORARY)) continue;
    const path = join(dir, shard, file);
    if (((await modifiedAt(path)) ?? before) < before) await rm(path, { force: true });
  }
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return (await orMissing(stat(path)))?.mtimeMs;
}

async function orMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
