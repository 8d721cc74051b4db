import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { Asset } from '../../store/port.ts';
import { downloadUrl, NAME } from './links.ts';
import { usageObject } from './usage.ts';

/** A completed image or video (contract sections 3, 5 and 7). */
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
  // Rounded to whole seconds, so that the link expires exactly when the answer says.
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
 * The item of a file that has been deleted: a job read after `deletes_at` is still completed and has a dead link. The facts come from the
 * order, and the frame rate is left out.
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
    // Never in the future: the file is gone, even if newer files are kept for longer.
    expiresAt: Math.min((finishedAt ?? createdAt) + ttl, core.now()),
  });
}
