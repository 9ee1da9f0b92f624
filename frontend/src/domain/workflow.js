/** Moves of a complaint along the table in workflows/complaint.json: who may, what is needed, what follows. */

import { compact } from "./schema.js";
import { isBlank } from "./text.js";

/** @import { Actor, Doc, Problem, Schema, StepRow } from "./types.js" */

/** @type {{[code: string]: Doc}} what a step says by being taken at all */
const SAID = { satisfied: { satisfied: true }, unsatisfied: { satisfied: false } };

/**
 * The rows that leave a state; null is the state before a complaint exists.
 * @param {Schema} schema
 * @param {string|null} state
 */
export function rowsFrom(schema, state) {
  return schema.workflows.complaint.steps.filter((row) => row.from === state);
}

/**
 * The role the actor acts in, and whether as a deputy; null when the row is not theirs (D-K1, D-K2).
 * @param {StepRow} row
 * @param {Doc|null} complaint
 * @param {Actor} actor
 * @returns {{role: string, deputy: boolean}|null}
 */
export function roleFor(row, complaint, actor) {
  if (row.actor_field && complaint && complaint[row.actor_field] === actor.id) {
    return actor.roles.length ? { role: actor.roles[0], deputy: false } : null;
  }
  const own = row.roles.find((role) => actor.roles.includes(role));
  if (own) return { role: own, deputy: false };
  const stoodInFor = row.roles.find((role) => actor.deputy_roles?.includes(role));
  if (stoodInFor) return { role: stoodInFor, deputy: true };
  return actor.system && row.roles.length ? { role: row.roles[0], deputy: false } : null;
}

/**
 * The rows this actor may take now, in table order; without a complaint, the ways to open one.
 * @param {Schema} schema
 * @param {Doc|null} complaint
 * @param {Actor} actor
 */
export function allowedSteps(schema, complaint, actor) {
  return rowsFrom(schema, complaint?.state ?? null).filter((row) => roleFor(row, complaint, actor));
}

/**
 * How this actor opens a complaint: who may register, registers; everyone else reports it.
 * @param {Schema} schema
 * @param {Actor} actor
 */
export function openingRow(schema, actor) {
  const rows = rowsFrom(schema, null).toSorted((a, b) => a.no - b.no);
  const own = rows.filter((row) => roleFor(row, null, actor));
  return own.at(-1) ?? rows[0];
}

/**
 * The row with this code that leaves this state.
 * @param {Schema} schema
 * @param {string|null} state
 * @param {unknown} code
 */
export function findRow(schema, state, code) {
  return rowsFrom(schema, state).find((row) => row.code === code) ?? null;
}

/**
 * `{complaint, step}` after the move: state, round, handler, compensation, closing (D-K1, D-K2, D-K6).
 * @param {Schema} _schema first, as everywhere; the row already says it all
 * @param {Doc|null} complaint before the move; for an opening row the new one
 * @param {StepRow} row
 * @param {Doc} step
 * @param {Doc} changes classes of the complaint set along with the step
 * @param {Actor} actor
 * @returns {{complaint: Doc, step: Doc}}
 */
export function applyStep(_schema, complaint, row, step, changes, actor) {
  const before = { ...complaint };
  const role = roleFor(row, complaint, actor) ?? { role: actor.roles[0] ?? "admin", deputy: false };
  const done = stamp(before, row, step, role, actor);
  /** @type {Doc} */
  const after = { ...before, ...changes, state: row.to };
  if (row.new_round) after.round = before.round + 1;
  if (row.closes) after.closed_at = done.happened_at;
  if (row.needs.includes("handler_id")) after.handler_id = done.handler_id ?? after.handler_id;
  after.compensation_fen = done.compensation_fen ?? after.compensation_fen;
  return { complaint: compact(after), step: compact(done) };
}

/**
 * @param {Doc} complaint
 * @param {StepRow} row
 * @param {Doc} step
 * @param {{role: string, deputy: boolean}} role
 * @param {Actor} actor
 * @returns {Doc}
 */
function stamp(complaint, row, step, { role, deputy }, actor) {
  /** @type {Doc} */
  const who = { actor_id: actor.id, actor_name: actor.name, actor_role: role, deputy: deputy ? true : null };
  if (actor.system) {
    // A history being written down keeps the people who made it.
    for (const name of Object.keys(who)) who[name] = step[name] || who[name];
  }
  return {
    ...step,
    ...SAID[row.code],
    complaint_id: complaint.id,
    vehicle_id: complaint.vehicle_id,
    round: complaint.round,
    step: row.code,
    from_state: row.from,
    to_state: row.to,
    ...who,
  };
}

/**
 * What the row needs and lacks: fields of the step, classes of the complaint, a signature (D-K2).
 * @param {Schema} schema
 * @param {StepRow} row
 * @param {Doc} complaint
 * @param {Doc} step
 * @param {Doc} changes
 * @param {string} prefix where the classes come from: `set` or `complaint`
 * @returns {Problem[]}
 */
export function stepProblems(schema, row, complaint, step, changes, prefix) {
  const own = schema.records.complaint_step.fields;
  const found = [];
  for (const name of row.needs) {
    const inStep = Object.hasOwn(own, name);
    const given = inStep ? step[name] : (changes[name] ?? complaint[name]);
    const lacking = given === null || given === undefined || (typeof given === "string" && isBlank(given));
    if (lacking) found.push({ field: `${inStep ? "step" : prefix}.${name}`, code: "field.required" });
  }
  if (row.sign && !step.signature && !step.on_paper) {
    found.push({ field: "step.signature", code: "field.required" });
  }
  return found;
}
