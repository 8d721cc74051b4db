import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client } from '@genlock/client';
import { CommandFailure } from '../failure.ts';

/** Sources that need no upload: a URL, or the id of a file at the server. */
const REMOTE = /^(?:https?:\/\/|asset_\w+$)/;

/** @throws CommandFailure for a file that cannot be read */
export async function readImages(
  sources: readonly string[],
): Promise<readonly (string | { readonly name: string; readonly bytes: Uint8Array })[]> {
  return Promise.all(
    sources.map(async (source) => {
      if (REMOTE.test(source)) return source;
      const bytes = await readFile(source).catch((error: NodeJS.ErrnoException) => {
        throw new CommandFailure(
          error.code === 'ENOENT'
            ? `there is no picture ${source}`
            : `${source} cannot be read: ${error.message}`,
        );
      });
      return { name: basename(source), bytes };
    }),
  );
}

/** Uploads files. Returns ids and URLs in the order in which they were named. */
export function uploadImages(
  client: Client,
  images: Awaited<ReturnType<typeof readImages>>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return Promise.all(
    images.map(async (image) =>
      typeof image === 'string'
        ? image
        : (await client.assets.upload(image.bytes, { name: image.name, signal })).id,
    ),
  );
}
