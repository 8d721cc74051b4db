import { LIMIT_NAMES, type LimitChanges, type LimitName, type Limits } from './accounts.ts';

/** Merges limit by limit; null in place of the changes resets all limits. */
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
