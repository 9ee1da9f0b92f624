/** `<record>.add` and `<record>.set`: driven by `shared_schema`, for records without a life of their own. */

import { accepted, change, invalid, known, noop, parked, problem } from "./decision.js";
import { recordProblems } from "./group-rules.js";
import { isPlain } from "./look.js";
import { losers } from "./losers.js";
import { mergeSet } from "./merge.js";
import { checkFields, checkNew, checkSet, compact } from "./schema.js";

/** @import { Case, Decision, Doc, Problem, Specs } from "./types.js" */

/** @type {Specs} */
const ID_ONLY = { id: { type: "id", label: "", required: true } };

/**
 * The body is the record; the same id with the same content is a noop, with other content it parks.
 * @param {Case} given
 * @returns {Decision}
 */
export function add(given) {
  const name = String(given.spec.record);
  const { body } = given.op;
  const problems = checkNew(given.schema, name, body);
  if (!problems.length) problems.push(...recordProblems(given, name, body));
  if (problems.length) return invalid(problems);
  const doc = compact(body);
  const state = known(given, name, doc);
  if (state === "new") return accepted([change(name, doc)]);
  return state === "same" ? noop() : parked({ code: "op.exists" });
}

/**
 * The body is `{id, set}`, the base what the author saw; merged per field (invariant 14).
 * @param {Case} given
 * @returns {Decision}
 */
export function changeFields(given) {
  const name = String(given.spec.record);
  const { body } = given.op;
  const base = given.op.base ?? {};
  const problems = setProblems(given, name, body, base);
  if (problems.length) return invalid(problems);
  const current = given.records.get(name, body.id);
  if (!current) return parked({ code: "op.missing" });
  const result = mergeSet(given.schema, name, current, body.set, base);
  if (!result.changed.length) return noop();
  const joined = changedProblems(given, name, result);
  if (joined.length) return invalid(joined);
  const conflicts = result.conflicts.map((conflict) => ({ kind: name, id: body.id, ...conflict }));
  const changes = [change(name, result.doc), ...losers(given, name, result.doc, result.conflicts)];
  return accepted(changes, result.merged ? "merged" : "applied", conflicts);
}

/**
 * What is wrong with a merge: two valid edits can join to something invalid: more phones than allowed.
 * @param {Case} given
 * @param {string} name
 * @param {{doc: Doc, changed: string[]}} result
 */
export function changedProblems(given, name, { doc, changed }) {
  const values = Object.fromEntries(changed.map((field) => [field, doc[field] ?? null]));
  const problems = checkSet(given.schema, name, values);
  return problems.length ? problems : recordProblems(given, name, doc, changed);
}

/**
 * @param {Case} given
 * @param {string} name
 * @param {any} body
 * @param {unknown} base
 * @returns {Problem[]}
 */
function setProblems(given, name, body, base) {
  if (!isPlain(body)) return [problem("", "field.type")];
  const found = checkFields(given.schema, ID_ONLY, { id: body.id });
  const unknown = Object.keys(body).filter((key) => key !== "id" && key !== "set");
  found.push(...unknown.sort().map((key) => problem(key, "field.unknown")));
  if (!isPlain(base)) found.push(problem("base", "field.type"));
  return [...found, ...checkSet(given.schema, name, body.set)];
}
