/** Moving a complaint along its eight steps: who may, from which state, with what (D-K1, D-K2; invariant 13). */

import { draftStep, isSameMove, moved } from "./decide-opening.js";
import { bodyProblems, filled, invalid, noop, parked, problem } from "./decision.js";
import { isPlain } from "./look.js";
import { compact } from "./schema.js";
import { findRow, roleFor, stepProblems } from "./workflow.js";

/** @import { Case, Decision, Doc, Problem, StepRow } from "./types.js" */

/**
 * complaint.step: `{id, from, step, set?}`: one move by someone who may, from the state they saw.
 * @param {Case} given
 * @returns {Decision}
 */
export function step(given) {
  const { body } = given.op;
  const outer = outerProblems(given, body);
  if (outer.length) return invalid(outer);
  const complaint = given.records.get("complaint", body.id);
  if (!complaint) return parked({ code: "op.missing", field: "id" });
  const row = findRow(given.schema, body.from, body.step.step);
  if (!row) return parked({ code: complaint.state === body.from ? "op.wrong_step" : "op.stale_step" });
  const draft = draftStep(given, row, complaint, body.step);
  const problems = bodyProblems(given, { ...body, step: draft });
  return problems.length ? invalid(problems) : take(given, complaint, row, draft, compact(body.set ?? {}));
}

/**
 * Problems of the body without the inside of its step, which is looked at once its row is known.
 * @param {Case} given
 * @param {any} body
 * @returns {Problem[]}
 */
function outerProblems(given, body) {
  const found = bodyProblems(given, body);
  const shaped = isPlain(body) && isPlain(body.step);
  return shaped ? found.filter(({ field }) => !field?.startsWith("step.")) : found;
}

/**
 * @param {Case} given
 * @param {Doc} complaint
 * @param {StepRow} row
 * @param {Doc} draft
 * @param {Doc} changes
 * @returns {Decision}
 */
function take(given, complaint, row, draft, changes) {
  const { schema, records, actor } = given;
  const stored = records.get("complaint_step", draft.id);
  if (stored) return isSameMove(stored, draft) ? noop() : parked({ code: "op.exists" });
  if (complaint.state !== row.from) return parked({ code: "op.stale_step" });
  if (!actor.system && !roleFor(row, complaint, actor)) {
    return parked({ code: row.actor_field ? "op.wrong_person" : "op.not_allowed" });
  }
  // A complaint goes only to somebody who can return it: an active colleague (D-K1 step 4).
  const handler =
    draft.handler_id && records.ref("staff").find(({ id, active }) => id === draft.handler_id && active);
  const problems = stepProblems(schema, row, complaint, draft, changes, "set");
  if (draft.handler_id && !handler) problems.push(problem("step.handler_id", "field.not_in_list"));
  if (problems.length) return invalid(problems);
  const named = handler ? filled(draft, { handler_name: handler.name }) : draft;
  return moved(given, complaint, row, named, changes);
}
