// Why it exists: shows one's own work at once. The ops that the server has not answered, or whose effects are not pulled
// yet, are decided again over the cache, in order; what they change lies over it (invariant 11).

import { decide, reads } from "../domain/decide.js";

/**
 * @typedef {import("./journal.js").Entry} Entry
 * @typedef {{doc: any, ops: string[], waiting: boolean, born: string | null}} Shown a record as ops leave it
 */

/** @param {any} value @param {Set<string>} [found] @returns {Set<string>} the vehicles a body speaks of */
function vehiclesIn(value, found = new Set()) {
  if (value && typeof value === "object") {
    if (typeof value.vehicle_id === "string") found.add(value.vehicle_id);
    for (const inner of Object.values(value)) vehiclesIn(inner, found);
  }
  return found;
}

export class Overlay {
  /** @param {import("./part.js").Part} part @param {any} schema @param {(kind: string) => any[]} ref the group's documents */
  constructor(part, schema, ref) {
    this.part = part;
    this.schema = schema;
    this.ref = ref;
    /** @type {Map<string, any>} documents below the overlay that its ops read */
    this.base = new Map();
    /** @type {Map<string, Map<string, Shown>>} kind → id */
    this.shown = new Map();
    /** @type {Map<string, any>} op id → decision */
    this.decisions = new Map();
  }

  /** What the cache says now of documents read before. @param {import("./cache.js").Row[] | null} rows null: anything changed */
  pulled(rows) {
    if (!rows) this.base.clear();
    for (const [, kind, id, , doc] of rows ?? []) {
      if (this.base.has(`${kind}|${id}`)) this.base.set(`${kind}|${id}`, doc);
    }
  }

  /** Runs all ops again. @param {Entry[]} entries in the order they were saved */
  async rebuild(entries) {
    for (const entry of entries) await this.prepare(entry.op);
    this.shown = new Map();
    this.decisions = new Map();
    for (const entry of entries) this.#run(entry, entry.state === "waiting");
    this.#tellDirectory();
  }

  /** Adds one op that was just saved. @param {Pick<Entry, "op" | "actor">} entry */
  add(entry) {
    this.#run(entry, true);
    this.#tellDirectory();
  }

  /** Fetches what an op reads; `decide` itself waits for nothing. @param {any} op */
  async prepare(op) {
    for (const [kind, id] of reads(this.schema, op)) {
      const key = `${kind}|${id}`;
      if (!this.base.has(key)) this.base.set(key, await this.part.find(kind, id, [...vehiclesIn(op.body)]));
    }
  }

  /** The outcome as this tablet sees it; `prepare` it first. @param {any} op @param {any} actor */
  decide(op, actor) {
    const records = {
      get: (/** @type {string} */ kind, /** @type {string} */ id) => this.get(kind, id),
      ref: this.ref,
      author: () => null,
    };
    return decide(this.schema, op, records, { ...actor, place: "tablet" }, op.at);
  }

  /** A document as the ops leave it. @param {string} kind @param {string} id @returns {any} null when there is none */
  get(kind, id) {
    const own = this.shown.get(kind)?.get(id);
    return own ? own.doc : (this.base.get(`${kind}|${id}`) ?? this.part.known(kind, id) ?? null);
  }

  /** Unanswered ops without which this one makes no sense: they made a record it reads, or moved its workflow.
   * @param {any} op @returns {string[]} op ids */
  dependencies(op) {
    const workflows = new Set(
      Object.values(this.schema.workflows).map((flow) => /** @type {any} */ (flow).record),
    );
    const found = new Set();
    for (const [kind, id] of reads(this.schema, op)) {
      const own = this.shown.get(kind)?.get(id);
      const before = own?.waiting && (workflows.has(kind) ? own.ops.at(-1) : own.born);
      if (before) found.add(before);
    }
    return [...found];
  }

  /** Ids of records that the server has no answer for yet. @returns {Set<string>} */
  waitingIds() {
    const ids = [...this.shown.values()].flatMap((byId) => [...byId]);
    return new Set(ids.filter(([, own]) => own.waiting).map(([id]) => id));
  }

  /** @param {Pick<Entry, "op" | "actor">} entry @param {boolean} waiting */
  #run({ op, actor }, waiting) {
    const decision = this.decide(op, actor);
    this.decisions.set(op.id, decision);
    for (const { kind, id, doc } of decision.status === "parked" ? [] : decision.changes) {
      const byId = this.shown.get(kind) ?? new Map();
      const before = byId.get(id);
      const born = before ? before.born : this.get(kind, id) === null ? op.id : null;
      byId.set(id, { doc, ops: [...(before?.ops ?? []), op.id], waiting: waiting || before?.waiting, born });
      this.shown.set(kind, byId);
    }
  }

  #tellDirectory() {
    const changes = [...this.shown].flatMap(([kind, byId]) =>
      [...byId].map(([id, { doc }]) => ({ kind, id, doc })),
    );
    this.part.directory.overlay(changes);
  }
}
