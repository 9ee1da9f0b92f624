// Why it exists: rows that changed since the snapshot, as they were pulled: one sealed record a page, because what costs is
// the number of records, not their size. Pages are merged when there are many, and go when a newer snapshot holds them.

/** @typedef {import("./cache.js").Row} Row @typedef {import("./vault.js").Vault} Vault */

export const PAGES = "pages";
const MOST = 16;

/** The pages of a partition that end after `since`, up to `to`. @param {string} part @param {number} [since] @param {number} [to] */
export const pagesOf = (part, since = -1, to = Number.MAX_SAFE_INTEGER) =>
  IDBKeyRange.bound([part, since + 1], [part, to]);

/** @param {Vault} vault @param {string} part @param {Row[]} rows @param {number} to @returns {Promise<any>} what is stored */
export async function sealedPage(vault, part, rows, to) {
  return { part, to, sealed: await vault.seal(part, PAGES, String(to), rows) };
}

/** The last version of each row, in feed order. @param {Row[]} rows @returns {Row[]} */
function latest(rows) {
  const found = new Map(rows.map((row) => [`${row[1]}|${row[2]}`, row]));
  return [...found.values()].sort((a, b) => a[0] - b[0]);
}

/** The page functions of the cache. @param {import("./database.js").Database} db @param {Vault} vault */
export function pageFunctions(db, vault) {
  /** @param {any} page @returns {Promise<Row[]>} */
  const opened = ({ part, to, sealed }) => vault.unseal(part, PAGES, String(to), sealed);
  /** @param {string} part @param {number} since @returns {Promise<any[]>} */
  const stored = (part, since) =>
    db.run([PAGES], "readonly", (tx) => tx.objectStore(PAGES).getAll(pagesOf(part, since)));

  return {
    /** Rows of a partition that changed after `since`, in feed order. @param {string} part @param {number} since
     * @returns {Promise<Row[]>} */
    async rowsAfter(part, since) {
      const pages = await Promise.all((await stored(part, since)).map(opened));
      return latest(pages.flat().filter((row) => row[0] > since));
    },

    /** Makes one page of many; nothing changes when another tab was there first. @param {string} part */
    async mergePages(part) {
      const count = await db.run([PAGES], "readonly", (tx) => tx.objectStore(PAGES).count(pagesOf(part)));
      if (count < MOST) return;
      const pages = await stored(part, -1);
      const to = pages.at(-1).to;
      const merged = await sealedPage(vault, part, latest((await Promise.all(pages.map(opened))).flat()), to);
      await db.run([PAGES], "readwrite", async (tx) => {
        const store = tx.objectStore(PAGES);
        const keys = await store.getAllKeys(pagesOf(part, -1, to));
        if (String(keys) !== String(pages.map((page) => [part, page.to]))) return;
        await store.delete(pagesOf(part, -1, to));
        await store.put(merged);
      });
    },
  };
}
