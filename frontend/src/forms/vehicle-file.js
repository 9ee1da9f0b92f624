// Why it exists: 一车一档 (D-X9), cover with the place of the paper file, then everything known about one vehicle. Twin
// of `exports/forms/vehicle_file.py`.

import { customerOf, head, inOrder, isLong, label, nodeName, pick, remarks, tally, vehicleOf } from "./common.js";

/** @typedef {import("./common.js").Context} Context */

const MORE_LINES = 3;
const EMPTY_LINES = 8;
const LONG_LINE = 200;
const LONG_ARCHIVE_NO = 14;
const REPAIR = ["number", "in_at", "out_at", "mileage_km", "advisor", "technician", "amount_fen", "note"];
const COMPLAINT = ["number", "heard_at", "content", "demand", "round", "closed_at", "compensation_fen"];

/**
 * Cover, people, sale, repairs, callbacks and complaints, oldest first as a paper file grows (D-F1). Every table
 * ends in empty lines to write on.
 * @param {any} records the worker's `file(vehicle_id)` @param {Context} ctx
 */
export function vehicleFile(records, ctx) {
  const vehicle = records.vehicle ?? null;
  /** @type {any[]} */
  const docs = records.people ?? [];
  const people = docs.map((doc) => person(doc, ctx));
  return {
    ...head("vehicle_file", vehicle?.id, ctx),
    vehicle: vehicleOf(vehicle),
    archive_long: isLong(LONG_ARCHIVE_NO, vehicle?.archive_no),
    owner: (docs.find((doc) => doc.role === "owner") ?? docs[0])?.name ?? null,
    people,
    deliveries: inOrder(records.deliveries ?? [], "delivered_on").map((doc) => delivery(doc, people)),
    repairs: inOrder(records.repair_orders ?? [], "out_at").map((doc) => repair(doc, people, ctx)),
    callbacks: inOrder(records.attempts ?? [], "started_at").map((doc) => callback(doc, ctx)),
    complaints: inOrder(records.complaints ?? [], "heard_at").map((doc) => complaint(doc, ctx)),
    spare: vehicle ? MORE_LINES : EMPTY_LINES,
  };
}

/** @param {any} doc @param {Context} ctx */
const person = (doc, ctx) => ({ ...pick(doc, ["id"]), role: label(ctx, "party_role", doc.role), ...customerOf(doc, ctx) });

/** @param {any[]} people @param {string} [id] */
const nameOf = (people, id) => (id ? (people.find((one) => one.id === id)?.name ?? null) : null);

/** @param {any} doc @param {any[]} people */
const delivery = (doc, people) => ({
  ...pick(doc, ["delivered_on", "consultant", "note"]),
  customer: nameOf(people, doc.customer_id),
});

/** @param {any} doc @param {any[]} people @param {Context} ctx */
const repair = (doc, people, ctx) => ({
  ...pick(doc, REPAIR),
  type: label(ctx, "repair_type", doc.type),
  items: (doc.items ?? []).join("、"),
  customer: nameOf(people, doc.customer_id),
  long: isLong(LONG_LINE, ...(doc.items ?? []), doc.note),
});

/** @param {any} doc @param {Context} ctx */
function callback(doc, ctx) {
  const words = remarks(doc.answers);
  return {
    started_at: doc.started_at,
    node: nodeName(ctx, doc.node),
    channel: label(ctx, "channel", doc.channel),
    outcome: label(ctx, "outcome", doc.outcome),
    ...tally(doc.answers),
    remarks: words,
    note: doc.note ?? null,
    long: isLong(LONG_LINE, ...words, doc.note),
    staff: doc.staff_name,
  };
}

/** @param {any} doc @param {Context} ctx */
const complaint = (doc, ctx) => ({
  ...pick(doc, COMPLAINT),
  state: label(ctx, "complaint_state", doc.state),
  cause: label(ctx, "complaint_cause", doc.cause),
  severity: label(ctx, "complaint_severity", doc.severity),
  handler: ctx.staff[doc.handler_id] ?? null,
  long: isLong(LONG_LINE, doc.content, doc.demand),
});
