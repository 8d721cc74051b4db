import type { ModelChanges, ModelPatch } from './models.ts';

/** Merges field by field; null in place of the changes resets all fields. */
export function mergeModelPatch(current: ModelPatch, changes: ModelChanges | null): ModelPatch {
  if (changes === null) return {};
  const merged: Record<string, unknown> = { ...current };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null && field !== 'inputField') delete merged[field];
    else if (value !== undefined) merged[field] = value;
  }
  return merged;
}
