import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import type { Core } from '../../gateway/core.ts';
import { ASSET_SCHEME } from '../../gateway/files/sources.ts';
import { urlObjection } from '../../http/url-objection.ts';
import type { ProductFields } from './create-body.ts';
import { NAME, ownFile } from './links.ts';

/** In the order for providers: the first one is the picture to work on. */
const ROLES = [
  ['source_image_url', 'source'],
  ['start_image_url', 'first_frame'],
  ['second_image_url', 'second'],
  ['pose_image_url', 'pose'],
] as const satisfies readonly (readonly [keyof ProductFields, SourceMedia['role']])[];

interface NamedSource extends SourceMedia {
  readonly param: string;
}

function namedSources(fields: ProductFields): NamedSource[] {
  const named: NamedSource[] = [];
  for (const [param, role] of ROLES) {
    const url = fields[param];
    if (url !== undefined) named.push({ param, role, url });
  }
  fields.reference_image_urls?.forEach((url, index) => {
    named.push({ param: `reference_image_urls[${index}]`, role: 'reference', url });
  });
  return named;
}

/**
 * @throws GenlockError `invalid_parameter` for a URL that can never be fetched; URLs of our own files are accepted, since they are not
 * fetched
 */
export function checkUrls(core: Core, fields: ProductFields): void {
  for (const { param, url } of namedSources(fields)) {
    const objection = ownFile(core, url) === undefined ? urlObjection(core, url) : undefined;
    if (objection !== undefined)
      throw new GenlockError('invalid_parameter', `${param} ${objection}.`, { param });
  }
}

/**
 * The sources of a request. A URL of one of our uploads or results becomes a reference to the file, which must belong to the same account
 * and mode (contract sections 5 and 9). Results are accepted so that a picture can become a clip.
 *
 * @throws GenlockError `invalid_parameter`
 */
export async function resolveSources(
  core: Core,
  caller: Caller,
  fields: ProductFields,
): Promise<readonly SourceMedia[]> {
  const sources: SourceMedia[] = [];
  for (const { param, role, url } of namedSources(fields)) {
    const id = ownFile(core, url);
    if (id !== undefined && !(await owns(core, caller, id)))
      throw new GenlockError('invalid_parameter', `${param} names no file of yours.`, { param });
    sources.push({ role, url: id === undefined ? url : ASSET_SCHEME + id });
  }
  return sources;
}

async function owns(core: Core, caller: Caller, id: string): Promise<boolean> {
  const asset = await core.store.asset(id);
  return isOwn(caller, asset) && asset.dialect === NAME && asset.expiresAt > core.now();
}
