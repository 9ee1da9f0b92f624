// Why it exists: proves now and then that this tablet holds exactly what the server holds (invariant 10); a difference
// throws the cache away, at most once per epoch, and is reported.

import { sha256 } from "../store/codec.js";

const MODULUS = 2n ** 48n;
const DAY_MS = 24 * 3_600_000;

/**
 * The order-free checksum of a partition: the sum of the first 6 bytes of SHA-256(`kind|id|seq`), modulo 2^48.
 * @param {Iterable<import("../store/cache.js").Row>} rows
 */
export async function checksum(rows) {
  let sum = 0n;
  for (const [seq, kind, id] of rows) {
    const digest = await sha256(new TextEncoder().encode(`${kind}|${id}|${seq}`));
    sum += BigInt(`0x${digest.slice(0, 12)}`);
  }
  return Number(sum % MODULUS);
}

/**
 * Is it time to compare? After a download, and then once a day.
 * @param {import("../store/cache.js").Cursor | undefined} cursor @param {string} now
 */
export function isDue(cursor, now) {
  if (!cursor?.complete || cursor.stale || cursor.mismatch === cursor.epoch) return false;
  return !cursor.checked || Date.parse(now) - Date.parse(cursor.checked) > DAY_MS;
}
