/** Numbers people decide: a branch's value, else the group's, else the shipped default. */

/** @import { Doc, ListItem, Schema } from "./types.js" */

/**
 * The value of a rule for a branch, in the unit lists/rules.json gives.
 * Of two documents for the same scope the one born later counts.
 * @param {Schema} schema
 * @param {Doc[]} rules documents of the record `rule`
 * @param {string} code
 * @param {string|null} branchCode
 * @returns {number}
 * @throws {RangeError} no such rule
 */
export function rule(schema, rules, code, branchCode) {
  const found = rules.filter((doc) => doc.code === code && (!doc.branch || doc.branch === branchCode));
  const own = found.filter((doc) => doc.branch);
  const latest = (own.length ? own : found).reduce(later, null);
  return latest ? latest.value : itemOf(schema, "rules", code).default;
}

/**
 * @param {Doc|null} kept
 * @param {Doc} doc
 */
function later(kept, doc) {
  return kept && kept.id > doc.id ? kept : doc;
}

/**
 * One row of a list.
 * @param {Schema} schema
 * @param {string} listName
 * @param {string} code
 * @returns {ListItem}
 * @throws {RangeError} no such code
 */
export function itemOf(schema, listName, code) {
  const item = schema.lists[listName].items.find((row) => row.code === code);
  if (!item) throw new RangeError(`${listName}: ${code}`);
  return item;
}
