/** What becomes of a callback task: after an attempt, and when it is put off (D-S1, D-S6). */

import { accepted, bodyProblems, change, invalid, noop, parked } from "./decision.js";
import { itemOf } from "./rules.js";
import { addHours } from "./timing.js";

/** @import { Case, Decision, Doc, Schema } from "./types.js" */

/**
 * The task after one attempt, by the outcome's row: ended, booked, to be retried, or given up (D-S6).
 * @param {Schema} schema
 * @param {Doc} task
 * @param {Doc} attempt
 * @returns {Doc}
 */
export function taskAfter(schema, task, attempt) {
  const { outcome, ended_at } = attempt;
  const row = itemOf(schema, "outcome", outcome);
  const after = { ...task, tries: task.tries + 1, last_outcome: outcome, booked_at: null };
  if (row.ends) return { ...after, state: "done", attempt_id: attempt.id, done_at: ended_at };
  if (after.tries >= row.max_tries) return { ...after, state: "unreached", done_at: ended_at };
  const retry = row.retry_hours === undefined ? null : addHours(ended_at, row.retry_hours);
  return { ...after, booked_at: attempt.booked_at || retry };
}

/**
 * task.later: books another time for an open task; a task somebody finished meanwhile parks the booking (D-S1).
 * @param {Case} given
 * @returns {Decision}
 */
export function later(given) {
  const { body } = given.op;
  const problems = bodyProblems(given, body);
  if (problems.length) return invalid(problems);
  const task = given.records.get("task", body.id);
  if (!task) return parked({ code: "op.missing", field: "id" });
  if (task.state !== "open") return parked({ code: "op.stale_step" });
  if (task.booked_at === body.booked_at) return noop();
  return accepted([change("task", { ...task, booked_at: body.booked_at })]);
}
