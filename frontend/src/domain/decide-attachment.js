/** Photos, scans and recordings of a vehicle's file: the op says what was captured, its bytes travel apart (D-F2,
 * SYNC.md 17). */

import { accepted, bodyProblems, change, filled, invalid, known, noop, parked, problem } from "./decision.js";
import { isPlain } from "./look.js";
import { itemOf } from "./rules.js";

/** @import { Case, Decision, Doc, Problem } from "./types.js" */

/**
 * attachment.add: a fact of a vehicle that is known here; the op's `blobs` name the bytes by their hash.
 * @param {Case} given
 * @returns {Decision}
 */
export function add(given) {
  const body = prepare(given, given.op.body);
  const problems = bodyProblems(given, body);
  if (!problems.length) problems.push(...contentProblems(given, body.attachment));
  if (problems.length) return invalid(problems);
  const doc = body.attachment;
  if (!given.records.get("vehicle", doc.vehicle_id))
    return parked({ code: "op.missing", field: "attachment.vehicle_id" });
  const state = known(given, "attachment", doc);
  if (state === "new") return accepted([change("attachment", doc)]);
  return state === "same" ? noop() : parked({ code: "op.exists" });
}

/**
 * @param {Case} given
 * @param {any} body
 */
function prepare({ actor, op }, body) {
  if (!isPlain(body) || !isPlain(body.attachment)) return body;
  const by = { by_id: actor.id, by_name: actor.name };
  const own = actor.system ? body.attachment : { ...body.attachment, ...by };
  return { ...body, attachment: filled(own, { ...by, taken_at: op.at }) };
}

/**
 * The kind fits the medium, a document is named, and the op carries the bytes it speaks of.
 * @param {Case} given
 * @param {Doc} doc
 * @returns {Problem[]}
 */
function contentProblems({ schema, op }, doc) {
  const medium = itemOf(schema, "media_type", doc.media_type).kind;
  const found = [];
  if (!itemOf(schema, "attachment_kind", doc.kind).media.includes(medium))
    found.push(problem("attachment.media_type", "field.not_in_list"));
  const named = doc.document !== undefined && doc.document !== null;
  if ((doc.kind === "document") !== named)
    found.push(problem("attachment.document", named ? "field.unknown" : "field.required"));
  if (!op.blobs?.includes(doc.sha256)) found.push(problem("attachment.sha256", "field.not_in_list"));
  return found;
}

/**
 * attachment.void: whoever added it or a manager takes it out of sight, with a reason; it stays on record.
 * @param {Case} given
 * @returns {Decision}
 */
export function voidOne(given) {
  const { actor, op, records, spec, now } = given;
  const problems = bodyProblems(given, op.body);
  if (problems.length) return invalid(problems);
  const doc = records.get("attachment", op.body.id);
  if (!doc) return parked({ code: "op.missing", field: "id" });
  if (doc.voided_at) return noop();
  const held = [...actor.roles, ...(actor.deputy_roles ?? [])];
  const own = doc.by_id === actor.id || actor.system;
  if (!own && !held.some((role) => spec.managers?.includes(role))) return parked({ code: "op.not_allowed" });
  const gone = { voided_at: now, voided_by: actor.id, void_reason: op.body.reason };
  return accepted([change("attachment", { ...doc, ...gone })]);
}
