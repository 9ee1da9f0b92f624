// Why it exists: the steps of a complaint become a story: what, who, when it happened, was entered, was uploaded (D-K2).
import { inOrder } from "../domain/clocks.js";
import { moneyText } from "../lib/format.js";
import { label, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @param {Doc} step */
const rowOf = (step) =>
  session.schema.workflows.complaint.steps.find((/** @type {Doc} */ row) => row.code === step.step && row.to === step.to_state);

/** @param {Doc} step @returns {string} icon and level of a step by its meaning */
const levelOf = (step) => (step.step === "back" || step.step === "unsatisfied" ? "soon" : step.step === "file" ? "done" : "");

/**
 * @param {Doc[]} steps not yet on the server: without `synced_at` @param {Doc} complaint
 * @returns {import("../parts/cd-timeline.js").Item[]}
 */
export function storyItems(steps, complaint) {
  const many = complaint.round > 1;
  return inOrder(/** @type {any} */ (steps)).map((step) => ({
    id: step.id,
    at: step.happened_at,
    title: rowOf(step)?.label ?? step.step,
    who: step.actor_name,
    role: label("role", step.actor_role),
    deputy: Boolean(step.deputy),
    text: step.text ?? "",
    facts: factsOf(step),
    entered_at: step.entered_at,
    synced_at: step.synced_at,
    pending: !step.synced_at,
    signature: step.signature,
    on_paper: Boolean(step.on_paper),
    level: levelOf(step),
    ...(many ? { round: step.round } : {}),
  }));
}

/** @param {Doc} step @returns {[string, unknown][]} */
function factsOf(step) {
  const facts = /** @type {[string, unknown][]} */ ([
    ["处理人", step.handler_name],
    ["原因分析", step.analysis],
    ["处理措施", step.measure],
    ["补偿金额", step.compensation_fen ? moneyText(step.compensation_fen) : ""],
    ["客户意见", step.satisfied === true ? "满意" : step.satisfied === false ? "不满意" : ""],
  ]);
  return facts.filter(([, value]) => value);
}
