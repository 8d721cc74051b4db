import { GenlockError } from '../../domain/error.ts';
import type { Asset } from '../../store/port.ts';
import type { Caller } from '../accounts/authenticate.ts';
import type { Core, MediaFacts } from '../core.ts';
import { newId } from '../ids.ts';
import { surely } from '../surely.ts';
import { keepFile } from './keep-file.ts';

export interface Upload {
  readonly caller: Caller;
  readonly dialect: string;
  readonly idPrefix: string;
  readonly bytes: Uint8Array;
  readonly accepts: MediaFacts['kind'] | readonly MediaFacts['kind'][];
}

/**
 * Stores a file that a caller uploads as input, after decoding it.
 *
 * @throws GenlockError `invalid_media` if it does not decode, `media_too_large` above the dialect's limits, `storage_unavailable`
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
  const asset = await keepFile(core, {
    bytes,
    facts,
    of: {
      id: newId(idPrefix, createdAt),
      accountId: caller.account.id,
      dialect,
      mode: caller.key.mode,
      generationId: null,
      index: 0,
      createdAt,
      expiresAt: createdAt + settings.assetTtlMs,
    },
    prefix: 'upload_',
  });
  return surely(
    core,
    asset.id,
    async () => {
      await core.store.createAsset(asset);
      return asset;
    },
    () => core.store.asset(asset.id),
  );
}
