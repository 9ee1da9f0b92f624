/** Two fillings of a field: somebody keeps what stands, or restores the other (invariant 14). */

import { changedProblems } from "./decide-generic.js";
import { accepted, bodyProblems, change, invalid, noop, parked, problem } from "./decision.js";
import { isPlain } from "./look.js";
import { losers } from "./losers.js";
import { mergeSet } from "./merge.js";

/** @import { Case, Decision, Doc } from "./types.js" */

/**
 * The body is `{id, record_id, choice: keep|restore}`, the base `{field: value seen}`. A restored value is merged like any
 * edit: what somebody else wrote meanwhile is kept in its turn.
 * @param {Case} given
 * @returns {Decision}
 */
export function settle(given) {
  const { body, base, at } = given.op;
  const problems = bodyProblems(given, body);
  if (!problems.length && !isPlain(base ?? {})) problems.push(problem("base", "field.type"));
  if (problems.length) return invalid(problems);
  const found = given.records.get("conflict", body.id);
  if (!found || found.record_id !== body.record_id) return parked({ code: "op.missing" });
  if (found.state === "settled" && ["keep", found.choice].includes(body.choice)) return noop();
  const { id: settled_by_id, name: settled_by_name } = given.actor;
  const by = { settled_by_id, settled_by_name, settled_at: at };
  const done = { ...found, state: "settled", choice: body.choice, ...by };
  return body.choice === "keep" ? accepted([change("conflict", done)]) : restored(given, found, done);
}

/**
 * @param {Case} given
 * @param {Doc} found the conflict
 * @param {Doc} done the conflict when this is through
 * @returns {Decision}
 */
function restored(given, found, done) {
  const { kind: name, field, record_id: id } = found;
  const current = given.records.get(name, id);
  if (!current) return parked({ code: "op.missing" });
  const base = { [field]: valueIn(found.value), ...given.op.base };
  const result = mergeSet(given.schema, name, current, { [field]: valueIn(found.other) }, base);
  const problems = changedProblems(given, name, result);
  if (problems.length) return invalid(problems);
  const changes = result.changed.length ? [change(name, result.doc)] : [];
  changes.push(change("conflict", done), ...losers(given, name, result.doc, result.conflicts));
  const conflicts = result.conflicts.map((conflict) => ({ kind: name, id, ...conflict }));
  return accepted(changes, result.merged ? "merged" : "applied", conflicts);
}

/** @param {string | undefined} text @returns {any} */
const valueIn = (text) => (text === undefined || text === null ? null : JSON.parse(text));
