import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../core.ts';

/** A source that the account uploaded here is stored as `asset:<id>`, so that it is read directly and not over the network. */
export const ASSET_SCHEME = 'asset:';

/** More than any contract allows callers to upload. */
const MAX_SOURCE_BYTES = 100 * 1024 * 1024;

/**
 * Reads one source: a file of the same account and mode, or a public URL under the outbound rules.
 *
 * @throws GenlockError `media_unreadable`
 */
export async function fetchSource(
  core: Core,
  owner: Pick<Generation, 'accountId' | 'mode'>,
  url: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    if (!url.startsWith(ASSET_SCHEME))
      return await core.fetchPublic(url, { maxBytes: MAX_SOURCE_BYTES, signal });
    const asset = await core.store.asset(url.slice(ASSET_SCHEME.length));
    const own = asset?.accountId === owner.accountId && asset.mode === owner.mode;
    const bytes = own ? await core.blobs.readAll(asset.blob, MAX_SOURCE_BYTES) : undefined;
    if (bytes === undefined) throw new Error('no such upload');
    return bytes;
  } catch (cause) {
    throw new GenlockError('media_unreadable', 'A source file could not be fetched.', {
      cause,
      raw: String(cause),
    });
  }
}

/** More than any model that the sandbox trains. */
const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024;

/** Reads a file that an earlier generation made. @throws GenlockError `model_misconfigured` if it is gone */
export async function readArtifact(core: Core, name: string): Promise<Uint8Array> {
  const bytes = await core.blobs.readAll(name, MAX_ARTIFACT_BYTES);
  if (bytes === undefined)
    throw new GenlockError('model_misconfigured', undefined, { raw: `no artifact ${name}` });
  return bytes;
}
