/** The shapes every decision has, and the checks all kinds share: what `decide` and its kinds speak in. */

import { same } from "./canonical.js";
import { checkFields, compact, withoutDerived } from "./schema.js";

/** @import { Case, Change, Conflict, Decision, Doc, Problem, Status } from "./types.js" */

/**
 * One record as it is to be stored.
 * @param {string} kind
 * @param {Doc} doc
 * @returns {Change}
 */
export function change(kind, doc) {
  return { kind, id: doc.id, doc: compact(doc) };
}

/**
 * The op holds; `status` is applied or merged.
 * @param {Change[]} changes
 * @param {Status} [status]
 * @param {Conflict[]} [conflicts]
 * @returns {Decision}
 */
export function accepted(changes, status = "applied", conflicts = []) {
  return { status, changes, problems: [], conflicts };
}

/**
 * The op holds and there is nothing left to do.
 * @returns {Decision}
 */
export function noop() {
  return { status: "noop", changes: [], problems: [], conflicts: [] };
}

/**
 * The op does not hold; nothing changes, and it stays whole with its problems (invariant 4).
 * @param {...Problem} problems
 * @returns {Decision}
 */
export function parked(...problems) {
  return { status: "parked", changes: [], problems, conflicts: [] };
}

/**
 * Parked because of its content: `op.invalid` first, then the fields.
 * @param {Problem[]} fields
 */
export function invalid(fields) {
  return parked({ code: "op.invalid" }, ...fields);
}

/**
 * A problem of one field of the body.
 * @param {string} field
 * @param {string} code
 * @returns {Problem}
 */
export function problem(field, code) {
  return { field, code };
}

/**
 * Problems of a body against the catalogue's declaration.
 * @param {Case} given
 * @param {unknown} body
 */
export function bodyProblems(given, body) {
  return checkFields(given.schema, given.spec.body, body);
}

/**
 * A fact with the time the server took it in; a tablet leaves that open (D-K2).
 * @param {Case} given
 * @param {Doc} fact
 * @returns {Doc}
 */
export function stamped(given, fact) {
  return given.actor.place === "server" ? { ...fact, synced_at: given.now } : fact;
}

/**
 * How a document stands to what is stored under its id.
 * @param {Case} given
 * @param {string} kind
 * @param {Doc} doc
 * @returns {"new"|"same"|"other"}
 */
export function known(given, kind, doc) {
  const stored = given.records.get(kind, doc.id);
  if (!stored) return "new";
  const [mine, theirs] = [doc, stored].map((item) => withoutDerived(given.schema, kind, item));
  return same(mine, theirs) ? "same" : "other";
}

/**
 * The document with these values where it has none itself.
 * @param {Doc} doc
 * @param {Doc} values
 * @returns {Doc}
 */
export function filled(doc, values) {
  const missing = Object.entries(values).filter(([name]) => doc[name] === null || doc[name] === undefined);
  return { ...doc, ...Object.fromEntries(missing) };
}

/**
 * A problem for every item whose code an earlier item has already.
 * @param {Doc[]} items
 * @param {string} field
 * @param {string} path
 */
export function repeated(items, field, path) {
  const seen = new Set();
  const found = [];
  for (const [at, item] of items.entries()) {
    if (seen.has(item[field])) found.push(problem(`${path}.${at}.${field}`, "field.format"));
    seen.add(item[field]);
  }
  return found;
}
