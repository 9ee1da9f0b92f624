// Why it exists: a complaint and its steps are put together in one place, whether they come from a call, a file or a page.
import { compact as bare } from "../domain/schema.js";
import { roleFor } from "../domain/workflow.js";
import { dayOf } from "../lib/format.js";
import { newId } from "../lib/ids.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./session.js").Actor} Actor */

const CLASSES = ["nature", "cause", "severity", "department"];
const OWN = ["heard_at", "heard_channel", "content", "demand", ...CLASSES];
const OF_STEP = ["text", "handler_id", "analysis", "measure", "compensation_fen", "on_paper", "signature"];

/** Ids that stay the same over retries, so that a save can be repeated safely. @returns {{complaint_id: string, step_id: string}} */
export const newIds = () => ({ complaint_id: newId(), step_id: newId() });

/** TS261121-9F3A. @param {string} heardAt instant @param {string} id of the complaint */
export const complaintNumber = (heardAt, id) =>
  `TS${dayOf(heardAt).slice(2).replaceAll("-", "")}-${id.slice(-4).toUpperCase()}`;

/** Without empty fields: absent, null and "" are the same here. @param {Doc} doc @returns {Doc} */
export const compact = (doc) => bare(Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== "")));

/** @param {Doc} doc @param {string[]} names @returns {Doc} */
const pick = (doc, names) => Object.fromEntries(names.map((name) => [name, doc[name]]));

/**
 * One step of a complaint.
 * @param {{row: Doc, doc: Doc, id: string, complaint: Doc, who: Actor, now: string, handler?: Doc | null}} given
 *   `doc`: what the form holds; `happened_at` absent means now
 * @returns {Doc} complaint_step
 */
export function buildStep({ row, doc, id, complaint, who, now, handler }) {
  const as = roleFor(/** @type {any} */ (row), complaint, who);
  const verdict = row.code === "satisfied" ? true : row.code === "unsatisfied" ? false : null;
  return compact({
    ...pick(doc, OF_STEP),
    signature: doc.on_paper ? null : doc.signature,
    on_paper: doc.on_paper || null,
    id,
    complaint_id: complaint.id,
    vehicle_id: complaint.vehicle_id,
    round: complaint.round ?? 1,
    step: row.code,
    from_state: row.from,
    to_state: row.to,
    actor_id: who.id,
    actor_name: who.name,
    actor_role: as?.role ?? who.roles[0],
    deputy: as?.deputy || null,
    happened_at: doc.happened_at || now,
    entered_at: now,
    handler_name: doc.handler_id ? handler?.name : null,
    satisfied: verdict,
  });
}

/**
 * A new complaint and its first step.
 * @param {{row: Doc, doc: Doc, ids: {complaint_id: string, step_id: string}, about: {vehicle_id: string, customer_id: string,
 *   attempt_id?: string}, who: Actor, now: string}} given
 * @returns {{complaint: Doc, step: Doc}}
 */
export function buildOpening({ row, doc, ids, about, who, now }) {
  const heardAt = doc.heard_at || now;
  const complaint = compact({
    ...pick(doc, OWN),
    ...about,
    id: ids.complaint_id,
    number: complaintNumber(heardAt, ids.complaint_id),
    heard_at: heardAt,
    heard_by: who.id,
    state: row.to,
    round: 1,
    tier: 1,
  });
  return { complaint, step: buildStep({ row, doc, id: ids.step_id, complaint, who, now }) };
}

/** What a step sets on the complaint itself. @param {Doc} doc @returns {Doc | null} */
export function classesOf(doc) {
  const set = compact(pick(doc, CLASSES));
  return Object.keys(set).length ? set : null;
}
