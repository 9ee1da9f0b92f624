// Why it exists: the client anybody would write first: pull every page, put every row, get them all again.

import { ask, now, QUERY, signIn } from "./common.js";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("plain", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("rows", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** One page of the feed: a put per row, one transaction, relaxed durability. */
function put(db, part, rows) {
  return new Promise((resolve, reject) => {
    const tx = db.transaction("rows", "readwrite", { durability: "relaxed" });
    const store = tx.objectStore("rows");
    for (const [seq, kind, id, ver, doc] of rows)
      store.put({ key: `${part}|${kind}|${id}`, seq, kind, id, ver, doc });
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => reject(tx.error);
  });
}

/** What a search needs: a text per vehicle. @param {any[]} rows {kind, id, doc} */
function indexOf(rows) {
  const [people, texts] = [new Map(), new Map()];
  for (const { kind, id, doc } of rows) if (kind === "customer") people.set(id, doc);
  for (const { kind, id, doc } of rows)
    if (kind === "vehicle") texts.set(id, [doc.plate, doc.vin, doc.archive_no]);
  for (const { kind, doc } of rows) {
    if (kind !== "party") continue;
    const { name, phones = [], pinyin } = people.get(doc.customer_id) ?? {};
    texts.get(doc.vehicle_id)?.push(name, ...phones, pinyin);
  }
  return [...texts].map(([id, words]) => ({ id, text: words.join(" ").toLowerCase() }));
}

/** Pulls every page and stores every row; usable when today and search can be answered from it. */
export async function first(who) {
  const session = await signIn(who);
  const begin = now();
  const db = await open();
  let cursors = Object.fromEntries(session.scope.map((part) => [part, null]));
  const rows = [];
  while (Object.keys(cursors).length) {
    const message = { proto: 1, device: session.device, cursors, pending: 0, limit: 2000 };
    const { parts } = await (await ask("/sync/pull", message, session.token)).json();
    cursors = {};
    for (const [part, page] of Object.entries(parts)) {
      await put(db, part, page.rows);
      rows.push(...page.rows.map(([, kind, id, , doc]) => ({ kind, id, doc })));
      if (page.more) cursors[part] = [page.epoch, page.to];
    }
  }
  const stored = now() - begin;
  const due = rows.filter(({ kind, doc }) => kind === "task" && doc.state === "open");
  const found = indexOf(rows)
    .filter(({ text }) => text.includes(QUERY))
    .slice(0, 20);
  if (!found.length || !due.length) throw new Error("nothing to show");
  db.close();
  return { usable: now() - begin, stored, rows: rows.length };
}

/** getAll, the index, and the first search. */
export async function again() {
  const begin = now();
  const db = await open();
  const rows = await new Promise((resolve, reject) => {
    const request = db.transaction("rows").objectStore("rows").getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = indexOf(rows)
    .filter(({ text }) => text.includes(QUERY))
    .slice(0, 20);
  if (found.length !== 20) throw new Error(`${found.length} found`);
  db.close();
  return { search: now() - begin };
}
