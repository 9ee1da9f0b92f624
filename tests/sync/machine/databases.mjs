// Why it exists: whole databases of fake-indexeddb copied in a millisecond, evicted, cut off from those who use them, or full.
import { forceCloseDatabase } from "fake-indexeddb";
import { KEPT } from "./life.mjs";

const all = () => globalThis.indexedDB._databases;

function copyTree(node, parent) {
  if (!node) return undefined;
  const made = { ...node, parent };
  made.left = copyTree(node.left, made);
  made.right = copyTree(node.right, made);
  return made;
}

function copyRecords(from, to) {
  Object.assign(to.records, from.records);
  to.records._root = copyTree(from.records._root, undefined);
}

function copyStore(store, database) {
  const made = new store.constructor(database, store.name, store.keyPath, store.autoIncrement);
  if (store.keyGenerator) made.keyGenerator.num = store.keyGenerator.num;
  copyRecords(store.records, made.records);
  for (const [name, index] of store.rawIndexes) {
    const { keyPath, multiEntry, unique } = index;
    const own = new index.constructor(made, name, keyPath, multiEntry, unique);
    own.initialized = true;
    copyRecords(index.records, own.records);
    made.rawIndexes.set(name, own);
  }
  return made;
}

/** Copies databases `from[i]` to `to[i]`; stored values are never changed in place, so they are shared.
 * @param {string[]} from @param {string[]} to */
export function copyDatabases(from, to) {
  for (const [i, name] of from.entries()) {
    const database = all().get(name);
    if (!database) throw new Error(`no database ${name}`);
    const made = new database.constructor(to[i], database.version);
    for (const [key, store] of database.rawObjectStores) made.rawObjectStores.set(key, copyStore(store, made));
    all().set(to[i], made);
  }
}

/** Forgets every database but those kept aside. */
export function dropAll() {
  for (const name of [...all().keys()]) if (!name.startsWith(KEPT)) all().delete(name);
  globalThis.indexedDB._connectionQueues.clear();
}

/** "Connection lost": the browser ends the connections, transactions under way fail. @param {string} name */
export function lose(name) {
  const database = all().get(name);
  for (const tx of database?.transactions ?? []) if (tx._state !== "finished") tx._abort("AbortError");
  for (const connection of database?.connections ?? []) forceCloseDatabase(connection);
}

/** The browser throws a database away. @param {string} name */
export function evict(name) {
  lose(name);
  all().delete(name);
}

/** Two ways a browser says that there is no room: the write fails, or the commit does. */
export function refuse(life, tx, source) {
  life.full += 1;
  if (life.full % 2) {
    const operation = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
    return tx._execRequestAsync({ source, operation });
  }
  tx._markFinished = () => {
    delete tx._markFinished;
    tx._abort("QuotaExceededError");
  };
  return null;
}
