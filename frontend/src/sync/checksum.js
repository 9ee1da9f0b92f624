// Why it exists: proves now and then that this tablet holds exactly what the server holds (invariant 10); a difference
// throws the cache away, at most once per epoch, and is reported.

const MODULUS = 2 ** 48;
const AT_ONCE = 500;
const DAY_MS = 24 * 3_600_000;
const encoder = new TextEncoder();

/** A row's share: the first 6 bytes of SHA-256(`kind|id|seq`). @param {import("../store/cache.js").Row} row */
async function share([seq, kind, id]) {
  const digest = new DataView(await crypto.subtle.digest("SHA-256", encoder.encode(`${kind}|${id}|${seq}`)));
  return digest.getUint16(0) * 2 ** 32 + digest.getUint32(2);
}

/**
 * The order-free checksum of a partition: the sum of its rows' shares, modulo 2^48.
 * @param {Iterable<import("../store/cache.js").Row>} rows
 */
export async function checksum(rows) {
  const all = [...rows];
  let sum = 0;
  for (let at = 0; at < all.length; at += AT_ONCE)
    for (const one of await Promise.all(all.slice(at, at + AT_ONCE).map(share))) sum = (sum + one) % MODULUS;
  return sum;
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
async function verify({ desk, cache, status, now }) {
  for (const { part } of desk.spaces.values()) {
    const cursor = await cache.cursor(part.code);
    const told = status.sums[part.code];
    const comparable = told && told.seq === cursor?.seq && told.seq === part.cursor?.seq;
    if (!comparable || !isDue(cursor, now())) continue;
    const same = (await checksum((await part.everything()).values())) === told.sum;
    if (part.cursor?.seq !== cursor?.seq || part.cursor?.life !== cursor?.life) continue; // it changed meanwhile
    const found = same ? {} : { stale: true, mismatch: cursor?.epoch };
    await cache.note(part.code, { checked: now(), ...found });
    if (!same) status.report("本机数据与服务器不一致，正在重新下载核对。");
  }
}

/**
 * `verify` beside the cycles, which do not wait for it (a big branch takes seconds): one at a time, and what fails because
 * the tablet was locked meanwhile is no error.
 * @param {Parameters<typeof verify>[0] & {session: () => Promise<any>}} given @returns {() => Promise<void>}
 */
export function makeVerify({ session, ...given }) {
  /** @type {Promise<void> | null} */
  let running = null;
  const unlessLocked = async (/** @type {unknown} */ error) => {
    if (await session()) throw error;
  };
  return () => {
    running ??= verify(given)
      .catch(unlessLocked)
      .finally(() => {
        running = null;
      });
    return running;
  };
}
