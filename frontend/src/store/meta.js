// Why it exists: what the journal keeps besides ops: the session, small settings, and drafts that survive a kill.

import { seal, unseal } from "./seal.js";

/** @typedef {import("./journal.js").Journal} Journal */

/** A small value, or null. @param {Journal} journal @param {string} key */
export async function getMeta(journal, key) {
  const row = await journal.db.run(["meta"], "readonly", (tx) => tx.objectStore("meta").get(key));
  return row ? unseal("meta", key, row.sealed) : null;
}

/** @param {Journal} journal @param {string} key @param {any} value null forgets it */
export async function putMeta(journal, key, value) {
  const sealed = value === null ? null : await seal("meta", key, value);
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

/** The draft kept under a key, or null. @param {Journal} journal @param {string} key */
export async function getDraft(journal, key) {
  const row = await journal.db.run(["drafts"], "readonly", (tx) => tx.objectStore("drafts").get(key));
  return row ? unseal("drafts", key, row.sealed) : null;
}

/** Keeps a half-filled form. @param {Journal} journal @param {string} key @param {any} value @param {string} at */
export async function putDraft(journal, key, value, at) {
  const sealed = await seal("drafts", key, value);
  await journal.db.run(
    ["drafts"],
    "readwrite",
    (tx) => tx.objectStore("drafts").put({ key, at, sealed }),
    "strict",
  );
}

/** @param {Journal} journal @param {string} key */
export async function dropDraft(journal, key) {
  await journal.db.run(["drafts"], "readwrite", (tx) => tx.objectStore("drafts").delete(key));
}

/** All drafts `[{key, at, value}]`. @param {Journal} journal */
export async function allDrafts(journal) {
  const rows = await journal.db.run(["drafts"], "readonly", (tx) => tx.objectStore("drafts").getAll());
  return Promise.all(
    rows.map(async (/** @type {any} */ row) => ({
      key: row.key,
      at: row.at,
      value: await unseal("drafts", row.key, row.sealed),
    })),
  );
}
