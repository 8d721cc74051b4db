import type { ModelPatch } from './models.ts';

/**
 * New values of some fields. `null` takes a field back to what the configuration says; of the input field, where null is a value of its
 * own ("it has none"), nothing but taking all of them back does.
 */
export type ModelChanges = {
  readonly [field in Exclude<keyof ModelPatch, 'inputField'>]?: ModelPatch[field] | null;
} & { readonly inputField?: string | null };

/** Merges field by field; null instead of all of them takes all back. */
export function mergeModelPatch(current: ModelPatch, changes: ModelChanges | null): ModelPatch {
  if (changes === null) return {};
  const merged: Record<string, unknown> = { ...current };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null && field !== 'inputField') delete merged[field];
    else if (value !== undefined) merged[field] = value;
  }
  return merged;
}
