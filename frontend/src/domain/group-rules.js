/** Rules of single records that a field declaration cannot say: of rules, staff and branches. */

import { problem } from "./decision.js";

/** @import { Case, Doc, Problem } from "./types.js" */
/** @typedef {string[]|null} Changed the fields a `.set` changed; null for a new record */

const EVERYWHERE = "*";

/**
 * Problems of a document that fits its declaration. What an edit leaves alone is not judged again, so that an old
 * record can still be mended or retired.
 * @param {Case} given
 * @param {string} name
 * @param {Doc} doc
 * @param {Changed} [changed]
 * @returns {Problem[]}
 */
export function recordProblems(given, name, doc, changed = null) {
  switch (name) {
    case "rule":
      return ruleProblems(given, doc, changed ? "set." : "");
    case "staff":
      return [...lasting(given, name, "username", doc, changed), ...postProblems(given, doc, changed)];
    case "branch":
      return [...lasting(given, name, "code", doc, changed), ...deputyProblems(given, doc, changed)];
    default:
      return [];
  }
}

/**
 * @param {Case} given
 * @param {Doc} doc
 * @param {string} prefix
 */
function ruleProblems(given, doc, prefix) {
  const row = given.schema.lists.rules.items.find((item) => item.code === doc.code);
  if (!row) return [problem(`${prefix}code`, "field.not_in_list")];
  const fits = doc.value >= row.min && doc.value <= row.max;
  return fits ? [] : [problem(`${prefix}value`, "field.range")];
}

/**
 * A name others go by: nobody else has it, and it is never changed.
 * @param {Case} given
 * @param {string} name
 * @param {string} field
 * @param {Doc} doc
 * @param {Changed} changed
 */
function lasting(given, name, field, doc, changed) {
  if (changed) return changed.includes(field) ? [problem(`set.${field}`, "field.fixed")] : [];
  const taken = given.records.ref(name).some((other) => other.id !== doc.id && other[field] === doc[field]);
  return taken ? [problem(field, "field.taken")] : [];
}

/**
 * A head-office role counts at head office only, any other in a branch there is (D-P12).
 * @param {Case} given
 * @param {Doc} doc
 * @param {Changed} changed
 */
function postProblems(given, doc, changed) {
  const groupRoles = groupRolesOf(given);
  const known = new Set(given.records.ref("branch").map(({ code }) => code));
  const wrong = rowsOf("posts", doc, changed).filter(([, { branch, role }]) =>
    groupRoles.has(role) ? branch !== EVERYWHERE : !known.has(branch),
  );
  return wrong.map(([path]) => problem(`${path}.branch`, "field.not_in_list"));
}

/**
 * Nobody stands in for head office: its roles are no branch's to lend (D-K2).
 * @param {Case} given
 * @param {Doc} doc
 * @param {Changed} changed
 */
function deputyProblems(given, doc, changed) {
  const groupRoles = groupRolesOf(given);
  const wrong = rowsOf("deputies", doc, changed).filter(([, { role }]) => groupRoles.has(role));
  return wrong.map(([path]) => problem(`${path}.role`, "field.not_in_list"));
}

/**
 * `[path, row]` of a list, when it is new or changed.
 * @param {string} field
 * @param {Doc} doc
 * @param {Changed} changed
 * @returns {[string, Doc][]}
 */
function rowsOf(field, doc, changed) {
  if (changed && !changed.includes(field)) return [];
  const path = changed ? `set.${field}` : field;
  return (doc[field] ?? []).map((/** @type {Doc} */ row, /** @type {number} */ at) => [`${path}.${at}`, row]);
}

/** @param {Case} given */
function groupRolesOf({ schema }) {
  return new Set(schema.lists.role.items.filter(({ group }) => group).map(({ code }) => code));
}
