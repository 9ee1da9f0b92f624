/** Both values of a field that two people filled in differently are kept, with who and when (invariant 14). */

import { canonical } from "./canonical.js";
import { change } from "./decision.js";

/** @import { Case, Change, Doc } from "./types.js" */
/** @import { FieldConflict } from "./merge.js" */

const [PLACE, VERSION_AT] = [4, 14];

/**
 * The changes that keep what a merge set aside: an open `conflict` record per field. The id is a function of op, record
 * and field, so that tablet and server make the same record.
 * @param {Case} given
 * @param {string} name
 * @param {Doc} doc the record as merged
 * @param {FieldConflict[]} conflicts
 * @param {number} [number] tells the records of one op apart
 * @returns {Change[]}
 */
export function losers(given, name, doc, conflicts, number = 0) {
  const places = Object.keys(given.schema.records[name].fields);
  const hex = (/** @type {number} */ value) => value.toString(16).padStart(2, "0");
  return conflicts.map((found) => {
    const id = conflictId(given.op.id, hex(number) + hex(places.indexOf(found.field)));
    return change("conflict", loser(given, name, doc, found, id));
  });
}

/**
 * A UUIDv8 (RFC 9562): the op's id; its first four hex digits say which record and field.
 * @param {string} opId
 * @param {string} place
 */
export function conflictId(opId, place) {
  return `${place}${opId.slice(PLACE, VERSION_AT)}8${opId.slice(VERSION_AT + 1)}`;
}

/**
 * @param {Case} given
 * @param {string} name
 * @param {Doc} doc
 * @param {FieldConflict} found
 * @param {string} id
 * @returns {Doc}
 */
function loser({ schema, op, records, actor }, name, doc, { field, mine, theirs }, id) {
  const { file } = schema.records[name];
  const before = records.author(name, doc.id, field, theirs);
  return {
    ...{ id, kind: name, record_id: doc.id, file_id: file ? doc[file] : null, field, state: "open" },
    ...{ value: textOf(mine), by_id: actor.id, by_name: actor.name, at: op.at },
    ...{ other: textOf(theirs), other_by_id: before?.id, other_by_name: before?.name, other_at: before?.at },
  };
}

/** A value of any type as text; nothing stays nothing. @param {unknown} value */
const textOf = (value) => (value === null || value === undefined ? null : canonical(value));
