// Why it exists: the precious database. An op is in here from the moment its save resolves until 30 days after the
// server's answer; it is never cleared and never migrated destructively (invariants 1, 5, 20).

import { createBlobStores, putFiles } from "./blobs.js";
import { database } from "./database.js";
import { requireInUse } from "./retire.js";
import { nullWithoutKey } from "./vault.js";

/**
 * @typedef {object} OpBody what is hashed: `{id, kind, v, part, body, base?, at, dep?, blobs?}`
 * @property {string} id @property {string} kind @property {number} v @property {string} part
 * @property {any} body @property {any} [base] @property {string} at @property {string[]} [dep] @property {string[]} [blobs]
 *
 * @typedef {object} Envelope the sealed half of an op: the op, its hash, its author and the proof of authorship
 * @property {OpBody} op @property {string} h @property {string} by @property {string} mac @property {any} actor
 *
 * @typedef {"waiting" | "acked" | "done" | "parked"} OpState acked: answered, its effects not pulled yet
 *
 * @typedef {object} Place the clear half: place in the queue, and how far the server's answer goes
 * @property {number} k @property {string} id @property {string} device @property {number} n @property {OpState} state
 * @property {string} part @property {string} at @property {number} size bytes of JSON
 * @property {string} [acked_at] @property {Record<string, number>} [seqs] where its effects lie in the feeds
 *
 * @typedef {Place & Envelope & {result?: any}} Entry
 * @typedef {ReturnType<typeof openJournal>} Journal
 */

const [DEVICE, encoder] = ["device", new TextEncoder()];

/** @param {import("./database.js").Db} db @param {number} from */
function upgrade(db, from) {
  if (from < 1) {
    const ops = db.createObjectStore("ops", { keyPath: "k", autoIncrement: true });
    ops.createIndex("id", "id", { unique: true });
    ops.createIndex("slot", ["device", "n"], { unique: true });
    ops.createIndex("state", "state");
    db.createObjectStore("meta", { keyPath: "key" });
    db.createObjectStore("drafts", { keyPath: "key" });
  }
  if (from < 2) db.createObjectStore("slots", { keyPath: "staff_id" });
  if (from < 3) createBlobStores(db);
}

/** The journal's ops and device identity. @param {string} name of the database @param {import("./vault.js").Vault} vault */
export function openJournal(name, vault) {
  const db = database(name, 3, upgrade);

  /** An op as it was saved; null when the keys at hand do not open it. @param {any} row @returns {Promise<Entry | null>} */
  const saved = ({ sealed, outcome: _outcome, ...place }) =>
    vault
      .unsealOnce(place.part, "ops", place.id, sealed)
      .then((envelope) => ({ ...place, ...envelope }), nullWithoutKey);

  /** An op with its result. @param {any} row @returns {Promise<Entry | null>} */
  async function opened(row) {
    const [entry, { part, id, outcome }] = [await saved(row), row];
    if (!entry || !outcome) return entry;
    return vault.unseal(part, "results", id, outcome).then((result) => ({ ...entry, result }), nullWithoutKey);
  }

  /** Those that open. @param {any[]} rows @param {(row: any) => Promise<Entry | null>} [open] @returns {Promise<Entry[]>} */
  const openable = async (rows, open = opened) =>
    (await Promise.all(rows.map(open))).filter((entry) => entry !== null);

  /** In the order they were saved. @param {OpState} state @param {number} [most] @returns {Promise<any[]>} */
  const rowsIn = (state, most) =>
    db.run(["ops"], "readonly", (tx) => tx.objectStore("ops").index("state").getAll(state, most));

  /** Ops that open with the keys at hand, in the order they were saved. @param {OpState} state @returns {Promise<Entry[]>} */
  const inState = async (state) => openable(await rowsIn(state));

  return {
    db,
    vault,
    inState,

    /** The first `most` ops without an answer, by number, which rises as they are saved; an op that does not open keeps
     * those behind it, as the server takes a device's ops in order (invariant 5). @param {number} most @returns {Promise<Entry[]>} */
    async queue(most) {
      const rows = await rowsIn("waiting", most);
      const entries = await Promise.all(rows.map(saved));
      const end = entries.indexOf(null);
      return /** @type {Entry[]} */ (end < 0 ? entries : entries.slice(0, end));
    },

    /** The device's identity `{id, name, last_n}`; made with `fresh` when there is none. @param {() => string} fresh */
    async device(fresh) {
      const get = (/** @type {import("./database.js").Tx} */ tx) => tx.objectStore("meta").get(DEVICE);
      const make = async (/** @type {import("./database.js").Tx} */ tx) => {
        const made = (await get(tx)) ?? { key: DEVICE, id: fresh(), name: "", last_n: 0 };
        await tx.objectStore("meta").put(made);
        return made;
      };
      return (await db.run(["meta"], "readonly", get)) ?? db.run(["meta"], "readwrite", make, "strict");
    },

    /** Stores an op under the next number, and the bytes it speaks of; resolves after all is on the disk. The same op id
     * again changes nothing. @param {Envelope} envelope @param {import("./blobs.js").Sealed[]} [files]
     * @returns {Promise<{fresh: boolean}>} */
    async append(envelope, files = []) {
      const { id, part, at } = envelope.op;
      const size = encoder.encode(JSON.stringify(envelope.op)).length;
      const sealed = await vault.seal(part, "ops", id, envelope);
      return db.run(
        ["ops", "meta", ...(files.length ? ["blobs", "pieces"] : [])],
        "readwrite",
        async (tx) => {
          const ops = tx.objectStore("ops");
          if (await ops.index("id").getKey(id)) return { fresh: false };
          const device = requireInUse(await tx.objectStore("meta").get(DEVICE));
          const n = device.last_n + 1;
          await tx.objectStore("meta").put({ ...device, last_n: n });
          await ops.add({ id, device: device.id, n, state: "waiting", part, at, size, sealed });
          await putFiles(tx, files);
          return { fresh: true };
        },
        "strict",
      );
    },

    /** Ops that still shape the view: not answered, or answered and not pulled yet. */
    async overlaid() {
      const rows = [...(await rowsIn("waiting")), ...(await rowsIn("acked"))];
      return openable(rows.sort((a, b) => a.k - b.k), saved);
    },

    /** Every op that is kept and opens, newest first. @returns {Promise<Entry[]>} */
    async all() {
      const rows = await db.run(["ops"], "readonly", (tx) => tx.objectStore("ops").getAll());
      return (await openable(rows)).reverse();
    },

    /** For the status bar: ops without an answer, since when and in which partition the first waits, ops the server
     * refused, files likewise. */
    async counts() {
      return db.run(["ops", "blobs"], "readonly", async (tx) => {
        const [ops, blobs] = ["ops", "blobs"].map((store) => tx.objectStore(store).index("state"));
        const first = await ops.openCursor("waiting");
        return {
          ...{ pending: await ops.count("waiting"), parked: await ops.count("parked") },
          ...{ pending_blobs: await blobs.count("waiting"), refused_blobs: await blobs.count("refused") },
          ...{ oldest_at: first?.value.at ?? null, oldest_part: first?.value.part ?? null },
        };
      });
    },

    close: () => db.close(),
  };
}
