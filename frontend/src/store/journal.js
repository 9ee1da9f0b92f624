// Why it exists: the precious database. An op is in here from the moment its save resolves until 30 days after the
// server's answer; it is never cleared and never migrated destructively (invariants 1, 5, 20).

import { database } from "./database.js";
import { seal, unseal } from "./seal.js";

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
 * @typedef {object} Slot the clear half: place in the queue and the server's result
 * @property {number} k @property {string} id @property {string} device @property {number} n @property {OpState} state
 * @property {string} part @property {string} at @property {number} size bytes of JSON
 * @property {any} [result] @property {string} [acked_at]
 *
 * @typedef {Slot & Envelope} Entry
 * @typedef {ReturnType<typeof openJournal>} Journal
 */

const DEVICE = "device";
const encoder = new TextEncoder();

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
}

/** @param {any} row @returns {Promise<Entry>} */
async function opened(row) {
  const { sealed, ...slot } = row;
  return { ...slot, ...(await unseal("ops", slot.id, sealed)) };
}

/** The journal's ops and device identity. @param {string} name of the database */
export function openJournal(name) {
  const db = database(name, 1, upgrade);

  /** @param {OpState} state @returns {Promise<Entry[]>} in the order they were saved */
  async function inState(state) {
    const rows = await db.run(["ops"], "readonly", (tx) =>
      tx.objectStore("ops").index("state").getAll(state),
    );
    return Promise.all(rows.map(opened));
  }

  return {
    db,
    inState,

    /** The device's identity `{id, name, last_n}`; made with `fresh` when there is none. @param {() => string} fresh */
    async device(fresh) {
      const made = { key: DEVICE, id: fresh(), name: "", last_n: 0 };
      return db.run(
        ["meta"],
        "readwrite",
        async (tx) => {
          const found = await tx.objectStore("meta").get(DEVICE);
          if (!found) await tx.objectStore("meta").put(made);
          return found ?? made;
        },
        "strict",
      );
    },

    /** Stores an op under the next number; resolves after it is on the disk. The same op id again changes nothing.
     * @param {Envelope} envelope @returns {Promise<{fresh: boolean}>} */
    async append(envelope) {
      const { id, part, at } = envelope.op;
      const size = encoder.encode(JSON.stringify(envelope.op)).length;
      const sealed = await seal("ops", id, envelope);
      return db.run(
        ["ops", "meta"],
        "readwrite",
        async (tx) => {
          const ops = tx.objectStore("ops");
          if (await ops.index("id").getKey(id)) return { fresh: false };
          const device = await tx.objectStore("meta").get(DEVICE);
          const n = device.last_n + 1;
          await tx.objectStore("meta").put({ ...device, last_n: n });
          await ops.add({ id, device: device.id, n, state: "waiting", part, at, size, sealed });
          return { fresh: true };
        },
        "strict",
      );
    },

    /** Ops that still shape the view: not answered, or answered and not pulled yet. */
    async overlaid() {
      const found = [...(await inState("waiting")), ...(await inState("acked"))];
      return found.sort((a, b) => a.k - b.k);
    },

    /** Every op that is kept, newest first. @returns {Promise<Entry[]>} */
    async all() {
      const rows = await db.run(["ops"], "readonly", (tx) => tx.objectStore("ops").getAll());
      return (await Promise.all(rows.map(opened))).reverse();
    },

    /** Numbers for the status bar: ops without an answer, ops the server refused. */
    async counts() {
      return db.run(["ops"], "readonly", async (tx) => {
        const states = tx.objectStore("ops").index("state");
        return { pending: await states.count("waiting"), parked: await states.count("parked") };
      });
    },

    close: () => db.close(),
  };
}
