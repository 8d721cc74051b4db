import type { Core } from '../../gateway/core.ts';
import type { Asset } from '../../store/port.ts';
import { contentUrl } from './links.ts';

/** A file, produced or uploaded. */
export function assetObject(core: Core, asset: Asset): object {
  return {
    id: asset.id,
    object: 'asset',
    url: contentUrl(core, asset.id),
    generation_id: asset.generationId,
    index: asset.index,
    content_type: asset.contentType,
    bytes: asset.bytes,
    sha256: asset.sha256,
    width: asset.width,
    height: asset.height,
    duration_seconds: asset.durationSeconds,
    fps: asset.fps,
    has_sound: asset.hasSound,
    created_at: new Date(asset.createdAt).toISOString(),
    expires_at: new Date(asset.expiresAt).toISOString(),
  };
}
