// Why it exists: what a person's slot keeps sealed, and what becomes of two states of it: tabs hear the server at different
// times, and one that slept knows less than the others have stored.

/**
 * @typedef {import("./vault.js").DataKeys} DataKeys
 *
 * @typedef {object} Keyring
 * @property {any} session the server's answer to the login, segment keys included
 * @property {DataKeys} data_keys
 * @property {number} [told_at] when the server last told the session's scope and keys; versions before lack it
 * @property {number} lease_ms offline work is allowed so long after a contact
 * @property {number} lease_until @property {number} highest latest time known, of server or tablet (ms since 1970)
 * @property {number} offset_ms server's clock minus the tablet's at the last contact
 */

const KEPT_KEYS = 8;

/** Each key once, in this order. @param {import("./vault.js").GivenKey[]} all */
const newest = (all) => [...new Map(all.map((one) => [one.key, one])).values()].slice(0, KEPT_KEYS);

/** Newest keys first; older ones stay, for what still lies under them: those that the server names, also of the identities
 * that this tablet was forked from, and those known before.
 * @param {DataKeys} known @param {Record<string, import("./vault.js").GivenKey>} given @param {DataKeys} [older]
 * @returns {DataKeys} */
export function withKeys(known, given, older = {}) {
  const merged = { ...known };
  for (const [part, key] of Object.entries(given))
    merged[part] = newest([key, ...(older[part] ?? []), ...(known[part] ?? [])]);
  return merged;
}

/** When the server was heard last, by its own clock. @param {Keyring} ring */
export const heardAt = (ring) => ring.lease_until - ring.lease_ms;

/** What two tabs know of one session: the later contact counts for the lease, what was told last for scope and keys; no data
 * key is forgotten. Another session is another matter. @param {Keyring} mine @param {Keyring} stored @returns {Keyring} */
export function joined(mine, stored) {
  if (mine.session.session.id !== stored.session.session.id) return mine;
  const { lease_ms, lease_until, offset_ms, highest } = heardAt(stored) > heardAt(mine) ? stored : mine;
  const [told, before] = (stored.told_at ?? 0) > (mine.told_at ?? 0) ? [stored, mine] : [mine, stored];
  const data_keys = { ...before.data_keys };
  for (const [part, keys] of Object.entries(told.data_keys)) data_keys[part] = newest([...keys, ...(data_keys[part] ?? [])]);
  return { session: told.session, told_at: told.told_at, data_keys, lease_ms, lease_until, offset_ms, highest };
}
