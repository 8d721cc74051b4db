import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { NAME } from './links.ts';
import { type ModelSpec, specOf, specs } from './models.ts';
import { VENDOR } from './vendor.ts';

/** A model with both of its sides: what the contract says, and what the operator changed. */
export interface KnownModel {
  readonly spec: ModelSpec;
  readonly model: Model;
}

/** Slugs in lower case, alone and after the vendor's name, because the contract's pages use both (section 3). */
const slugs: ReadonlyMap<string, string> = new Map(
  specs.flatMap(({ id }) =>
    [id, `${VENDOR.slug}/${id}`].map((slug): [string, string] => [slug.toLowerCase(), id]),
  ),
);

export function lookUpModel(core: Core, slug: string): KnownModel | undefined {
  const id = specOf(slug)?.id ?? slugs.get(slug.toLowerCase());
  const spec = id === undefined ? undefined : specOf(id);
  const model = id === undefined ? undefined : core.models.find(NAME, id);
  return spec && model && { spec, model };
}

/** @throws GenlockError `model_not_found` */
export function findModel(core: Core, slug: string): KnownModel {
  const known = lookUpModel(core, slug);
  if (known === undefined)
    throw new GenlockError('model_not_found', 'There is no model with this slug.', { param: 'model' });
  return known;
}
