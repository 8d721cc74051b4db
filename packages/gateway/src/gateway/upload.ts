import { hash } from 'node:crypto';
import { GenlockError } from '../domain/error.ts';
import type { Asset } from '../store/port.ts';
import type { Caller } from './authenticate.ts';
import type { Core, MediaFacts } from './core.ts';
import { newId } from './ids.ts';

export interface Upload {
  readonly caller: Caller;
  readonly dialect: string;
  readonly idPrefix: string;
  readonly bytes: Uint8Array;
  readonly accepts: MediaFacts['kind'] | readonly MediaFacts['kind'][];
}

/**
 * Keeps a file that a caller gives as input, once it was decoded.
 *
 * @throws GenlockError `invalid_media` when it does not decode, `media_too_large` above the dialect's caps,
 *   `storage_unavailable`
 */
export async function storeUpload(
  core: Core,
  { caller, dialect, idPrefix, bytes, accepts }: Upload,
): Promise<Asset> {
  const settings = core.config().dialects[dialect];
  if (settings === undefined) throw new GenlockError('internal_error');
  if (bytes.length > settings.upload.maxBytes) throw new GenlockError('media_too_large');
  const facts = await core.probe(bytes).catch((cause: unknown) => {
    const tooLarge = (cause as { reason?: string }).reason === 'too_many_pixels';
    throw new GenlockError(tooLarge ? 'media_too_large' : 'invalid_media', undefined, { cause });
  });
  if (![accepts].flat().includes(facts.kind)) throw new GenlockError('invalid_media');
  if ((facts.width ?? 0) * (facts.height ?? 0) > settings.upload.maxPixels)
    throw new GenlockError('media_too_large');

  const createdAt = core.now();
  const asset: Asset = {
    id: newId(idPrefix, createdAt),
    accountId: caller.account.id,
    dialect,
    mode: caller.key.mode,
    generationId: null,
    index: 0,
    contentType: facts.contentType,
    bytes: bytes.length,
    width: facts.width ?? null,
    height: facts.height ?? null,
    durationSeconds: facts.durationSeconds ?? null,
    fps: facts.fps ?? null,
    hasSound: facts.hasSound ?? null,
    sha256: hash('sha256', bytes, 'hex'),
    blob: newId('upload_', createdAt).toLowerCase(),
    createdAt,
    expiresAt: createdAt + settings.assetTtlMs,
  };
  try {
    await core.blobs.put(asset.blob, bytes);
  } catch (cause) {
    throw new GenlockError('storage_unavailable', undefined, { cause });
  }
  await core.store.createAsset(asset);
  return asset;
}
