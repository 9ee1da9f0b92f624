// Why it exists: one slot per person enrolled on this tablet: their password opens it, and it holds their keys and session.
// In clear are only the name and what a password costs to try.

import { joined } from "./keyring.js";
import {
  decrypt,
  encrypt,
  fromBytes,
  newKdf,
  newSlotKey,
  toBytes,
  unwrap,
  wrap,
  wrappingKey,
} from "./vault-crypto.js";

/**
 * @typedef {import("./journal.js").Journal} Journal
 *
 * @typedef {import("./keyring.js").Keyring} Keyring
 *
 * @typedef {object} Slot
 * @property {string} staff_id @property {string} username @property {string} name
 * @property {import("./vault-crypto.js").Kdf} kdf @property {Uint8Array} wrapped the slot key @property {Uint8Array} sealed the keyring
 * @property {string} [session] whose keyring it is, to see whether another tab stored another; versions before lack it
 * @property {number} misses wrong passwords since the last right one @property {number} open_at no try before (ms since 1970)
 */

/** @param {string} staffId */
const aadOf = (staffId) => `1|slot|${staffId}`;

/** Everybody enrolled here. @param {Journal} journal @returns {Promise<Slot[]>} */
export function allSlots(journal) {
  return journal.db.run(["slots"], "readonly", (tx) => tx.objectStore("slots").getAll());
}

/** @param {Journal} journal @param {string} username @returns {Promise<Slot | null>} */
export async function slotOf(journal, username) {
  return (await allSlots(journal)).find((slot) => slot.username === username) ?? null;
}

/** A slot that only this password opens. @param {{staff_id: string, username: string, name: string}} person
 * @param {string} password @param {import("./vault-crypto.js").Cost} cost
 * @returns {Promise<{slot: Omit<Slot, "sealed">, slotKey: CryptoKey}>} */
export async function newSlot(person, password, cost) {
  const [kdf, slotKey] = [newKdf(cost), await newSlotKey()];
  const wrapped = await wrap(slotKey, await wrappingKey(password, kdf));
  return { slot: { ...person, kdf, wrapped, misses: 0, open_at: 0 }, slotKey };
}

/** The slot key, or null when it is another password. @param {Slot} slot @param {string} password */
export async function openSlot({ wrapped, kdf }, password) {
  return unwrap(wrapped, await wrappingKey(password, kdf));
}

/** @param {Slot} slot @param {CryptoKey} slotKey @returns {Promise<Keyring>} */
export async function keyringOf({ staff_id, sealed }, slotKey) {
  return fromBytes(await decrypt(slotKey, aadOf(staff_id), sealed));
}

/** What of a slot goes with its keyring. @param {string} staffId @param {CryptoKey} slotKey @param {Keyring} keyring */
async function contentOf(staffId, slotKey, keyring) {
  const sealed = await encrypt(slotKey, aadOf(staffId), toBytes(keyring));
  return { sealed, session: keyring.session.session.id };
}

/** Stores a slot with its keyring, whatever lies there. @param {Journal} journal @param {Omit<Slot, "sealed">} slot
 * @param {CryptoKey} slotKey @param {Keyring} keyring */
export async function putSlot(journal, slot, slotKey, keyring) {
  const content = await contentOf(slot.staff_id, slotKey, keyring);
  await journal.db.run(
    ["slots"],
    "readwrite",
    (tx) => tx.objectStore("slots").put({ ...slot, ...content }),
    "strict",
  );
}

/** Stores a keyring, if the slot is still the one that is held: somebody may have signed out in another tab meanwhile, or
 * in again, perhaps with another password. What another tab has stored of the same session is not forgotten.
 * @param {Journal} journal @param {Omit<Slot, "sealed">} slot
 * @param {CryptoKey} slotKey @param {Keyring} keyring @param {Partial<Slot>} [more] @returns {Promise<boolean>} was it? */
export async function updateSlot(journal, slot, slotKey, keyring, more) {
  const get = (/** @type {import("./database.js").Tx} */ tx) => tx.objectStore("slots").get(slot.staff_id);
  for (;;) {
    const known = await journal.db.run(["slots"], "readonly", get);
    if (!known || !isSame(known, slot)) return false;
    const ring = await keyringOf(known, slotKey).then((stored) => joined(keyring, stored), () => keyring);
    const content = await contentOf(slot.staff_id, slotKey, ring);
    const stored = await journal.db.run(
      ["slots"],
      "readwrite",
      async (tx) => {
        const now = await get(tx);
        if (String(now?.sealed) !== String(known.sealed)) return false;
        await tx.objectStore("slots").put({ ...now, ...content, ...more });
        return true;
      },
      "strict",
    );
    if (stored) return true;
  }
}

/** Does it open by the same password, for the same session? @param {Slot} now @param {Omit<Slot, "sealed">} held */
function isSame(now, held) {
  const [before, after] = [held.session ?? now.session, now.session ?? held.session];
  return before === after && String(now.wrapped) === String(held.wrapped);
}

/** Counts a wrong password; the first `free` cost nothing, then the wait doubles, never beyond `longest` ms.
 * @param {Journal} journal @param {string} staffId @param {number} nowMs @param {{free: number, longest: number}} limits */
export function countMiss(journal, staffId, nowMs, { free, longest }) {
  return journal.db.run(
    ["slots"],
    "readwrite",
    async (tx) => {
      const slot = await tx.objectStore("slots").get(staffId);
      if (!slot) return; // taken off by another tab
      const misses = slot.misses + 1;
      const wait = misses < free ? 0 : Math.min(longest, 1000 * 2 ** (misses - free));
      await tx.objectStore("slots").put({ ...slot, misses, open_at: nowMs + wait });
    },
    "strict",
  );
}

/** Takes a person off this tablet; what is not uploaded yet stays. @param {Journal} journal @param {string} staffId */
export function dropSlot(journal, staffId) {
  return journal.db.run(["slots"], "readwrite", (tx) => tx.objectStore("slots").delete(staffId), "strict");
}
