import type { Generation } from '../../domain/generation.ts';
import type { Asset } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { GenerationView } from '../dialect.ts';

export const NO_ASSETS: readonly Asset[] = [];

/** The files of a generation. Only succeeded ones have any. */
export function assetsOf(
  core: Core,
  { id, status }: Generation,
): readonly Asset[] | Promise<readonly Asset[]> {
  return status === 'succeeded' ? core.store.assetsOf(id) : NO_ASSETS;
}

/** Adds the files to a page of generations, with one more read whatever the length of the page. */
export async function withAssets(
  core: Core,
  page: readonly Generation[],
): Promise<readonly GenerationView[]> {
  const done = page.filter(({ status }) => status === 'succeeded').map(({ id }) => id);
  const assets = done.length > 0 ? await core.store.assetsOfMany(done) : undefined;
  return page.map((generation) => ({ generation, assets: assets?.get(generation.id) ?? NO_ASSETS }));
}
