/** A call and everything that follows from it, decided as one gesture (D-S2, D-S6, D-S7, D-S8). */

import { opening, prepareOpening } from "./decide-opening.js";
import { taskAfter } from "./decide-task.js";
import {
  accepted,
  bodyProblems,
  change,
  filled,
  invalid,
  known,
  noop,
  parked,
  problem,
  stamped,
} from "./decision.js";
import { isPlain } from "./look.js";
import { itemOf } from "./rules.js";
import { isBlank } from "./text.js";
import { parseInstant } from "./timing.js";

/** @import { Case, Decision, Doc, Problem, Schema } from "./types.js" */

/**
 * callback.record: stores the attempt; moves its task on; takes back consent; opens a complaint that comes along.
 * @param {Case} given
 * @returns {Decision}
 */
export function record(given) {
  const body = prepare(given, given.op.body);
  const problems = bodyProblems(given, body);
  if (!problems.length) problems.push(...attemptProblems(given.schema, body));
  if (problems.length) return invalid(problems);
  const { attempt } = body;
  const state = known(given, "attempt", attempt);
  if (state !== "new") return state === "same" ? noop() : parked({ code: "op.exists" });
  if (!isOwnCall(given, attempt)) return parked({ code: "op.wrong_person", field: "attempt.staff_id" });
  const missing = ["vehicle", "customer", "task"].find((kind) =>
    isMissing(given, kind, attempt[`${kind}_id`]),
  );
  if (missing) return parked({ code: "op.missing", field: `attempt.${missing}_id` });
  return follow(given, body, attempt);
}

/**
 * Nobody records another person's call, except from that person's paper (D-X15).
 * @param {Case} given
 * @param {Doc} attempt
 */
function isOwnCall({ actor }, attempt) {
  return Boolean(actor.system || attempt.from_paper) || attempt.staff_id === actor.id;
}

/**
 * @param {Case} given
 * @param {string} kind
 * @param {string|null|undefined} id
 */
function isMissing(given, kind, id) {
  return Boolean(id) && !given.records.get(kind, String(id));
}

/**
 * The body with what the op itself tells: who called, and the links of the complaint.
 * @param {Case} given
 * @param {any} body
 */
function prepare(given, body) {
  if (!isPlain(body) || !isPlain(body.attempt)) return body;
  const attempt = filled(body.attempt, { staff_id: given.actor.id, staff_name: given.actor.name });
  if (!isPlain(body.complaint)) return { ...body, attempt };
  const { id: attempt_id, vehicle_id, customer_id, ended_at: heard_at } = attempt;
  const links = { vehicle_id, customer_id, attempt_id, heard_at, heard_channel: "callback" };
  return prepareOpening(given, { ...body, attempt, complaint: filled(body.complaint, links) });
}

/**
 * What a declaration cannot say: reasons for 否, a booked time, a pinned questionnaire, times.
 * @param {Schema} schema
 * @param {Doc} body
 * @returns {Problem[]}
 */
function attemptProblems(schema, body) {
  const { attempt } = body;
  /** @type {Doc[]} */
  const answers = attempt.answers ?? [];
  const found = answers
    .map((answer, at) => ({ answer, path: `attempt.answers.${at}.reason` }))
    .filter(({ answer }) => answer.value === "no" && isBlank(answer.reason ?? ""))
    .map(({ path }) => problem(path, "field.required"));
  for (const name of answers.length ? ["questionnaire", "questionnaire_version"] : []) {
    if (attempt[name] === null || attempt[name] === undefined)
      found.push(problem(`attempt.${name}`, "field.required"));
  }
  const reversed = parseInstant(attempt.ended_at) < parseInstant(attempt.started_at);
  if (reversed) found.push(problem("attempt.ended_at", "field.range"));
  const { books } = itemOf(schema, "outcome", attempt.outcome);
  if (books && !attempt.booked_at) found.push(problem("attempt.booked_at", "field.required"));
  for (const [name, other] of [
    ["complaint", "step"],
    ["step", "complaint"],
  ]) {
    if (body[other] && !body[name]) found.push(problem(name, "field.required"));
  }
  return found;
}

/**
 * @param {Case} given
 * @param {Doc} body
 * @param {Doc} attempt
 * @returns {Decision}
 */
function follow(given, body, attempt) {
  const changes = [change("attempt", stamped(given, attempt))];
  const task = attempt.task_id ? given.records.get("task", attempt.task_id) : null;
  if (task?.state === "open") changes.push(change("task", taskAfter(given.schema, task, attempt)));
  const customer = consentTakenBack(given, attempt);
  if (customer) changes.push(change("customer", customer));
  if (body.complaint) {
    const opened = opening(given, body.complaint, body.step);
    if (opened.problems.length) return opened;
    changes.push(...opened.changes);
  }
  return accepted(changes, task && task.state !== "open" ? "merged" : "applied");
}

/**
 * @param {Case} given
 * @param {Doc} attempt
 * @returns {Doc|null}
 */
function consentTakenBack(given, { outcome, consented, customer_id }) {
  if (outcome !== "refused" || consented !== false || !customer_id) return null;
  const customer = given.records.get("customer", customer_id);
  return customer && customer.consent !== false ? { ...customer, consent: false } : null;
}
