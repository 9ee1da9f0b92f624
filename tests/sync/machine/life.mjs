// Why it exists: a tab that can die at any call to IndexedDB, and a disk that is full at any write. It wraps the public
// classes of IndexedDB, so that it works in Node and in a browser alike.

const CALLS = {
  IDBObjectStore: ["put", "add", "get", "getKey", "getAll", "getAllKeys", "delete", "clear", "count", "openCursor"],
  IDBIndex: ["get", "getKey", "getAll", "getAllKeys", "count", "openCursor"],
  IDBCursor: ["update", "delete", "continue"],
};
const WRITES = ["put", "add"];

/** What a dead tab's code runs into; nobody hears of it. */
export class Gone extends Error {}

/** One opened app: everything it has open, and when it is to die. */
export class Life {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.dead = false;
    this.calls = 0;
    this.dieAt = 0;
    this.writes = 0;
    this.fullAt = 0;
    this.full = 0;
    this.connections = new Set();
    this.transactions = new Set();
    /** @type {(() => void)[]} */
    this.onDeath = [];
  }

  /** From now on: die at the n-th call, or find the disk full at the n-th write (0 = never). */
  arm({ dieAt = 0, fullAt = 0 }) {
    Object.assign(this, { calls: 0, writes: 0, dieAt, fullAt });
  }

  /** One more thing that reaches outside; the tab may die here. @param {boolean} [throws] */
  touch(throws = true) {
    if (!this.dead) {
      this.calls += 1;
      if (this.calls === this.dieAt) this.die();
    }
    if (this.dead && throws) throw new Gone();
  }

  /** Ends the tab as a killed process ends: what is not committed never was. */
  die() {
    if (this.dead) return;
    this.dead = true;
    for (const tx of [...this.transactions]) stop(tx);
    for (const db of this.connections) db.close();
    for (const hook of this.onDeath) hook();
  }
}

function stop(tx) {
  try {
    tx.abort();
  } catch {
    // it has ended already
  }
}

/** Lives by id; a database's name carries the id of who opens it after a `#`. @type {Map<string, Life>} */
export const lives = new Map();
const owners = new WeakMap();
/** Transactions and slow calls under way, of anybody. */
export const running = new Set();
/** Databases kept aside, under names of their own, that `dropAll` leaves alone. */
export const KEPT = "kept:";

/** A slow call, under way until it is settled. @template T @param {Promise<T>} promise @returns {Promise<T>} */
export function counted(promise) {
  running.add(promise);
  const over = () => running.delete(promise);
  promise.then(over, over);
  return promise;
}

/**
 * Wraps `indexedDB` and its classes; once in a process or page.
 * @param {(life: Life, tx: IDBTransaction, source: object) => any} refuse says that there is no room: what the write returns
 * instead, or nothing when the commit will fail
 */
export function install(refuse) {
  const factory = globalThis.indexedDB;
  const open = factory.open.bind(factory);
  factory.open = (name, version) => {
    const [base, id] = name.split("#");
    const life = lives.get(id);
    const request = open(base, version);
    request.addEventListener("upgradeneeded", () => own(request.result, life));
    request.addEventListener("success", () => own(request.result, life));
    return request;
  };
  wrapTransaction();
  for (const [name, methods] of Object.entries(CALLS)) {
    const prototype = globalThis[name].prototype;
    for (const method of methods) wrap(prototype, method, refuse);
  }
}

function own(db, life) {
  if (!life) return; // copied or looked at by the machine itself
  owners.set(db, life);
  life.connections.add(db);
  if (life.dead) db.close();
}

function wrapTransaction() {
  const prototype = globalThis.IDBDatabase.prototype;
  const begin = prototype.transaction;
  prototype.transaction = function (...args) {
    const life = owners.get(this);
    if (!life) return begin.apply(this, args); // also an upgrade, which fake-indexeddb begins in this way
    life.touch();
    const tx = begin.apply(this, args);
    life.transactions.add(tx);
    running.add(tx);
    const ended = () => {
      life.transactions.delete(tx);
      running.delete(tx);
    };
    tx.addEventListener("abort", ended);
    tx.addEventListener("complete", () => {
      ended();
      life.touch(false); // committed, and nobody was told
    });
    return tx;
  };
}

const txOf = (it) => it.transaction ?? txOf(it.objectStore ?? it.source);

function wrap(prototype, method, refuse) {
  const call = prototype[method];
  prototype[method] = function (...args) {
    const tx = txOf(this);
    const life = owners.get(tx.db);
    if (life && tx.mode !== "versionchange") {
      life.touch();
      if (WRITES.includes(method) && isFull(life)) return refuse(life, tx, this) ?? call.apply(this, args);
    }
    return call.apply(this, args);
  };
}

/** Is this the write that finds no room? @param {Life} life */
function isFull(life) {
  life.writes += 1;
  return life.writes === life.fullAt;
}
