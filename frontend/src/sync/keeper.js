// Why it exists: who has this tablet open: their slot, its key and their keyring, in this worker's memory only. What
// changes in the keyring is stored sealed; locking forgets all of it.

import { heardAt, withKeys } from "../store/keyring.js";
import { sealAnew } from "../store/legacy.js";
import { putSlot, updateSlot } from "../store/vault-slots.js";
import * as lease from "./lease.js";
import { noRoomTo, withoutRoom } from "./room.js";

const NOTE_MS = 60_000;
const UNTRIED = { misses: 0, open_at: 0 };

/** @typedef {import("../store/keyring.js").Keyring} Keyring */
/** @typedef {{slot: Omit<import("../store/vault-slots.js").Slot, "sealed">, slotKey: CryptoKey, ring: Keyring,
 *   fresh?: boolean}} Held `fresh`: the slot is not stored yet */

/**
 * @param {{journal: import("../store/journal.js").Journal, cache: import("../store/cache.js").Cache, nowMs: () => number}} given
 */
export function makeKeeper({ journal, cache, nowMs }) {
  const { vault } = journal;
  /** @type {Held | null} */
  let held = null;
  let leaves = 0;

  /** Stores the keyring as it is now; on a full disk another time. */
  async function store() {
    const mine = held;
    if (!mine) return;
    const session = mine.ring.session.session.id;
    const stored = await updateSlot(journal, mine.slot, mine.slotKey, mine.ring).catch(withoutRoom);
    if (stored) mine.slot.session = session;
  }

  return {
    /** Whose tablet it is now; null while it is locked. @returns {Held | null} */
    get held() {
      return held;
    },
    /** A copy of the session, null while locked. */
    session: async () => (held ? { ...held.ring.session } : null),

    /** Opens the vault for a person. A keyring is stored before anything is sealed with its keys; a full disk keeps only
     * those out who have no slot yet. Nobody enters if the tablet is locked meanwhile, or the slot went or changed in
     * another tab. @param {Held} next @throws {import("./refusal.js").Refusal} app.no_room */
    async enter({ fresh = false, ...next }) {
      const [entered, left] = [{ ...next, slot: { ...next.slot, ...UNTRIED } }, leaves];
      const { slot, slotKey, ring } = entered;
      ring.highest = lease.believed(ring, nowMs());
      const stored = fresh
        ? await putSlot(journal, slot, slotKey, ring).then(() => true, noRoomTo("enter"))
        : await updateSlot(journal, slot, slotKey, ring, UNTRIED).catch((error) => withoutRoom(error) || null);
      if (stored === false || left !== leaves) return;
      if (stored) slot.session = ring.session.session.id;
      held = entered;
      await vault.open(ring.data_keys, () => held === entered);
      if (stored) await sealAnew(journal, cache).catch(withoutRoom);
    },

    /** Forgets the person and every key. */
    leave() {
      held = null;
      leaves += 1;
      vault.close();
    },

    /** Another state of the same session. @param {any} session */
    async keepSession(session) {
      if (!held || held.ring.session.session.id !== session.session.id) return;
      Object.assign(held.ring, { session, told_at: heardAt(held.ring) });
      await store();
    },

    /** Keys as the server gives them out now. @param {any} session as kept @param {any} given `{keys, data_keys, older_keys, lease_hours}` */
    async keepKeys(session, given) {
      const mine = held;
      if (!mine || mine.ring.session.session.id !== session.session.id) return;
      const [told_at, lease_ms] = [heardAt(mine.ring), lease.leaseMs(given.lease_hours)];
      const data_keys = withKeys(mine.ring.data_keys, given.data_keys, given.older_keys);
      Object.assign(mine.ring, { told_at, lease_ms, lease_until: told_at + lease_ms, data_keys });
      mine.ring.session = { ...session, keys: given.keys };
      await vault.open(mine.ring.data_keys, () => held === mine);
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
