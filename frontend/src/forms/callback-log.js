// Why it exists: 回访登记表 (D-X4), every call of a period, one line each, for the manager to sign (D-V1). Twin of
// `exports/forms/callback_log.py`.

import { head, inOrder, isLong, itemsOf, label, nodeName, pick, remarks, tally } from "./common.js";

/** @typedef {import("./common.js").Context} Context */

const EMPTY_LINES = 11;
const LONG_LINE = 200;

/**
 * The register with its totals; the QR names the period: `<from>/<to>`.
 * @param {any} records `{from, to, calls: [{attempt, vehicle, customer}]}`, blank: `{}` @param {Context} ctx
 */
export function callbackLog(records, ctx) {
  const period = records.from ? `${records.from}/${records.to}` : null;
  /** @type {any[]} */
  const calls = records.calls ?? [];
  const byId = new Map(calls.map((call) => [call.attempt.id, call]));
  const attempts = inOrder(calls.map((call) => call.attempt), "started_at");
  return {
    ...head("callback_log", period, ctx),
    ...pick(records, ["from", "to"]),
    calls: attempts.map((attempt, index) => line(index + 1, byId.get(attempt.id), ctx)),
    totals: period ? totals(attempts, ctx) : null,
    spare: period ? 0 : EMPTY_LINES,
  };
}

/** @param {number} no @param {any} call @param {Context} ctx */
function line(no, { attempt, vehicle, customer }, ctx) {
  const words = remarks(attempt.answers);
  return {
    no,
    started_at: attempt.started_at,
    ...pick(vehicle, ["plate", "vin", "model"]),
    name: customer?.name ?? null,
    phone: attempt.phone ?? null,
    node: nodeName(ctx, attempt.node),
    channel: label(ctx, "channel", attempt.channel),
    outcome: label(ctx, "outcome", attempt.outcome),
    ...tally(attempt.answers),
    remarks: words,
    note: attempt.note ?? null,
    long: isLong(LONG_LINE, ...words, attempt.note),
    call_again: attempt.call_again === true,
    staff: attempt.staff_name,
    pending: !attempt.synced_at,
  };
}

/** Counts by what the outcome list says of each outcome (D-S6). @param {any[]} attempts @param {Context} ctx */
function totals(attempts, ctx) {
  const flags = new Map(itemsOf(ctx, "outcome").map((item) => [item.code, item]));
  const count = (/** @type {string} */ flag) => attempts.filter(({ outcome }) => flags.get(outcome)?.[flag]).length;
  return {
    calls: attempts.length,
    reached: count("reached"),
    success: count("success"),
    again: attempts.filter((attempt) => attempt.call_again).length,
  };
}
