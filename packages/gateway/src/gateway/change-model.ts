import { GenlockError } from '../domain/error.ts';
import type { ModelPatch } from '../store/port.ts';
import type { Core } from './core.ts';
import type { Model } from './model.ts';

/**
 * New values of some fields. `null` takes a field back to what the configuration says; of the input field, where null is a value
 * of its own ("it has none"), nothing but {@link resetModel} does.
 */
export type ModelChanges = {
  readonly [field in Exclude<keyof ModelPatch, 'inputField'>]?: ModelPatch[field] | null;
} & { readonly inputField?: string | null };

/**
 * Changes a model for all requests from now on, and after a restart too.
 *
 * @throws GenlockError `model_not_found`, `invalid_parameter` (a route to a provider that is not configured)
 */
export async function changeModel(
  core: Core,
  dialect: string,
  id: string,
  changes: ModelChanges,
): Promise<Model> {
  findModel(core, dialect, id);
  for (const [index, { provider }] of (changes.routes ?? []).entries()) {
    if (!core.providers.has(provider))
      throw new GenlockError('invalid_parameter', `There is no provider ${JSON.stringify(provider)}.`, {
        param: `routes[${index}].provider`,
      });
  }
  const merged: Record<string, unknown> = { ...core.models.overrideOf(dialect, id) };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null && field !== 'inputField') delete merged[field];
    else if (value !== undefined) merged[field] = value;
  }
  return override(core, dialect, id, merged as ModelPatch);
}

/** Takes every change back that was made at run time. @throws GenlockError `model_not_found` */
export async function resetModel(core: Core, dialect: string, id: string): Promise<Model> {
  findModel(core, dialect, id);
  return override(core, dialect, id, {});
}

/** Kept first, in force after: what a restart would take back must not have been in force. */
async function override(core: Core, dialect: string, id: string, patch: ModelPatch): Promise<Model> {
  await core.store.saveModelOverride({ dialect, model: id, patch });
  core.models.override(dialect, id, patch);
  return findModel(core, dialect, id);
}

function findModel(core: Core, dialect: string, id: string): Model {
  const model = core.models.find(dialect, id);
  if (model === undefined) throw new GenlockError('model_not_found');
  return model;
}
