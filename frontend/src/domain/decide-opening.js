/** Opening a complaint, alone or along with a call: number, state and first step (D-K1, D-S7). */

import { accepted, bodyProblems, change, filled, invalid, noop, parked, stamped } from "./decision.js";
import { isPlain } from "./look.js";
import { compact } from "./schema.js";
import { isId } from "./text.js";
import { isInstant, localDate } from "./timing.js";
import { applyStep, openingRow, roleFor, stepProblems } from "./workflow.js";

/** @import { Case, Decision, Doc, StepRow } from "./types.js" */

/** Only steps write these; a complaint that is being opened has none of them. */
const BY_STEPS = ["handler_id", "closed_at", "compensation_fen"];

/**
 * complaint.open: `{complaint, step}`; number, state, round and the step's stamps are filled in here.
 * @param {Case} given
 * @returns {Decision}
 */
export function openOne(given) {
  const body = prepareOpening(given, given.op.body);
  const problems = bodyProblems(given, body);
  return problems.length ? invalid(problems) : opening(given, body.complaint, body.step);
}

/**
 * 「TS260102-1A2B」: local date heard and the end of the id, so that it is known offline.
 * @param {Doc} complaint
 */
export function numberOf(complaint) {
  const day = localDate(complaint.heard_at).replaceAll("-", "").slice(2);
  return `TS${day}-${complaint.id.slice(-4).toUpperCase()}`;
}

/**
 * The body with all that follows from the way the actor opens: state, round, number, who and what.
 * @param {Case} given
 * @param {any} body
 */
export function prepareOpening(given, body) {
  if (!isPlain(body) || !isPlain(body.complaint)) return body;
  const row = openingRow(given.schema, given.actor);
  const own = Object.fromEntries(Object.entries(body.complaint).filter(([name]) => !BY_STEPS.includes(name)));
  const complaint = signedFor(given, { ...own, state: row.to, round: 1 });
  const { id, heard_at } = complaint;
  if (typeof id === "string" && isId(id) && typeof heard_at === "string" && isInstant(heard_at)) {
    complaint.number = numberOf(complaint);
  }
  if (!isPlain(body.step)) return { ...body, complaint };
  return { ...body, complaint, step: draftStep(given, row, complaint, body.step) };
}

/**
 * With tier 1, and heard by an active colleague or else by the actor; history keeps what it says.
 * @param {Case} given
 * @param {Doc} complaint
 * @returns {Doc}
 */
function signedFor({ actor, records }, complaint) {
  if (actor.system) return filled(complaint, { tier: 1, heard_by: actor.id });
  const heard = records.ref("staff").find(({ id, active }) => id === complaint.heard_by && active);
  return { ...complaint, tier: 1, heard_by: heard ? heard.id : actor.id };
}

/**
 * The step with the stamps the server decides, so that a client need not send them.
 * @param {Case} given
 * @param {StepRow} row
 * @param {Doc} complaint
 * @param {Doc} step
 */
export function draftStep({ actor, op }, row, complaint, step) {
  const { id: complaint_id, vehicle_id, round } = complaint;
  const stamps = { complaint_id, vehicle_id, round, step: row.code, from_state: row.from, to_state: row.to };
  const held = actor.roles[0] ?? actor.deputy_roles?.[0] ?? "admin";
  return filled(compact({ ...step, ...stamps }), {
    actor_id: actor.id,
    actor_name: actor.name,
    actor_role: roleFor(row, complaint, actor)?.role ?? held,
    happened_at: op.at,
    entered_at: op.at,
  });
}

/**
 * The decision on a prepared complaint and its first step; also used by callback.record.
 * @param {Case} given
 * @param {Doc} complaint
 * @param {Doc} step
 * @returns {Decision}
 */
export function opening(given, complaint, step) {
  const stored = given.records.get("complaint_step", step.id);
  if (stored && isSameMove(stored, step)) return noop();
  if (stored || given.records.get("complaint", complaint.id)) return parked({ code: "op.exists" });
  const missing = ["vehicle", "customer"].find((kind) => !given.records.get(kind, complaint[`${kind}_id`]));
  if (missing) return parked({ code: "op.missing", field: `complaint.${missing}_id` });
  const row = openingRow(given.schema, given.actor);
  const problems = stepProblems(given.schema, row, complaint, step, {}, "complaint");
  return problems.length ? invalid(problems) : moved(given, complaint, row, step, {});
}

/**
 * Is this the very move that is stored already?
 * @param {Doc} stored
 * @param {Doc} step
 */
export function isSameMove(stored, step) {
  const names = ["complaint_id", "step", "from_state", "to_state"];
  return names.every((name) => (stored[name] ?? null) === (step[name] ?? null));
}

/**
 * The decision that makes the move: the complaint after it, and the step as a fact.
 * @param {Case} given
 * @param {Doc} complaint
 * @param {StepRow} row
 * @param {Doc} step
 * @param {Doc} changes
 */
export function moved(given, complaint, row, step, changes) {
  const after = applyStep(given.schema, complaint, row, step, changes, given.actor);
  const fact = stamped(given, after.step);
  return accepted([change("complaint", after.complaint), change("complaint_step", fact)]);
}
