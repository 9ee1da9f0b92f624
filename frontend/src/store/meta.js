// Why it exists: what the journal keeps besides ops: small settings, and drafts that survive a kill. All of it is sealed but
// what tells nothing of a customer and is needed while the tablet is locked.

import { GROUP } from "../lib/partitions.js";
import { nullWithoutKey } from "./vault.js";

/** @typedef {import("./journal.js").Journal} Journal */

/** Lie in clear: the schema is public, the branch chosen last is needed right after unlocking, the epoch names a database. */
const CLEAR = ["schema", "branch", "epoch", "device_secret"];

/** A small value, or null. @param {Journal} journal @param {string} key @throws {import("./vault.js").NoKey} */
export async function getMeta(journal, key) {
  const row = await journal.db.run(["meta"], "readonly", (tx) => tx.objectStore("meta").get(key));
  if (!row) return null;
  return CLEAR.includes(key) ? row.sealed : journal.vault.unseal(GROUP, "meta", key, row.sealed);
}

/** @param {Journal} journal @param {string} key @param {any} value null forgets it @throws {import("./vault.js").NoKey} */
export async function putMeta(journal, key, value) {
  const isClear = value === null || CLEAR.includes(key);
  const sealed = isClear ? value : await journal.vault.seal(GROUP, "meta", key, value);
  await journal.db.run(
    ["meta"],
    "readwrite",
    async (tx) => {
      if (value === null) await tx.objectStore("meta").delete(key);
      else await tx.objectStore("meta").put({ key, sealed });
    },
    "strict",
  );
}

/** The draft kept under a key; null when there is none, or when it belongs to a branch whose key is not here.
 * @param {Journal} journal @param {string} key */
export async function getDraft(journal, key) {
  const row = await journal.db.run(["drafts"], "readonly", (tx) => tx.objectStore("drafts").get(key));
  return row ? opened(journal, row).catch(nullWithoutKey) : null;
}

/** Keeps a half-filled form. @param {Journal} journal @param {string} part whose key seals it @param {string} key
 * @param {any} value @param {string} at */
export async function putDraft(journal, part, key, value, at) {
  const sealed = await journal.vault.seal(part, "drafts", key, value);
  await journal.db.run(
    ["drafts"],
    "readwrite",
    (tx) => tx.objectStore("drafts").put({ key, part, at, sealed }),
    "strict",
  );
}

/** @param {Journal} journal @param {string} key */
export async function dropDraft(journal, key) {
  await journal.db.run(["drafts"], "readwrite", (tx) => tx.objectStore("drafts").delete(key));
}

/** All drafts that open with the keys at hand: `[{key, at, value}]`. @param {Journal} journal */
export async function allDrafts(journal) {
  const rows = await journal.db.run(["drafts"], "readonly", (tx) => tx.objectStore("drafts").getAll());
  const read = async (/** @type {any} */ row) => ({
    key: row.key,
    at: row.at,
    value: await opened(journal, row),
  });
  const found = await Promise.all(rows.map((/** @type {any} */ row) => read(row).catch(nullWithoutKey)));
  return found.filter((draft) => draft !== null);
}

/** @param {Journal} journal @param {any} row */
const opened = (journal, { key, part = GROUP, sealed }) =>
  journal.vault.unseal(part, "drafts", key, sealed);
