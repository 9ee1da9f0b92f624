// Why it exists: proves now and then that this tablet holds exactly what the server holds (invariant 10); a difference
// throws the cache away, at most once per epoch, and is reported.

import { sha256 } from "../../vendor/sha2.js";

/** @typedef {import("../store/cache.js").Row} Row */

const MODULUS = 2 ** 48;
const SLICE_MS = 6;
const QUIET_MS = 300;
const DAY_MS = 24 * 3_600_000;
const encoder = new TextEncoder();

/** A row's share: the first 6 bytes of SHA-256(`kind|id|seq`). @param {Row} row */
function share([seq, kind, id]) {
  const { buffer, byteOffset } = sha256(encoder.encode(`${kind}|${id}|${seq}`));
  const digest = new DataView(buffer, byteOffset);
  return digest.getUint16(0) * 2 ** 32 + digest.getUint32(2);
}

/**
 * The order-free checksum of a partition: the sum of the shares of its rows that have a document, modulo 2^48; in slices
 * of a few ms, as people work meanwhile. Not with crypto.subtle: a task for each of 150,000 rows keeps all others waiting.
 * @param {AsyncIterable<Row[]>} files the rows, some at a time @param {() => Promise<any>} pause between two slices
 */
export async function checksum(files, pause) {
  let [sum, end] = [0, performance.now() + SLICE_MS];
  for await (const rows of files) {
    // no tombstones: a snapshot has none
    for (const row of rows) if (row[4]) sum = (sum + share(row)) % MODULUS;
    if (performance.now() < end) continue;
    await pause();
    end = performance.now() + SLICE_MS;
  }
  return sum;
}

/** Resolves when nobody has asked for anything for a moment. @param {import("./workspace.js").Workspace} desk */
async function quiet(desk) {
  const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(0);
  while (performance.now() - desk.usedAt < QUIET_MS) await wait(QUIET_MS);
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
 *   status: ReturnType<typeof import("./status.js").makeStatus>, now: () => string, pause: () => Promise<any>}} given
 */
async function verify({ desk, cache, status, now, pause }) {
  for (const { part } of desk.spaces.values()) {
    const cursor = await cache.cursor(part.code);
    const told = status.sums[part.code];
    const comparable = told && told.seq === cursor?.seq && told.seq === part.cursor?.seq;
    if (!comparable || !isDue(cursor, now())) continue;
    const same = (await checksum(part.rows(), pause)) === told.sum;
    if (part.cursor?.seq !== cursor?.seq || part.cursor?.life !== cursor?.life) continue; // it changed meanwhile
    const found = same ? {} : { stale: true, mismatch: cursor?.epoch };
    await cache.note(part.code, { checked: now(), ...found });
    if (!same) status.report("本机数据与服务器不一致，正在重新下载核对。");
  }
}

/**
 * `verify` beside the cycles, which do not wait for it (a big branch takes seconds): one at a time, and what fails because
 * the tablet was locked meanwhile is no error. Without `timers` it rests for nobody.
 * @param {Omit<Parameters<typeof verify>[0], "pause"> & {session: () => Promise<any>, timers: boolean}} given
 * @returns {() => Promise<void>}
 */
export function makeVerify({ session, timers, ...given }) {
  /** @type {Promise<void> | null} */
  let running = null;
  const pause = async () => timers && quiet(given.desk);
  const unlessLocked = async (/** @type {unknown} */ error) => {
    if (await session()) throw error;
  };
  return () => {
    running ??= verify({ ...given, pause })
      .catch(unlessLocked)
      .finally(() => {
        running = null;
      });
    return running;
  };
}
