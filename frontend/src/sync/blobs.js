// Why it exists: files go to the server in a queue of their own, in chunks, from wherever the server says it has got to; ops
// never wait for them, and they leave this tablet only when the server has verified them (invariant 17).

import { bytesFrom, keptFiles, letFileGo, noteRefused, PIECE_BYTES } from "../store/blobs.js";
import { WireError } from "./wire.js";

const SMALLEST_CHUNK = 64 * 1024;
const MOST_STRIKES = 8;
const LONGEST_S = 300;
/** The server went on, or began again; go on from where it is. */
const MOVED = ["blob.offset", "blob.hash"];
/** Sending again would not help. */
export const NEVER = ["blob.type", "blob.damaged", "blob.too_large"];

/** @typedef {import("./cycle.js").Context} Context @typedef {import("../store/blobs.js").Row} Row */

/** Would the next file meet the same? @param {any} error */
const isForAll = (error) =>
  error instanceof WireError ? error.code === "offline" || error.status === 401 : error?.code !== "app.locked";

/** @param {Context} ctx @param {(error: unknown) => void} failed what nobody waits for */
export function makeBlobQueue(ctx, failed) {
  const { journal, wire } = ctx;
  /** @type {Map<string, number>} sha256 → bytes the server has */
  const arrived = new Map();
  /** @type {Promise<void> | null} */
  let running = null;
  let [failures, stopped, again, most] = [0, false, false, PIECE_BYTES];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {Row} row @param {number} bytes */
  function note(row, bytes) {
    arrived.set(row.sha256, bytes);
    ctx.counted();
  }

  /** The next chunk; what it brought about. @param {any} session @param {Row} row @param {number} offset
   * @returns {Promise<{offset: number, complete: boolean}>} */
  async function sendChunk(session, row, offset) {
    const bytes = await bytesFrom(journal, row, offset, most);
    try {
      const told = await wire.putBlob(row, offset, bytes, session.token);
      most = Math.min(PIECE_BYTES, most * 2);
      return told;
    } catch (error) {
      if (error instanceof WireError && error.code === "offline") most = Math.max(SMALLEST_CHUNK, most >> 1);
      throw error;
    }
  }

  /** @param {any} session @param {Row} row */
  async function sendFile(session, row) {
    let { offset, complete } = await wire.blobState(row, session.token);
    for (let strikes = 0; !complete && !stopped; ) {
      note(row, offset);
      try {
        ({ offset, complete } = await sendChunk(session, row, offset));
      } catch (error) {
        strikes += 1;
        if (!(error instanceof WireError && MOVED.includes(error.code)) || strikes > MOST_STRIKES)
          throw error;
        offset = error.details.expect ?? 0;
      }
    }
    if (!complete) return;
    await letFileGo(journal, row);
    arrived.delete(row.sha256);
    ctx.changed();
  }

  /** Sends what waits, as far as this person may and the keys at hand reach; a file that fails, or does not open, keeps
   * none of the others. */
  async function round() {
    const session = await ctx.session();
    if (!session || session.expired) return;
    const failures = [];
    for (const row of await keptFiles(journal)) {
      if (stopped || (await ctx.session())?.session.id !== session.session.id) return;
      if (row.state !== "waiting" || !session.scope.includes(row.part) || !journal.vault.has(row.part))
        continue;
      try {
        await sendFile(session, row);
      } catch (error) {
        if (isForAll(error)) throw error;
        const { code } = /** @type {{code: string}} */ (error);
        if (code === "sync.part") continue; // the scope changed just now
        if (!NEVER.includes(code)) {
          failures.push(error);
          continue;
        }
        await noteRefused(journal, row, code);
        ctx.changed();
      }
    }
    if (failures.length) throw failures[0];
  }

  async function loop() {
    do {
      again = false;
      await ctx.locks.request("chedang-blobs", round).then(
        () => (failures = 0),
        (error) => {
          failures += 1;
          if (!(error instanceof WireError) && error?.code !== "app.locked") failed(error);
        },
      );
    } while (again && !failures && !stopped);
  }

  /** Sends in the background; while something fails, again after a growing while. */
  function send() {
    clearTimeout(timer);
    again = true;
    running ??= loop().finally(() => {
      running = null;
      if (!failures || stopped || !ctx.timers) return;
      timer = setTimeout(send, Math.min(LONGEST_S, 2 ** failures) * 1000 * (0.7 + 0.6 * ctx.random()));
    });
    return running;
  }

  return {
    send,
    /** Files that are not on the server: `[{sha256, part, size, sent, state, code}]`; `sent` in bytes. */
    async kept() {
      const rows = await keptFiles(journal);
      return rows.map(({ sha256, part, size, state, code }) => ({
        sha256,
        part,
        size,
        state,
        code,
        sent: arrived.get(sha256) ?? 0,
      }));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
