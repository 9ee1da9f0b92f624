// Why it exists: how long a tablet may be unlocked without the server having been heard, and which time it believes. A
// clock that is merely wrong is corrected by the server's; one that was turned back does not lengthen the lease.

const TURNED_BACK_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const LONGEST_H = 168;
const RENEW_MS = 24 * HOUR_MS;

/** @typedef {import("../store/vault-slots.js").Keyring} Keyring */

/** The tablet's clock with the error that the server found. @param {Keyring} ring @param {number} nowMs the tablet's clock */
const corrected = (ring, nowMs) => nowMs + ring.offset_ms;

/** Was the clock turned back since it was last seen? @param {Keyring} ring @param {number} nowMs */
export const isTurnedBack = (ring, nowMs) => corrected(ring, nowMs) < ring.highest - TURNED_BACK_MS;

/** The time to go by (ms since 1970): never before the latest known. @param {Keyring} ring @param {number} nowMs */
export const believed = (ring, nowMs) => Math.max(ring.highest, corrected(ring, nowMs));

/** @param {Keyring} ring @param {number} nowMs */
export const hasLease = (ring, nowMs) => believed(ring, nowMs) <= ring.lease_until;

/** Does the session end so soon that it should be opened again while there is a network? @param {Keyring} ring @param {number} nowMs */
export const endsSoon = ({ session, ...ring }, nowMs) =>
  Boolean(session.expired) ||
  Date.parse(session.expires_at) - believed(/** @type {Keyring} */ (ring), nowMs) < RENEW_MS;

/** What a contact with the server changes. @param {number} serverMs the server's time @param {number} nowMs the tablet's
 * @param {number} leaseMs @returns {Pick<Keyring, "lease_ms" | "lease_until" | "highest" | "offset_ms">} */
export const heard = (serverMs, nowMs, leaseMs) => ({
  lease_ms: leaseMs,
  lease_until: serverMs + leaseMs,
  highest: serverMs,
  offset_ms: serverMs - nowMs,
});

/** @param {number | undefined} hours as the server names them, 72 by default and a week at most */
export const leaseMs = (hours = 72) => Math.min(hours, LONGEST_H) * HOUR_MS;
