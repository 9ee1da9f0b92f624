/** May this person contact this customer now? Cards to show before dialling (D-G1, D-G2, D-G3, D-G6). */

import { card, countCards, hourCards, inTime, lastCards, reached, refusalCards } from "./gate-cards.js";
import { parseInstant } from "./timing.js";
import { allowedSteps } from "./workflow.js";

/** @import { Card, Doc } from "./types.js" */
/** @import { GateInput } from "./gate-cards.js" */

/**
 * Allowed when no card stops. Complaints and attempts of other customers are left aside.
 * @param {GateInput} input
 * @returns {{allow: boolean, cards: Card[]}}
 */
export function contactGate(input) {
  const complaints = input.complaints.filter((doc) => concerns(doc, input.customer));
  const attempts = input.attempts.filter((doc) => concerns(doc, input.customer));
  const given = { ...input, complaints, attempts };
  const handles = complaints.some((doc) => doc.state !== "closed" && mayContact(given, doc));
  const cards = [
    ...complaintCards(given),
    ...refusalCards(given),
    ...hourCards(given),
    ...countCards(given, handles),
    ...lastCards(given),
  ];
  return { allow: cards.every((card) => card.level !== "stop"), cards };
}

/**
 * @param {Doc} doc
 * @param {Doc|null} customer
 */
function concerns(doc, customer) {
  return !customer || !doc.customer_id || doc.customer_id === customer.id;
}

/**
 * @param {GateInput} given
 * @param {Doc} complaint
 */
function mayContact(given, complaint) {
  return complaint.handler_id === given.actor.id || verifies(given, complaint);
}

/**
 * Is the satisfaction callback of this complaint theirs now (D-K1 step 6)?
 * @param {GateInput} given
 * @param {Doc} complaint
 */
function verifies({ schema, actor }, complaint) {
  return allowedSteps(schema, complaint, actor).some((row) => row.code === "satisfied");
}

/**
 * D-G1, and D-G2 once nothing is open.
 * @param {GateInput} given
 * @returns {Card[]}
 */
function complaintCards(given) {
  const open = given.complaints.filter((doc) => doc.state !== "closed");
  if (open.length) return open.map((doc) => card(openCode(given, doc), { number: doc.number }));
  const closed = given.complaints.toSorted((a, b) => inTime(a, b, "closed_at"));
  const latest = closed.at(-1);
  if (!latest) return [];
  const closedAt = parseInstant(latest.closed_at);
  const since = reached(given).some((attempt) => parseInstant(attempt.started_at) > closedAt);
  return [card(since ? "complaint_past" : "complaint_closed", { number: latest.number })];
}

/**
 * @param {GateInput} given
 * @param {Doc} complaint
 */
function openCode(given, complaint) {
  if (verifies(given, complaint)) return "complaint_verify";
  return complaint.handler_id === given.actor.id ? "complaint_mine" : "complaint_open";
}
