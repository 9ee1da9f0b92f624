// Why it exists: the board, the badge and the complaint page must agree whose turn it is (D-K1, D-K2).
import { allowedSteps } from "../domain/workflow.js";
import { label } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./session.js").Actor} Actor */

/** Steps that lead on from a complaint's state, whoever takes them. @param {any} schema @param {Doc} complaint @returns {Doc[]} */
const onward = (schema, complaint) =>
  schema.workflows.complaint.steps.filter((/** @type {Doc} */ row) => row.from === complaint.state && row.code !== "back");

/** True when this person can take the complaint a step on. @param {any} schema @param {Doc} complaint @param {Actor} who */
export const myTurn = (schema, complaint, who) =>
  allowedSteps(schema, complaint, who).some((/** @type {Doc} */ row) => row.code !== "back");

/** Whose turn it is, in words: 客服经理, or the handler's name. @param {any} schema @param {Doc} complaint @param {Doc[]} staff */
export function waitsFor(schema, complaint, staff) {
  const rows = onward(schema, complaint);
  if (rows.some((row) => row.actor_field)) {
    return staff.find((person) => person.id === complaint.handler_id)?.name ?? "处理人";
  }
  const codes = [...new Set(rows.flatMap((row) => /** @type {string[]} */ (row.roles)))];
  return codes.map((code) => label("role", code)).join("或");
}
