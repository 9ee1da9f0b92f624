// Why it exists: the tablets of the machine in a page of a real browser: its IndexedDB, its cryptography, its streams.
import { makeTablets } from "./commands.mjs";
import { counted, install as installLives, KEPT, lives, running } from "./life.mjs";

const { indexedDB } = globalThis;
const [open, remove, list] = ["open", "deleteDatabase", "databases"].map((name) => indexedDB[name].bind(indexedDB));
const later = globalThis.setTimeout.bind(globalThis);
const QUIET_TURNS = 3;
let ms = 0;

/** Wraps methods whose promises are settled at the browser's own time. */
function count(target, names) {
  for (const name of names) {
    const call = target[name];
    target[name] = function (...args) {
      return counted(call.apply(this, args));
    };
  }
}

/** Resolves when no task, transaction or slow call is left. */
async function idle() {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet = running.size ? 0 : quiet + 1) {
    await new Promise((resolve) => later(resolve));
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens a database past the tabs; `upgrade` makes its stores. @param {string} name @param {number} [version] */
function opened(name, version, upgrade = () => {}) {
  const request = open(name, version);
  request.onupgradeneeded = () => upgrade(request.result);
  return done(request);
}

/** @param {IDBDatabase} from @param {IDBDatabase} to which has no stores yet */
function copyShape(from, to) {
  const stores = [...from.objectStoreNames];
  const tx = stores.length ? from.transaction(stores) : null;
  for (const store of stores.map((name) => tx.objectStore(name))) {
    const made = to.createObjectStore(store.name, { keyPath: store.keyPath, autoIncrement: store.autoIncrement });
    for (const { name, keyPath, unique, multiEntry } of [...store.indexNames].map((one) => store.index(one)))
      made.createIndex(name, keyPath, { unique, multiEntry });
  }
}

async function copyDatabase(name, target) {
  const from = await opened(name);
  await done(remove(target));
  const to = await opened(target, from.version, (made) => copyShape(from, made));
  for (const store of [...from.objectStoreNames]) {
    const source = from.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([done(source.getAllKeys()), done(source.getAll())]);
    const tx = to.transaction(store, "readwrite");
    for (const [i, value] of values.entries())
      tx.objectStore(store).put(value, ...(source.keyPath === null ? [keys[i]] : []));
    await new Promise((resolve) => tx.addEventListener("complete", resolve));
  }
  from.close();
  to.close();
}

/** "Connection lost": what the browser does by itself, as a page sees it. @param {string} name */
function lose(name) {
  for (const life of lives.values()) {
    for (const db of [...life.connections].filter((one) => one.name === name)) {
      for (const tx of [...life.transactions].filter((one) => one.db === db)) tx.abort();
      db.close();
      life.connections.delete(db);
      db.dispatchEvent(new Event("close"));
    }
  }
}

const platform = {
  idle,
  lose,
  nowMs: () => ms,
  setClock(now) {
    ms = now;
  },
  reseed() {}, // ids and keys are the browser's own
  bytesOf: ({ text, base64, schema }) =>
    schema ? globalThis.SCHEMA : base64 === undefined ? (text ?? "") : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
  async copyDatabases(from, to) {
    for (const [i, name] of from.entries()) await copyDatabase(name, to[i]);
  },
  async dropAll() {
    for (const { name } of await list()) if (!name.startsWith(KEPT)) await done(remove(name));
  },
  async evict(name) {
    lose(name);
    await done(remove(name));
  },
};

Date.now = platform.nowMs;
count(SubtleCrypto.prototype, ["digest", "sign", "verify", "encrypt", "decrypt", "importKey", "deriveBits", "generateKey"]);
count(Response.prototype, ["arrayBuffer", "json", "text", "blob"]);
count(Blob.prototype, ["arrayBuffer", "text"]);
globalThis.setTimeout = (work, wait = 0, ...args) => {
  const begun = wait ? null : counted(new Promise((resolve) => later(resolve)));
  return begun ? begun.then(() => work(...args)) : later(work, wait, ...args);
};
globalThis.setImmediate = (work, ...args) => globalThis.setTimeout(work, 0, ...args);
installLives((_life, tx) => {
  Object.defineProperty(tx, "error", { value: new DOMException("no room", "QuotaExceededError") });
  queueMicrotask(() => tx.abort()); // the browser ends the transaction; its requests tell that they were aborted
  return null;
});
for (const name of ["open", "deleteDatabase"]) {
  const call = indexedDB[name].bind(indexedDB);
  indexedDB[name] = (...args) => {
    const request = call(...args);
    counted(new Promise((resolve) => ["success", "error", "blocked"].map((type) => request.addEventListener(type, resolve))));
    return request;
  };
}
const tablets = makeTablets(platform);
addEventListener("unhandledrejection", (event) => tablets.stray(event.reason));
globalThis.tablets = tablets;
