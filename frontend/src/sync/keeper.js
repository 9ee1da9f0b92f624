// Why it exists: who has this tablet open: their slot, its key and their keyring, in this worker's memory only. What
// changes in the keyring is stored sealed; locking forgets all of it.

import { sealAnew } from "../store/legacy.js";
import { putSlot } from "../store/vault-slots.js";
import * as lease from "./lease.js";

const KEPT_KEYS = 4;
const NOTE_MS = 60_000;

/** @typedef {import("../store/vault-slots.js").Keyring} Keyring @typedef {import("../store/vault.js").DataKeys} DataKeys */
/** @typedef {{slot: Omit<import("../store/vault-slots.js").Slot, "sealed">, slotKey: CryptoKey, ring: Keyring,
 *   asked?: boolean}} Held `asked`: the server has given its keys since this person unlocked */

/** Newest keys first; those known before stay, for what still lies under them.
 * @param {DataKeys} known @param {Record<string, import("../store/vault.js").GivenKey>} given @returns {DataKeys} */
export function withKeys(known, given) {
  const merged = { ...known };
  for (const [part, key] of Object.entries(given)) {
    const older = (known[part] ?? []).filter(({ key: other }) => other !== key.key);
    merged[part] = [key, ...older].slice(0, KEPT_KEYS);
  }
  return merged;
}

/**
 * @param {{journal: import("../store/journal.js").Journal, cache: import("../store/cache.js").Cache, nowMs: () => number}} given
 */
export function makeKeeper({ journal, cache, nowMs }) {
  const { vault } = journal;
  /** @type {Held | null} */
  let held = null;

  /** Stores the keyring as it is now. */
  async function store() {
    if (held) await putSlot(journal, held.slot, held.slotKey, held.ring);
  }

  return {
    /** Whose tablet it is now; null while it is locked. @returns {Held | null} */
    get held() {
      return held;
    },
    /** A copy of the session, null while locked. */
    session: async () => (held ? { ...held.ring.session } : null),

    /** Opens the vault for a person. @param {Held} next */
    async enter(next) {
      await vault.open(next.ring.data_keys);
      held = { ...next, slot: { ...next.slot, misses: 0, open_at: 0 } };
      held.ring.highest = lease.believed(held.ring, nowMs());
      await sealAnew(journal, cache);
      await store();
    },

    /** Forgets the person and every key. */
    leave() {
      held = null;
      vault.close();
    },

    /** Another state of the same session. @param {any} session */
    async keepSession(session) {
      if (!held || held.ring.session.session.id !== session.session.id) return;
      held.ring.session = session;
      await store();
    },

    /** Keys as the server gives them out now. @param {any} session as kept @param {any} given `{keys, data_keys, lease_hours}` */
    async keepKeys(session, given) {
      if (!held || held.ring.session.session.id !== session.session.id) return;
      held.ring.session = { ...session, keys: given.keys };
      held.ring.data_keys = withKeys(held.ring.data_keys, given.data_keys);
      held.ring.lease_ms = lease.leaseMs(given.lease_hours);
      held.asked = true;
      await vault.open(held.ring.data_keys);
      await store();
    },

    /** The server was heard: the lease begins anew. @param {number} serverMs its time */
    async heard(serverMs) {
      if (!held) return;
      const before = held.ring.lease_until;
      Object.assign(held.ring, lease.heard(serverMs, nowMs(), held.ring.lease_ms));
      if (Math.abs(held.ring.lease_until - before) > NOTE_MS) await store();
    },

    /** Notes the time, so that a clock turned back is seen; called before locking. */
    async noteTime() {
      if (!held) return;
      held.ring.highest = lease.believed(held.ring, nowMs());
      await store();
    },
  };
}
