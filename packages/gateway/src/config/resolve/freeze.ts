/** Freezes plain data deeply. Maps cannot be frozen, but their values are; regular expressions stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof RegExp || Object.isFrozen(value))
    return value;
  if (value instanceof Map) {
    for (const held of value.values()) deepFreeze(held);
    return value;
  }
  for (const held of Object.values(value)) deepFreeze(held);
  return Object.freeze(value);
}
