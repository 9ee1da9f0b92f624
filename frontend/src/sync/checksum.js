// Why it exists: proves now and then that this tablet holds exactly what the server holds (invariant 10); a difference
// throws the cache away, at most once per epoch, and is reported.

import { sha256 } from "../store/codec.js";

const MODULUS = 2n ** 48n;
const DAY_MS = 24 * 3_600_000;

/**
 * The order-free checksum of a partition: the sum of the first 6 bytes of SHA-256(`kind|id|seq`), modulo 2^48, of the rows
 * that have a document.
 * @param {Iterable<import("../store/cache.js").Row>} rows
 */
export async function checksum(rows) {
  let sum = 0n;
  for (const [seq, kind, id, , doc] of rows) {
    if (!doc) continue; // a tombstone: a snapshot has none
    const digest = await sha256(new TextEncoder().encode(`${kind}|${id}|${seq}`));
    sum += BigInt(`0x${digest.slice(0, 12)}`);
  }
  return Number(sum % MODULUS);
}

/**
 * Is it time to compare? After a download, and then once a day.
 * @param {import("../store/cache.js").Cursor | undefined} cursor @param {string} now
 */
function isDue(cursor, now) {
  if (!cursor?.complete || cursor.stale || cursor.mismatch === cursor.epoch) return false;
  return !cursor.checked || Date.parse(now) - Date.parse(cursor.checked) > DAY_MS;
}

/**
 * Compares the loaded partitions with the checksums last told, where that is due.
 * @param {{desk: import("./workspace.js").Workspace, cache: import("../store/cache.js").Cache,
 *   status: ReturnType<typeof import("./status.js").makeStatus>, now: () => string}} given
 */
export async function verify({ desk, cache, status, now }) {
  for (const { part } of desk.spaces.values()) {
    const cursor = await cache.cursor(part.code);
    const told = status.sums[part.code];
    const comparable = told && told.seq === cursor?.seq && told.seq === part.cursor?.seq;
    if (!comparable || !isDue(cursor, now())) continue;
    const same = (await checksum((await part.everything()).values())) === told.sum;
    const found = same ? {} : { stale: true, mismatch: cursor?.epoch };
    await cache.note(part.code, { checked: now(), ...found });
    if (!same) status.report("本机数据与服务器不一致，正在重新下载核对。");
  }
}
