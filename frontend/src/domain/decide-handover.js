/** The daily hand-over: sent every day, also when there was nothing, and confirmed (D-H1, D-H2). */

import { same } from "./canonical.js";
import { accepted, bodyProblems, change, filled, invalid, noop, parked, problem } from "./decision.js";
import { isPlain } from "./look.js";
import { withoutDerived } from "./schema.js";
import { length } from "./text.js";

/** @import { Case, Decision, Doc, Problem } from "./types.js" */

const BY_RECEIVER = ["received_by", "received_at", "received_count"];

/**
 * handover.send: rows counted, or a signed 「今日无交车」; sent once per kind and day.
 * @param {Case} given
 * @returns {Decision}
 */
export function send(given) {
  const body = prepare(given, given.op.body);
  const problems = bodyProblems(given, body);
  if (!problems.length) problems.push(...nilProblems(body.handover));
  if (problems.length) return invalid(problems);
  const { handover } = body;
  const stored = given.records.get("handover", handover.id);
  if (!stored) return accepted([change("handover", handover)]);
  return same(asSent(given, handover), asSent(given, stored)) ? noop() : parked({ code: "op.exists" });
}

/**
 * @param {Case} given
 * @param {any} body
 */
function prepare(given, body) {
  if (!isPlain(body) || !isPlain(body.handover)) return body;
  const entries = Object.entries(body.handover).filter(([name]) => !BY_RECEIVER.includes(name));
  const own = Object.fromEntries(entries);
  if (!given.actor.system) own.sent_by = given.actor.id; // history keeps the people who made it
  const handover = filled(own, { sent_by: given.actor.id, sent_at: given.op.at });
  return { ...body, handover };
}

/**
 * @param {Case} given
 * @param {Doc} handover
 */
function asSent(given, handover) {
  const skipped = [...BY_RECEIVER, "note", "sent_at"];
  const written = Object.entries(withoutDerived(given.schema, "handover", handover));
  return Object.fromEntries(written.filter(([name]) => !skipped.includes(name)));
}

/**
 * 「今日无」 means a count of 0 and a signature under it; anything else is a count above 0.
 * @param {Doc} handover
 * @returns {Problem[]}
 */
function nilProblems(handover) {
  if (handover.nil !== (handover.count === 0)) return [problem("handover.nil", "field.range")];
  if (handover.nil && !handover.signature) return [problem("handover.signature", "field.required")];
  return [];
}

/**
 * handover.receive: customer service confirms, with its own count; a second confirmation parks.
 * @param {Case} given
 * @returns {Decision}
 */
export function receive(given) {
  const { body } = given.op;
  const problems = bodyProblems(given, body);
  if (problems.length) return invalid(problems);
  const handover = given.records.get("handover", body.id);
  if (!handover) return parked({ code: "op.missing", field: "id" });
  const { received_at, received_count } = body;
  const receipt = { received_by: given.actor.id, received_at, received_count };
  if (handover.received_at) {
    const again = Object.entries(receipt).every(([name, value]) => handover[name] === value);
    return again ? noop() : parked({ code: "op.stale_step" });
  }
  const note = [handover.note, body.note].filter(Boolean).join("；") || null;
  if (note && length(note) > 300) return invalid([problem("note", "field.too_long")]);
  return accepted([change("handover", { ...handover, ...receipt, note })]);
}
