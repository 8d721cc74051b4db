import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolderBlobs, readFolder } from '../../assets/folder.ts';
import { AssetFiles } from '../../store/sqlite/asset-files.ts';
import { type Finding, fine, note, problem } from './finding.ts';

/** At most this many files are listed one by one. */
const TOLD = 20;
/**
 * A running gateway writes a file before the row that names it, and it cannot be told for certain that none is running, e.g. in a
 * container.
 */
const ORPHAN_AGE_MS = 60 * 60 * 1000;

/** Compares the rows of assets with the files: each file that a row names must exist, in full; files that no row names only waste space. */
export async function checkFiles(data: string, database: string): Promise<readonly Finding[]> {
  const folder = join(data, 'assets');
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined || (await stat(database).catch(() => undefined)) === undefined) return [];
  const files = readFolder(folder);
  const named = new AssetFiles(database);
  try {
    const { count, broken } = await missing(named, files);
    const orphans = await unnamed(named, files);
    return [
      ...broken.slice(0, TOLD).map((message) => problem('files', message)),
      ...(broken.length > TOLD ? [problem('files', `${broken.length - TOLD} more are missing or cut`)] : []),
      ...(broken.length > 0 ? [] : [fine('files', `${count} files are there, in full length`)]),
      ...(orphans.length === 0
        ? []
        : [
            note(
              'files',
              `${orphans.length} files belong to nothing; a gateway that runs removes them within two hours`,
              () => remove(folder, orphans),
            ),
          ]),
    ];
  } finally {
    named.close();
  }
}

type Files = ReturnType<typeof readFolder>;

async function missing(
  named: AssetFiles,
  files: Files,
): Promise<{ count: number; broken: readonly string[] }> {
  const broken: string[] = [];
  const now = Date.now();
  let count = 0;
  for (let page = named.after('', now); page.length > 0; page = named.after(page.at(-1)?.id ?? '', now)) {
    for (const { id, blob, bytes } of page) {
      count += 1;
      const size = await files.size(blob);
      if (size === undefined) broken.push(`the file of ${id} is missing: restore it from a backup`);
      else if (size !== bytes)
        broken.push(`the file of ${id} has ${size} of ${bytes} bytes: restore it from a backup`);
    }
  }
  return { count, broken };
}

async function unnamed(named: AssetFiles, files: Files): Promise<readonly string[]> {
  const orphans: string[] = [];
  for await (const blob of files.list(Date.now() - ORPHAN_AGE_MS))
    if (!named.isNamed(blob)) orphans.push(blob);
  return orphans;
}

async function remove(folder: string, orphans: readonly string[]): Promise<string> {
  const blobs = await openFolderBlobs(folder);
  for (const blob of orphans) await blobs.remove(blob);
  return `${orphans.length} files that belong to nothing were removed`;
}
