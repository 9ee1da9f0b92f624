// Why it exists: lists are shown in groups; tablets in use are older than Map.groupBy.

/**
 * @template T
 * @param {T[]} list @param {(item: T) => string} keyOf
 * @returns {Map<string, T[]>} in the order the keys first appear
 */
export function grouped(list, keyOf) {
  /** @type {Map<string, T[]>} */
  const found = new Map();
  for (const item of list) {
    const key = keyOf(item);
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}
