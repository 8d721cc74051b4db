import type { Asset, Generation } from '@genlock/client';

/** `providerMetadata.genlock` of every result. Amounts are dollars as decimal text. */
export interface GenlockMetadata {
  readonly generationId: string;
  readonly chargedUsd: string;
  readonly quotedUsd: string;
}

export function metadataOf({ id, cost }: Generation): {
  generationId: string;
  chargedUsd: string;
  quotedUsd: string;
} {
  return { generationId: id, chargedUsd: cost.charged_usd, quotedUsd: cost.quoted_usd };
}

/** Metadata of one file. The SDK keeps it even if it makes several calls. */
export function fileMetadataOf({ id: generationId }: Generation, asset: Asset) {
  const {
    id: assetId,
    content_type: mediaType,
    bytes,
    width,
    height,
    duration_seconds: durationSeconds,
  } = asset;
  return { generationId, assetId, mediaType, bytes, width, height, durationSeconds };
}

export function responseOf({ created_at, model }: Generation): {
  timestamp: Date;
  modelId: string;
  headers: undefined;
} {
  return { timestamp: new Date(created_at), modelId: model, headers: undefined };
}
