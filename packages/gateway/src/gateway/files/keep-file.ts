import { hash } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { Asset } from '../../store/port.ts';
import type { Core, MediaFacts } from '../core.ts';
import { newId } from '../ids.ts';

/** A file that was decoded and measured, with its owner. */
export interface MeasuredFile {
  readonly bytes: Uint8Array;
  readonly facts: MediaFacts;
  readonly of: Pick<
    Asset,
    'id' | 'accountId' | 'dialect' | 'mode' | 'generationId' | 'index' | 'createdAt' | 'expiresAt'
  >;
  /** The start of such files' names in the blob store. */
  readonly prefix: 'output_' | 'upload_';
}

/** Makes a file durable. The caller still has to write the asset to the store. @throws GenlockError `storage_unavailable` */
export async function keepFile(core: Core, { bytes, facts, of, prefix }: MeasuredFile): Promise<Asset> {
  const asset: Asset = {
    ...of,
    contentType: facts.contentType,
    bytes: bytes.length,
    width: facts.width ?? null,
    height: facts.height ?? null,
    durationSeconds: facts.durationSeconds ?? null,
    fps: facts.fps ?? null,
    hasSound: facts.hasSound ?? null,
    sha256: hash('sha256', bytes, 'hex'),
    blob: newId(prefix, of.createdAt).toLowerCase(),
  };
  try {
    await core.blobs.put(asset.blob, bytes);
  } catch (cause) {
    throw new GenlockError('storage_unavailable', undefined, { cause, raw: String(cause) });
  }
  return asset;
}
