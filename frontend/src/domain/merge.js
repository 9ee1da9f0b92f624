/** Two people edited one record: different fields both survive, a loser is kept (invariant 14). */

import { same } from "./canonical.js";
import { compact } from "./schema.js";

/** @import { Doc, Schema } from "./types.js" */
/** @typedef {{field: string, mine: any, theirs: any, base: any}} FieldConflict */

/**
 * Three-way per field. `base` holds what the author saw (absent = null). `merge:"set"` fields join both edits.
 * Where both changed one field differently, this (later) change wins and `theirs` is kept as a conflict.
 * @param {Schema} schema
 * @param {string} recordName
 * @param {Doc} current
 * @param {Doc} changes
 * @param {Doc} base
 * @returns {{doc: Doc, changed: string[], conflicts: FieldConflict[], merged: boolean}}
 */
export function mergeSet(schema, recordName, current, changes, base) {
  const specs = schema.records[recordName].fields;
  /** @type {Doc} */
  const doc = { ...current };
  const changed = [];
  const conflicts = [];
  let merged = false;
  for (const field of Object.keys(changes).sort()) {
    const isSet = specs[field].merge === "set";
    const [theirs, seen] = [current[field] ?? null, base[field] ?? null];
    const mine = isSet ? joined(changes[field], theirs, seen) : (changes[field] ?? null);
    if (same(mine, theirs)) continue;
    const moved = isSet ? !same(listed(theirs), listed(seen)) : !same(theirs, seen);
    if (moved && !isSet) conflicts.push({ field, mine, theirs, base: seen });
    merged ||= moved;
    changed.push(field);
    doc[field] = mine;
  }
  return { doc: compact(doc), changed, conflicts, merged };
}

/**
 * @param {unknown} mine
 * @param {unknown} theirs
 * @param {unknown} base
 */
function joined(mine, theirs, base) {
  const items = mergeSets(listed(mine), listed(theirs), listed(base));
  return items.length ? items : null;
}

/**
 * The items of a set; none for what is no list, since nobody checks what an author says to have seen.
 * @param {unknown} value
 * @returns {any[]}
 */
function listed(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * What the others have, without what I removed, with what I added; in their order, then mine.
 * @param {any[]} mine
 * @param {any[]} theirs
 * @param {any[]} base
 */
export function mergeSets(mine, theirs, base) {
  if (same(theirs, base)) return unique(mine);
  const kept = theirs.filter((item) => has(mine, item) || !has(base, item));
  return unique([...kept, ...mine.filter((item) => !has(base, item))]);
}

/**
 * @param {any[]} items
 * @param {any} wanted
 */
function has(items, wanted) {
  return items.some((item) => same(item, wanted));
}

/** @param {any[]} items */
function unique(items) {
  return items.filter((item, at) => !has(items.slice(0, at), item));
}
