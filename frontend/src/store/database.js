// Why it exists: opens IndexedDB and runs transactions; a lost connection is reopened, another tab's upgrade is let through.
// Inside `work` nothing but IndexedDB may be awaited: the transaction would close.

import { deleteDB, openDB } from "../../vendor/idb.js";

const REOPENS = 3;
const LOST = /connection|closing|closed|not open/i;

/** @param {unknown} error */
function isLost(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "InvalidStateError" || (name === "UnknownError" && LOST.test(String(error)));
}

/**
 * @typedef {import("../../vendor/idb.js").IDBPDatabase<any>} Db
 * @typedef {import("../../vendor/idb.js").IDBPTransaction<any, any, "readwrite">} Tx readonly ones alike
 * @typedef {ReturnType<typeof database>} Database
 */

/** Deletes a database with all it holds. @param {string} name */
export const dropDatabase = (name) => deleteDB(name);

/**
 * A database by name. `run(stores, mode, work)` gives `work` a transaction and resolves with its result after the commit.
 * @param {string} name @param {number} version @param {(db: Db, from: number) => void} upgrade
 */
export function database(name, version, upgrade) {
  /** @type {Promise<Db> | null} */
  let opened = null;
  let closed = false;

  function connect() {
    if (closed) throw new Error(`${name} was closed`);
    opened ??= openDB(name, version, {
      upgrade: (db, from) => upgrade(db, from),
      blocking: (_now, _next, event) => {
        /** @type {IDBDatabase} */ (event.target).close();
        opened = null;
      },
      terminated: () => {
        opened = null;
      },
    });
    return opened;
  }

  /**
   * @template T
   * @param {string[]} stores @param {"readonly" | "readwrite"} mode @param {(tx: Tx) => Promise<T>} work
   * @param {"strict" | "relaxed"} durability
   * @returns {Promise<T>}
   */
  async function once(stores, mode, work, durability) {
    const db = await connect();
    const tx = db.transaction(stores, mode, { durability });
    const done = tx.done.then(
      () => null,
      (error) => ({ error }),
    );
    try {
      const result = await work(/** @type {Tx} */ (/** @type {unknown} */ (tx)));
      const failed = await done;
      if (failed) throw failed.error;
      return result;
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // it has ended already
      }
      throw tx.error ?? error; // a request that was under way tells only that it was aborted, not for want of room
    }
  }

  return {
    /**
     * @template T
     * @param {string[]} stores @param {"readonly" | "readwrite"} mode @param {(tx: Tx) => Promise<T>} work
     * @param {"strict" | "relaxed"} [durability] strict: on the disk before it resolves
     * @returns {Promise<T>}
     */
    async run(stores, mode, work, durability = "relaxed") {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await once(stores, mode, work, durability);
        } catch (error) {
          if (closed || !isLost(error) || attempt >= REOPENS) throw error;
          opened = null;
        }
      }
    },
    async close() {
      closed = true;
      (await opened?.catch(() => null))?.close();
    },
  };
}
