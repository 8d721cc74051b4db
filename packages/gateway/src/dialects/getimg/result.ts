import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { Asset } from '../../store/port.ts';
import { downloadUrl, NAME } from './links.ts';
import { usageObject } from './usage.ts';

/** A completed generation of either kind (contract sections 3, 5 and 7). */
export async function completedObject(core: Core, generation: Generation): Promise<object> {
  const assets = await core.store.assetsOf(generation.id);
  return {
    id: generation.id,
    status: 'completed',
    model: generation.model,
    data:
      assets.length > 0
        ? assets.map((asset) => dataItem(core, generation, asset))
        : [formerItem(core, generation)],
    usage: usageObject(generation),
  };
}

type Facts = Pick<
  Asset,
  'index' | 'contentType' | 'width' | 'height' | 'durationSeconds' | 'fps' | 'hasSound' | 'expiresAt'
>;

function dataItem(core: Core, { id, kind }: Generation, facts: Facts): object {
  // Whole seconds, so that the link and what is said of it end together.
  const expiry = Math.floor(facts.expiresAt / 1000);
  return {
    url: downloadUrl(core, { generationId: id, index: facts.index }, expiry),
    width: facts.width,
    height: facts.height,
    ...(kind === 'video' && {
      duration: facts.durationSeconds,
      fps: facts.fps,
      has_sound: facts.hasSound === true,
    }),
    mime_type: facts.contentType,
    deletes_at: new Date(expiry * 1000).toISOString(),
  };
}

/**
 * The item of a file that is long gone, with what was measured of it: read after `deletes_at`, a job is still completed, with a link
 * that is dead. What it was comes from the order then, and its frame rate is not told.
 */
function formerItem(core: Core, generation: Generation): object {
  const { request, finishedAt, createdAt, delivered } = generation;
  const ttl = core.config().dialects[NAME]?.assetTtlMs ?? 0;
  const film = request.kind === 'video' ? request : undefined;
  const picture = request.kind === 'image' ? request : undefined;
  return dataItem(core, generation, {
    index: 0,
    contentType: film ? 'video/mp4' : `image/${picture?.format ?? 'jpeg'}`,
    width: film?.width ?? picture?.width ?? null,
    height: film?.height ?? picture?.height ?? null,
    durationSeconds: film ? (delivered?.seconds ?? film.seconds) : null,
    fps: null,
    hasSound: film?.sound === true,
    // It is gone, whatever lifetime newer files have been given since.
    expiresAt: Math.min((finishedAt ?? createdAt) + ttl, core.now()),
  });
}
