// Why it exists: a tablet that was revoked hands in what it has not sent, sealed, and deletes itself only after the server
// has confirmed every piece (TRUST, Revocation). It needs nobody's password for that, so it works while locked.

import { getMeta } from "../store/meta.js";
import { keptFiles, PIECE_BYTES } from "../store/blobs.js";
import { deleteDatabase, retire, sealedPiece, unanswered } from "../store/retire.js";
import { NEVER } from "./blobs.js";
import { WireError } from "./wire.js";

const ASK_MS = 60_000;
const MOST_ROWS = 200;
const MOST_CHARS = 4 * 1024 * 1024;
/** The server will never take this file; sealed pieces do not change on the way, so another hash stays another. */
const HOPELESS = [...NEVER, "blob.hash"];

/** @typedef {Awaited<ReturnType<typeof unanswered>>} Rows @typedef {{device: string, secret: string}} Shown proves this tablet */

/** @param {Rows} rows @returns {Rows[]} what goes into one request each */
export function batches(rows) {
  /** @type {Rows[]} */
  const made = [];
  let chars = 0;
  for (const row of rows) {
    const last = made.at(-1);
    chars += row.sealed.length;
    if (last && last.length < MOST_ROWS && chars <= MOST_CHARS) last.push(row);
    else [chars] = [row.sealed.length, made.push([row])];
  }
  return made;
}

/** What the network did not let through is done next time. @param {unknown} error */
function later(error) {
  if (!(error instanceof WireError)) throw error;
}

/**
 * @param {{ctx: import("./cycle.js").Context, env: import("./app.js").Env, names: {journal: string, cache: string},
 *   nowMs: () => number, lock: () => Promise<void>, close: () => Promise<void>, emit: (type: string) => void,
 *   tellTabs: (what: string) => void}} given `lock` forgets keys and what was read with them, `close` lets go of everything
 */
export function makeWipe({ ctx, env, names, nowMs, lock, close, emit, tellTabs }) {
  const { journal, wire } = ctx;
  let asked = Number.NEGATIVE_INFINITY;

  /** @param {Shown} shown */
  async function isWanted(shown) {
    if ((await journal.device(ctx.freshId)).retired) return true;
    if (nowMs() - asked < ASK_MS) return false;
    asked = nowMs();
    return (await wire.deviceState(shown)).state === "wipe";
  }

  /** Nothing is saved any more, and nothing private stays in memory or on a screen: that comes first, whatever cannot be
   * written on a full disk. */
  async function begin() {
    const retired = retire(journal);
    tellTabs("wiping");
    await Promise.allSettled([retired, lock()]);
    emit("wiping");
    await retired;
  }

  /** Every unanswered op is in a receipt afterwards. @param {Shown} shown */
  async function handIn(shown) {
    /** @type {Set<string>} */
    const received = new Set();
    for (const rows of batches(await unanswered(journal)))
      for (const id of (await wire.handIn({ ...shown, rows })).received) received.add(id);
    const left = (await unanswered(journal)).filter(({ id }) => !received.has(id));
    if (left.length) throw new WireError("offline", "", { left: left.length });
  }

  /** Every file that the server can take is there afterwards, verified (invariant 17). @param {Shown} shown */
  async function handInFiles(shown) {
    for (const row of (await keptFiles(journal)).filter(({ state }) => state === "waiting")) {
      await handInFile(shown, row).catch((error) => {
        if (!HOPELESS.includes(error.code)) throw error;
      });
    }
  }

  /** @param {Shown} shown @param {import("../store/blobs.js").Row} row */
  async function handInFile(shown, row) {
    const { part, sha256, size } = row;
    for (let [offset, complete] = [0, false]; !complete; ) {
      const no = Math.floor(Math.min(offset, size - 1) / PIECE_BYTES);
      const sealed = await sealedPiece(journal, row, no);
      ({ offset, complete } = await wire.handInFile({ ...shown, part, sha256, size, no, sealed }));
    }
  }

  async function erase() {
    tellTabs("wiped");
    await close();
    await deleteDatabase(names.cache);
    await deleteDatabase(names.journal); // last, so that a crash in between is not the end of it
    for (const key of (await env.caches?.keys()) ?? []) await env.caches?.delete(key);
    emit("wiped");
  }

  /** @param {boolean} told */
  async function run(told) {
    /** @type {Shown | null} */
    const shown = await getMeta(journal, "device_secret");
    if (!shown || (!told && !(await isWanted(shown)))) return;
    await begin();
    await handIn(shown);
    await handInFiles(shown);
    await wire.wiped(shown);
    await erase();
  }

  /** @param {boolean} told */
  const check = (told) => env.locks.request("chedang-wipe", () => run(told)).catch(later);

  return {
    /**
     * Asks the server, once a minute at most, and does what it wants of this tablet: nothing, as a rule. Safe to repeat
     * after a crash at any point. @returns {Promise<void>}
     */
    check: () => check(false),

    /** The server refused something; perhaps because this tablet is to be wiped. @param {WireError} error */
    async refused({ code }) {
      if (code === "device.wipe") await check(true);
    },

    /** Another tab does it: let go of what this one holds. @param {string} what "wiping" or "wiped" */
    async hear(what) {
      await (what === "wiped" ? close() : lock()).finally(() => emit(what));
    },
  };
}
