// Why it exists: rows of version 0.1.0 lie plain in the journal, and rows from before a change of keys under an older one;
// whoever unlocks and has the key seals them anew. Nothing is ever dropped for it.

import { GROUP } from "../lib/partitions.js";
import { isSealed } from "./vault.js";

/** @typedef {import("./journal.js").Journal} Journal @typedef {{sealed: any, [name: string]: any}} Row */

/** Private things by store: partition and id that a row is sealed for. @type {Record<string, (row: any) => [string, string]>} */
const SEALED = {
  ops: (row) => [row.part, row.id],
  drafts: (row) => [row.part ?? GROUP, row.key],
};

/** The row as it should lie; null when it lies so, or when its key is not here.
 * @param {Journal} journal @param {string} store @param {Row} row @returns {Promise<Row | null>} */
async function renewed({ vault }, store, row) {
  const [part, id] = SEALED[store](row);
  if (!vault.has(part) || (isSealed(row.sealed) && !vault.turns(part))) return null;
  if (await vault.isCurrent(part, store, id, row.sealed)) return null;
  const sealed = await vault.seal(part, store, id, await vault.unseal(part, store, id, row.sealed));
  if (store !== "ops") return { ...row, part, sealed };
  const { result, ...kept } = row;
  const answer = result ?? (row.outcome && (await vault.unseal(part, "results", id, row.outcome)));
  return answer
    ? { ...kept, sealed, seqs: row.seqs ?? result.seqs ?? {}, outcome: await vault.seal(part, "results", id, answer) }
    : { ...kept, sealed };
}

/** Seals a store's rows with the newest keys; a row that changed meanwhile is left for the next time.
 * @param {Journal} journal @param {string} store */
async function renew(journal, store) {
  const rows = await journal.db.run([store], "readonly", (tx) => tx.objectStore(store).getAll());
  const made = await Promise.all(rows.map((row) => renewed(journal, store, row).catch(() => null)));
  await journal.db.run(
    [store],
    "readwrite",
    async (tx) => {
      for (const [i, row] of made.entries()) {
        if (!row) continue;
        const key = row.k ?? row.key;
        const now = await tx.objectStore(store).get(key);
        if (now && now.state === rows[i].state && now.n === rows[i].n && now.at === rows[i].at)
          await tx.objectStore(store).put(row);
      }
    },
    "strict",
  );
}

/** Is anything in the journal's settings left of version 0.1.0? Then the cache is, too. @param {Journal} journal
 * @returns {Promise<boolean>} */
async function dropPlainSettings(journal) {
  return journal.db.run(["meta"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    const keys = await meta.getAllKeys();
    const plain = [];
    for (const key of keys.filter((name) => name === "session" || String(name).startsWith("recent:")))
      if (!isSealed((await meta.get(key)).sealed)) plain.push(key);
    for (const key of plain) await meta.delete(key);
    return plain.length > 0;
  });
}

/**
 * Seals what lies plain or under an older key, as far as the open keys reach; the cache of version 0.1.0 is thrown away.
 * @param {Journal} journal @param {import("./cache.js").Cache} cache
 */
export async function sealAnew(journal, cache) {
  for (const store of Object.keys(SEALED)) await renew(journal, store);
  if (!(await dropPlainSettings(journal))) return;
  for (const { part } of await cache.cursors()) await cache.dropPart(part);
}
