/** Checks documents against `shared_schema`: one declaration, one validator, problems as the answer. */

import { byCodePoint } from "./canonical.js";
import { isPlain, lookInside, looksOf, refused } from "./look.js";

/** @import { Doc, Problem, Schema, Specs } from "./types.js" */

/**
 * Problems of a whole document of a record, in the order fields are declared.
 * @param {Schema} schema
 * @param {string} recordName
 * @param {unknown} doc
 * @returns {Problem[]}
 */
export function check(schema, recordName, doc) {
  return problemsOf(looksOf(schema, schema.records[recordName].fields, false), doc, "");
}

/**
 * Problems of a document against loose declarations (an op's body); derived fields are not writable.
 * @param {Schema} schema
 * @param {Specs} specs
 * @param {unknown} doc
 * @param {string} [prefix] of the problems' field names, such as `step.`
 * @returns {Problem[]}
 */
export function checkFields(schema, specs, doc, prefix = "") {
  return problemsOf(looksOf(schema, specs, true), doc, prefix);
}

/**
 * Problems of a document somebody hands in: as `check`, and derived fields are unknown.
 * @param {Schema} schema
 * @param {string} recordName
 * @param {unknown} doc
 * @param {string} [prefix]
 */
export function checkNew(schema, recordName, doc, prefix = "") {
  return checkFields(schema, schema.records[recordName].fields, doc, prefix);
}

/**
 * Problems of new values for fields of a record; null clears; id and derived fields cannot be set.
 * @param {Schema} schema
 * @param {string} recordName
 * @param {unknown} changes
 * @param {string} [prefix]
 * @returns {Problem[]}
 */
export function checkSet(schema, recordName, changes, prefix = "set.") {
  if (!isPlain(changes)) return [{ field: bare(prefix), code: "field.type" }];
  const looks = looksOf(schema, schema.records[recordName].fields, true);
  /** @type {Problem[]} */
  const found = [];
  for (const [name, look] of looks) {
    if (name !== "id" && Object.hasOwn(changes, name)) look(changes[name], prefix + name, found);
  }
  const unknown = Object.keys(changes).filter((name) => name === "id" || !looks.has(name));
  return [...found, ...unknown.sort(byCodePoint).map((name) => refused(prefix + name))];
}

/**
 * The document as its author wrote it: without derived fields and without nulls.
 * @param {Schema} schema
 * @param {string} recordName
 * @param {Doc} doc
 * @returns {Doc}
 */
export function withoutDerived(schema, recordName, doc) {
  const specs = schema.records[recordName].fields;
  return Object.fromEntries(Object.entries(compact(doc)).filter(([name]) => !specs[name]?.derived));
}

/**
 * The document as stored: without null fields.
 * @param {Doc} doc
 * @returns {Doc}
 */
export function compact(doc) {
  return Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== null && value !== undefined));
}

/** @param {string} prefix */
const bare = (prefix) => prefix.replace(/\.+$/, "");

/**
 * @param {ReturnType<typeof looksOf>} looks
 * @param {unknown} doc
 * @param {string} prefix
 * @returns {Problem[]}
 */
function problemsOf(looks, doc, prefix) {
  /** @type {Problem[]} */
  const found = [];
  lookInside(looks, doc, bare(prefix), found);
  return found;
}
