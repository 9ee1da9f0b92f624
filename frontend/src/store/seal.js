// Why it exists: the one seam every stored record passes through, so that the vault can encrypt at rest without
// any other module changing. Sealing is asynchronous and always happens outside a transaction (TRUST.md).

/**
 * Makes a value fit to be stored. `table` and `id` name the record it belongs to, so that it cannot be moved.
 * @template T
 * @param {string} _table @param {string} _id @param {T} value
 * @returns {Promise<T>}
 */
export async function seal(_table, _id, value) {
  return value;
}

/**
 * The value that `seal` was given.
 * @template T
 * @param {string} _table @param {string} _id @param {T} sealed
 * @returns {Promise<T>}
 */
export async function unseal(_table, _id, sealed) {
  return sealed;
}
