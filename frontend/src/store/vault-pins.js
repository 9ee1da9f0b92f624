// Why it exists: six digits reopen what is still in this worker's memory, never anything that is stored: all of them could
// be tried in a day (TRUST.md). Five misses, twelve hours since the password or a restart, and the password is asked for.

import { newKdf, unwrap, wrap, wrappingKey } from "./vault-crypto.js";

export const MISSES = 5;
const LIFE_MS = 12 * 3_600_000;
const SHAPE = /^[0-9]{6}$/;
const EASY = /^(\d)\1{5}$|^(012345|123456|234567|345678|456789|987654|876543|765432|654321|543210)$/;

/** @typedef {{kdf: import("./vault-crypto.js").Kdf, wrapped: Uint8Array, misses: number, until: number}} Pin */

/** May this be a PIN? Six digits, and not the first that anybody would try. @param {string} pin */
export const isGoodPin = (pin) => SHAPE.test(pin) && !EASY.test(pin);

/** @param {import("./vault-crypto.js").Cost} cost @param {() => number} nowMs */
export function makePins(cost, nowMs) {
  /** @type {Map<string, Pin>} by person */
  const pins = new Map();
  let latest = 0;

  /** The latest time this worker saw: a clock turned back lengthens nothing. */
  function now() {
    latest = Math.max(latest, nowMs());
    return latest;
  }

  /** @param {string} id @returns {Pin | null} */
  function pinOf(id) {
    const pin = pins.get(id);
    if (!pin || (pin.misses < MISSES && now() < pin.until)) return pin ?? null;
    pins.delete(id);
    return null;
  }

  return {
    /** Can this person unlock by PIN now? @param {string} id */
    has: (id) => pinOf(id) !== null,
    /** @param {string} id */
    drop: (id) => pins.delete(id),

    /** Keeps a slot key under a PIN. @param {string} id @param {string} pin @param {CryptoKey} slotKey */
    async set(id, pin, slotKey) {
      const kdf = newKdf(cost);
      const wrapped = await wrap(slotKey, await wrappingKey(pin, kdf));
      pins.set(id, { kdf, wrapped, misses: 0, until: now() + LIFE_MS });
    },

    /** The password was typed: a PIN that still serves begins its time anew. @param {string} id */
    renew(id) {
      const pin = pinOf(id);
      if (pin) Object.assign(pin, { misses: 0, until: now() + LIFE_MS });
    },

    /** The slot key, or null when it is another PIN, or none serves any more. @param {string} id @param {string} given
     * @returns {Promise<CryptoKey | null>} */
    async open(id, given) {
      const pin = pinOf(id);
      if (!pin) return null;
      pin.misses += 1;
      const slotKey = await unwrap(pin.wrapped, await wrappingKey(given, pin.kdf));
      if (slotKey) pin.misses = 0;
      return slotKey;
    },

    /** How often one may still try. @param {string} id */
    left: (id) => MISSES - (pinOf(id)?.misses ?? MISSES),
  };
}
