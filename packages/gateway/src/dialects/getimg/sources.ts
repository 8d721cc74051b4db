import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import type { Core } from '../../gateway/core.ts';
import { ASSET_SCHEME } from '../../gateway/files/sources.ts';
import { urlObjection } from '../../http/url-objection.ts';
import type { ImageItem } from './body.ts';
import { ownFile } from './links.ts';
import type { Role, Spec } from './models.ts';

const CANONICAL = {
  reference_image: 'reference',
  first_frame: 'first_frame',
  last_frame: 'last_frame',
} as const satisfies Record<Role, SourceMedia['role']>;

/** @throws GenlockError `invalid_parameter` for pictures that the model does not take, or that can never be fetched */
export function checkImages(core: Core, spec: Spec, images: readonly ImageItem[]): void {
  if (images.length > spec.maxImages) {
    const words = spec.maxImages === 0 ? 'takes no pictures' : `takes at most ${spec.maxImages} pictures`;
    throw new GenlockError('invalid_parameter', `This model ${words}.`, { param: 'images' });
  }
  const frames = new Set<Role>();
  for (const [index, { url, role }] of images.entries()) {
    checkRole(spec, roleOf(role), `images[${index}].role`, frames);
    const param = `images[${index}].url`;
    const objection = ownFile(core, url) === undefined ? urlObjection(core, url) : undefined;
    if (objection !== undefined)
      throw new GenlockError('invalid_parameter', `${param} ${objection}.`, { param });
  }
}

function checkRole({ roles }: Spec, role: Role, param: string, frames: Set<Role>): void {
  if (!roles.includes(role))
    throw new GenlockError(
      'invalid_parameter',
      `${param} must be one of ${roles.join(', ')} for this model.`,
      {
        param,
      },
    );
  if (role === 'reference_image') return;
  if (frames.has(role))
    throw new GenlockError('invalid_parameter', `There may be only one ${role}.`, { param });
  frames.add(role);
}

function roleOf(role: string | undefined): Role {
  return role === 'first_frame' || role === 'last_frame' ? role : 'reference_image';
}

/**
 * The pictures in the form for providers. A link to a file of this workspace becomes a reference to the file, so that a picture can become
 * a clip without a download. Other links are fetched, even if they point to another workspace's file.
 */
export async function resolveSources(
  core: Core,
  caller: Caller,
  images: readonly ImageItem[],
): Promise<readonly SourceMedia[]> {
  return Promise.all(
    images.map(async ({ url, role }) => ({
      role: CANONICAL[roleOf(role)],
      url: (await ownAsset(core, caller, url)) ?? url,
    })),
  );
}

async function ownAsset(core: Core, caller: Caller, url: string): Promise<string | undefined> {
  const file = ownFile(core, url);
  if (file === undefined) return undefined;
  const asset = (await core.store.assetsOf(file.generationId)).find(({ index }) => index === file.index);
  return isOwn(caller, asset) ? ASSET_SCHEME + asset.id : undefined;
}
