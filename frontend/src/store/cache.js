// Why it exists: the disposable database: chunks as downloaded, pages of rows that changed since, and the cursors that say
// how far both reach. Rows and their cursor are written in one transaction (invariants 7, 9).

import { newId } from "../lib/ids.js";
import { CHUNK_STORES, chunksOf, whole } from "./chunks.js";
import { database } from "./database.js";
import { PAGES, pageFunctions, pagesOf, sealedPage } from "./pages.js";

/**
 * @typedef {[number, string, string, number, any, string?]} Row `[seq, kind, id, ver, doc | null, file of a tombstone]`
 * @typedef {{url: string, name: string, kind: "work" | "directory" | "segment", no: number, bytes: number,
 *   pieces: number[], sha256: string}} Chunk `pieces` are sealed lengths, `no` is the number of the first
 * @typedef {{epoch: string, seq: number, floor: number, key_id?: string, chunks: Chunk[]}} Manifest
 *
 * @typedef {object} Cursor how far a partition is known
 * @property {string} part @property {string} epoch @property {number} seq
 * @property {number} [floor] the server's when this tablet began: what had been collected by then concerns it not
 * @property {boolean} complete false while the first download runs: usable, not pulled yet
 * @property {boolean} [follows] so it is, but what had been pulled before still counts
 * @property {boolean} [stale] the server reset the cursor: shown, not pulled, to be downloaded again
 * @property {string} life another at every replacement of the whole partition: a reader of another life reads anew
 * @property {string} [key_id] of the segment key that seals the chunks
 * @property {Chunk[]} chunks what the snapshot consists of @property {number} base its seq
 * @property {string} [checked] when the checksum was compared last @property {string} [mismatch] epoch of the last mismatch
 *
 * @typedef {ReturnType<typeof openCache>} Cache @typedef {import("./vault.js").Vault} Vault
 */

const ALL = [PAGES, "cursors", ...Object.values(CHUNK_STORES)];

/** A cache of another version is dropped and filled again. @param {import("./database.js").Db} db */
function upgrade(db) {
  for (const name of [...db.objectStoreNames]) db.deleteObjectStore(name);
  for (const name of Object.values(CHUNK_STORES)) db.createObjectStore(name, { keyPath: ["part", "name", "i"] });
  db.createObjectStore(PAGES, { keyPath: ["part", "to"] });
  db.createObjectStore("cursors", { keyPath: "part" });
}

/** The cache of all partitions. @param {string} name of the database @param {Vault} vault */
export function openCache(name, vault) {
  const db = database(name, 2, upgrade);

  return {
    db,

    /** @param {string} part @returns {Promise<Cursor | undefined>} */
    cursor: (part) => db.run(["cursors"], "readonly", (tx) => tx.objectStore("cursors").get(part)),
    /** @returns {Promise<Cursor[]>} */
    cursors: () => db.run(["cursors"], "readonly", (tx) => tx.objectStore("cursors").getAll()),

    /** Rows and the new cursor together, if the cursor still is `from`; false when someone else moved it. From null
     * (nothing known, or stale) the rows replace the partition.
     * @param {string} part @param {{epoch: string, seq: number} | null} from @param {{epoch: string, rows: Row[], to: number, floor: number}} page */
    async apply(part, from, { epoch, rows, to, floor }) {
      const page = rows.length ? await sealedPage(vault, part, rows, to) : null;
      return db.run([PAGES, "cursors"], "readwrite", async (tx) => {
        const [cursors, pages] = [tx.objectStore("cursors"), tx.objectStore(PAGES)];
        const now = await cursors.get(part);
        if (from ? now?.seq !== from.seq || now.epoch !== from.epoch : now && !now.stale) return false;
        if (!from) await pages.delete(pagesOf(part));
        if (page) await pages.put(page);
        const life = newId();
        const kept = from ? now : { part, floor, complete: true, life, chunks: [], base: 0, mismatch: now?.mismatch };
        await cursors.put({ ...kept, epoch, seq: to });
        return true;
      });
    },

    /** Replaces a partition by a snapshot whose chunks are stored: the flag and the cursor are written last.
     * Rows newer than the snapshot stay, unless they belong to another epoch.
     * @param {string} part @param {Manifest} manifest @param {boolean} complete */
    async install(part, manifest, complete) {
      const names = new Set(manifest.chunks.map((chunk) => chunk.name));
      await db.run(ALL, "readwrite", async (tx) => {
        const old = await tx.objectStore("cursors").get(part);
        const same = old?.epoch === manifest.epoch && (old.complete || old.follows) && !old.stale;
        if (complete) await tx.objectStore(PAGES).delete(pagesOf(part, -1, same ? manifest.seq : undefined));
        for (const store of complete ? Object.values(CHUNK_STORES) : []) {
          for (const key of await tx.objectStore(store).getAllKeys(whole(part))) {
            if (!names.has(key[1])) await tx.objectStore(store).delete(key);
          }
        }
        const seq = same ? Math.max(old.seq, manifest.seq) : manifest.seq;
        const { epoch, floor, key_id, chunks } = manifest;
        const kept = { mismatch: old?.mismatch, stale: complete ? false : old?.stale, follows: same && !complete };
        const life = newId();
        const now = { ...kept, part, epoch, floor, key_id, seq, complete, life, chunks, base: manifest.seq };
        await tx.objectStore("cursors").put(now);
      });
    },

    /** Forgets everything of a partition (scope lost). @param {string} part */
    dropPart: (part) =>
      db.run(ALL, "readwrite", async (tx) => {
        for (const store of ALL)
          await tx.objectStore(store).delete(store === "cursors" ? IDBKeyRange.only(part) : whole(part));
      }),

    /** Notes something on a cursor. @param {string} part @param {Partial<Cursor>} values */
    note: (part, values) =>
      db.run(["cursors"], "readwrite", async (tx) => {
        const now = await tx.objectStore("cursors").get(part);
        if (now) await tx.objectStore("cursors").put({ ...now, ...values });
      }),

    ...pageFunctions(db, vault),
    ...chunksOf(db),
    close: () => db.close(),
  };
}
