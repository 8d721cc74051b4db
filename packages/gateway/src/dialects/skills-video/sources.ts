import { GenlockError } from '../../domain/error.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import type { Core } from '../../gateway/core.ts';
import { ASSET_SCHEME } from '../../gateway/files/sources.ts';
import { storeUpload } from '../../gateway/files/upload.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { FilePart, invalid } from './body.ts';
import type { Checked } from './check-input.ts';
import type { Fields, FileField, FilesField } from './fields.ts';
import { fileUrl, NAME, ownFile } from './links.ts';

export interface Settled {
  /** The input as the contract shows it: files are the URLs under which they are now stored (section 4). */
  readonly input: JsonObject;
  /** The same files for providers, ours by id, so that they are not fetched over the network. */
  readonly sources: readonly SourceMedia[];
}

/**
 * First checks every URL and then stores every file that came with the body, so that nothing is stored if a URL is refused.
 *
 * @throws GenlockError `invalid_parameter`, `invalid_media`, `media_too_large`, `storage_unavailable`
 */
export async function settleSources(
  core: Core,
  caller: Caller,
  checked: Checked,
  fields: Fields,
): Promise<Settled> {
  for (const [name, value] of checked) {
    if (!isFileField(fields[name])) continue;
    for (const one of listOf(value)) if (typeof one === 'string') checkUrl(core, name, one);
  }
  const input: Record<string, Json> = {};
  const sources: SourceMedia[] = [];
  for (const [name, value] of checked) {
    const field = fields[name];
    if (!isFileField(field)) {
      input[name] = value as string | number | boolean;
      continue;
    }
    const urls: string[] = [];
    for (const one of listOf(value)) {
      const kept =
        one instanceof FilePart
          ? await keep(core, caller, name, field, one)
          : await resolve(core, caller, one);
      urls.push(kept.shown);
      sources.push({ role: field.role, url: kept.url });
    }
    input[name] = field.type === 'file' ? (urls[0] ?? '') : urls;
  }
  return { input, sources };
}

function isFileField(field: Fields[string] | undefined): field is FileField | FilesField {
  return field?.type === 'file' || field?.type === 'files';
}

function listOf(value: unknown): readonly (string | FilePart)[] {
  return (Array.isArray(value) ? value : [value]) as readonly (string | FilePart)[];
}

/** Our own files are always allowed, because they are not fetched over the network. */
function checkUrl(core: Core, name: string, url: string): void {
  const objection = ownFile(core, url) === undefined ? urlObjection(core, url) : undefined;
  if (objection !== undefined) throw invalid(name, objection);
}

interface Kept {
  readonly shown: string;
  readonly url: string;
}

async function keep(
  core: Core,
  caller: Caller,
  name: string,
  { media }: FileField | FilesField,
  { bytes }: FilePart,
): Promise<Kept> {
  try {
    const asset = await storeUpload(core, { caller, dialect: NAME, idPrefix: 'upl_', bytes, accepts: media });
    return { shown: fileUrl(core, asset), url: ASSET_SCHEME + asset.id };
  } catch (thrown) {
    const { code, detail } = GenlockError.from(thrown);
    if (code !== 'invalid_media' && code !== 'media_too_large') throw thrown;
    const words =
      code === 'invalid_media' ? `must be ${media === 'video' ? 'a' : 'an'} ${media} file` : 'is too large';
    throw new GenlockError(code, `${name} ${words}.`, { ...detail, param: name });
  }
}

/** A file of this workspace is read directly from storage. Any other URL is fetched, even if it points to another workspace's file. */
async function resolve(core: Core, caller: Caller, url: string): Promise<Kept> {
  const id = ownFile(core, url);
  const asset = id === undefined ? undefined : await core.store.asset(id);
  return { shown: url, url: isOwn(caller, asset) ? ASSET_SCHEME + asset.id : url };
}
