import type { Generation } from '../domain/generation.ts';
import type { Asset } from '../store/port.ts';
import type { Core } from './core.ts';
import type { GenerationView } from './dialect.ts';

const NO_ASSETS: readonly Asset[] = [];

/** A page of generations with their files, in one more read however long the page is. Only what succeeded has any. */
export async function withAssets(
  core: Core,
  page: readonly Generation[],
): Promise<readonly GenerationView[]> {
  const done = page.filter(({ status }) => status === 'succeeded').map(({ id }) => id);
  const assets = done.length > 0 ? await core.store.assetsOfMany(done) : undefined;
  return page.map((generation) => ({ generation, assets: assets?.get(generation.id) ?? NO_ASSETS }));
}
