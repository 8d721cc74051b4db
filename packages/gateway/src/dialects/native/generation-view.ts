import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { assetsOf } from '../../gateway/files/with-assets.ts';
import type { Asset } from '../../store/port.ts';
import { generationObject } from './generation-object.ts';

/** The longest text that is shown inside a generation; `collect` stores no longer one. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** A generation with its files, but without the text that a model wrote. */
export async function brief(core: Core, generation: Generation): Promise<object> {
  return generationObject(core, { generation, assets: await assetsOf(core, generation) });
}

/** The same with the text that a model wrote. */
export async function whole(core: Core, generation: Generation): Promise<object> {
  const assets = await assetsOf(core, generation);
  return generationObject(core, { generation, assets }, await textOf(core, generation, assets[0]));
}

async function textOf(core: Core, { kind }: Generation, asset: Asset | undefined): Promise<string | null> {
  if (kind !== 'text' || asset === undefined) return null;
  const bytes = await core.blobs.readAll(asset.blob, MAX_TEXT_BYTES);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}
