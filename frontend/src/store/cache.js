// Why it exists: the disposable database: chunks as downloaded, rows that changed since, and the cursors that say how far
// both reach. Rows and their cursor are written in one transaction (invariants 7, 9).

import { CHUNK_STORES, chunksOf, whole } from "./chunks.js";
import { database } from "./database.js";

/**
 * @typedef {[number, string, string, number, any, string?]} Row `[seq, kind, id, ver, doc | null, file of a tombstone]`
 * @typedef {{url: string, name: string, kind: "work" | "directory" | "segment", no: number, bytes: number, sha256: string}} Chunk
 * @typedef {{epoch: string, seq: number, key_id?: string, chunks: Chunk[]}} Manifest
 *
 * @typedef {object} Cursor how far a partition is known
 * @property {string} part @property {string} epoch @property {number} seq
 * @property {boolean} complete false while the first download runs: usable, not pulled yet
 * @property {boolean} [stale] the server reset the cursor: shown, not pulled, to be downloaded again
 * @property {number} life counts replacements of the whole partition: a reader of another life reads anew
 * @property {Chunk[]} chunks what the snapshot consists of @property {number} base its seq
 * @property {string} [checked] when the checksum was compared last @property {string} [mismatch] epoch of the last mismatch
 *
 * @typedef {ReturnType<typeof openCache>} Cache @typedef {import("./vault.js").Vault} Vault
 */

const GROUP = "GRP";
const ALL = ["files", "ref", "cursors", "work", "directory", "segments"];

/** @param {import("./database.js").Db} db @param {number} from */
function upgrade(db, from) {
  if (from < 1) {
    for (const name of ["files", "ref"]) {
      const rows = db.createObjectStore(name, { keyPath: ["part", "kind", "id"] });
      rows.createIndex("seq", ["part", "seq"]);
    }
    for (const name of Object.values(CHUNK_STORES)) db.createObjectStore(name, { keyPath: ["part", "name"] });
    db.createObjectStore("cursors", { keyPath: "part" });
  }
}

const storeOf = (/** @type {string} */ part) => (part === GROUP ? "ref" : "files");
/** @param {string} part @param {number} from @param {number} [to] */
const seqs = (part, from, to = Number.MAX_SAFE_INTEGER) => IDBKeyRange.bound([part, from], [part, to]);

/** @param {Vault} vault @param {string} part @param {Row} row */
async function sealedRow(vault, part, [seq, kind, id, ver, doc, file]) {
  return { part, kind, id, seq, ver, file, sealed: await vault.seal(part, "files", id, doc) };
}

/** @param {Vault} vault @param {any} row @returns {Promise<Row>} */
async function openedRow(vault, row) {
  const doc = await vault.unseal(row.part, "files", row.id, row.sealed);
  return [row.seq, row.kind, row.id, row.ver, doc, row.file];
}

/** @param {any} store @param {IDBKeyRange} range */
async function drop(store, range) {
  for (let at = await store.openCursor(range); at; at = await at.continue()) await at.delete();
}

/** The cache of all partitions. @param {string} name of the database @param {Vault} vault */
export function openCache(name, vault) {
  const db = database(name, 1, upgrade);

  return {
    db,

    /** @param {string} part @returns {Promise<Cursor | undefined>} */
    cursor: (part) => db.run(["cursors"], "readonly", (tx) => tx.objectStore("cursors").get(part)),
    /** @returns {Promise<Cursor[]>} */
    cursors: () => db.run(["cursors"], "readonly", (tx) => tx.objectStore("cursors").getAll()),

    /** Rows of a partition that changed after `since`, in feed order. @param {string} part @param {number} since */
    async rowsAfter(part, since) {
      const store = storeOf(part);
      const range = seqs(part, since + 1);
      const rows = await db.run([store], "readonly", (tx) =>
        tx.objectStore(store).index("seq").getAll(range),
      );
      return Promise.all(rows.map((row) => openedRow(vault, row)));
    },

    /** Rows and the new cursor together, if the cursor still is `from`; false when someone else moved it. From null
     * (nothing known, or stale) the rows replace the partition.
     * @param {string} part @param {{epoch: string, seq: number} | null} from @param {{epoch: string, rows: Row[], to: number}} page */
    async apply(part, from, page) {
      const rows = await Promise.all(page.rows.map((row) => sealedRow(vault, part, row)));
      return db.run([storeOf(part), "cursors"], "readwrite", async (tx) => {
        const cursors = tx.objectStore("cursors");
        const now = await cursors.get(part);
        if (from ? now?.seq !== from.seq || now.epoch !== from.epoch : now && !now.stale) return false;
        if (!from) await drop(tx.objectStore(storeOf(part)), whole(part));
        await Promise.all(rows.map((row) => tx.objectStore(storeOf(part)).put(row)));
        const kept = from
          ? now
          : {
              part,
              complete: true,
              life: (now?.life ?? 0) + 1,
              chunks: [],
              base: 0,
              mismatch: now?.mismatch,
            };
        await cursors.put({ ...kept, epoch: page.epoch, seq: page.to });
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
        const same = old?.epoch === manifest.epoch && old.complete && !old.stale;
        if (complete)
          await drop(
            tx.objectStore(storeOf(part)).index("seq"),
            seqs(part, 0, same ? manifest.seq : undefined),
          );
        for (const store of complete ? Object.values(CHUNK_STORES) : []) {
          for (const key of await tx.objectStore(store).getAllKeys(whole(part))) {
            if (!names.has(key[1])) await tx.objectStore(store).delete(key);
          }
        }
        const seq = same ? Math.max(old.seq, manifest.seq) : manifest.seq;
        const life = (old?.life ?? 0) + 1;
        const { epoch, chunks } = manifest;
        const kept = { mismatch: old?.mismatch, stale: complete ? false : old?.stale };
        const now = { ...kept, part, epoch, seq, complete, life, chunks, base: manifest.seq };
        await tx.objectStore("cursors").put(now);
      });
    },

    /** Forgets everything of a partition (scope lost). @param {string} part */
    dropPart: (part) =>
      db.run(ALL, "readwrite", async (tx) => {
        for (const store of ALL)
          await drop(tx.objectStore(store), store === "cursors" ? IDBKeyRange.only(part) : whole(part));
      }),

    /** Notes something on a cursor. @param {string} part @param {Partial<Cursor>} values */
    note: (part, values) =>
      db.run(["cursors"], "readwrite", async (tx) => {
        const now = await tx.objectStore("cursors").get(part);
        if (now) await tx.objectStore("cursors").put({ ...now, ...values });
      }),

    ...chunksOf(db),
    close: () => db.close(),
  };
}
