import type { Json, JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import type { Core } from '../../gateway/core.ts';
import { ASSET_SCHEME } from '../../gateway/files/sources.ts';
import { ownFile } from './links.ts';
import type { ModelSpec } from './models.ts';

/**
 * The input in which links to files that the account made here are replaced by references, so that they are not fetched over the network.
 */
export async function withOwnFiles(
  core: Core,
  caller: Caller,
  spec: ModelSpec,
  input: JsonObject,
): Promise<JsonObject> {
  const found: Record<string, Json> = {};
  for (const [name, { url }] of Object.entries(spec.inputs)) {
    const value = input[name];
    const id = url === true && typeof value === 'string' ? ownFile(core, value) : undefined;
    if (id !== undefined && (await owns(core, caller, id))) found[name] = ASSET_SCHEME + id;
  }
  return { ...input, ...found };
}

/** Links to other accounts' files and to deleted files stay as they are, and are fetched like any URL. */
async function owns(core: Core, caller: Caller, id: string): Promise<boolean> {
  const asset = await core.store.asset(id);
  return isOwn(caller, asset) && asset.expiresAt > core.now();
}
