/* Access to data whose form has not been checked: what does not fit counts as absent. */

export function entries(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

export function entry(value: unknown, key: string): unknown {
  return entries(value).find(([name]) => name === key)?.[1];
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
