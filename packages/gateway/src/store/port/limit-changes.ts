import { LIMIT_NAMES, type LimitName, type Limits } from './accounts.ts';

/** New values of some limits; null takes one back to the default. */
export type LimitChanges = { readonly [name in LimitName]?: number | null };

/** Merges limit by limit; null instead of all of them takes all back. */
export function mergeLimits(current: Limits, changes: LimitChanges | null): Limits {
  if (changes === null) return {};
  const merged: { [name in LimitName]?: number } = { ...current };
  for (const name of LIMIT_NAMES) {
    const value = changes[name];
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = value;
  }
  return merged;
}
