import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { ASSET_SCHEME } from '../../gateway/files/sources.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { fileOf } from './links.ts';
import { findAsset } from './visible.ts';

export interface NamedSource extends SourceMedia {
  readonly param: string;
}

/** Text that cannot be a URL, but may be the id of a file of any dialect. */
const ID = /^[\w-]{1,100}$/;

/**
 * The sources of a request. One of our files, named by URL or id, is read directly from storage.
 *
 * @throws GenlockError `invalid_parameter` for a file that the caller does not have, or a URL that can never be fetched
 */
export async function resolveSources(
  core: Core,
  caller: Caller,
  named: readonly NamedSource[],
): Promise<readonly SourceMedia[]> {
  const sources: SourceMedia[] = [];
  for (const { param, role, url } of named) {
    const id = ID.test(url) ? url : fileOf(core, url);
    if (id !== undefined) {
      if ((await findAsset(core, caller, id)) === undefined)
        throw new GenlockError('invalid_parameter', `${param} names no file of yours.`, { param });
      sources.push({ role, url: ASSET_SCHEME + id });
      continue;
    }
    const objection = urlObjection(core, url);
    if (objection !== undefined)
      throw new GenlockError('invalid_parameter', `${param} ${objection}.`, { param });
    sources.push({ role, url });
  }
  return sources;
}
