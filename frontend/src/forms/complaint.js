// Why it exists: 投诉抱怨单 (D-X1) as signable blocks, done steps first, open ones to be signed. Twin of
// `exports/forms/complaint.py`.

import { choices, customerOf, head, inOrder, ink, isLong, label, pick, vehicleOf, yesNo } from "./common.js";

/** @typedef {import("./common.js").Context} Context */

/** What a block of each step asks for: [label, field, lines to write on when empty; 0 = only shown when filled].
 * @type {Record<string, [string, string, number][]>} */
const ROWS = {
  report: [["受理说明", "text", 0]],
  register: [["登记说明", "text", 0]],
  opinion: [["处理意见", "text", 2]],
  review: [["审阅意见", "text", 2]],
  dispatch: [["处理人", "handler", 1], ["处理要求", "text", 1]],
  return: [["原因分析", "analysis", 2], ["处理措施", "measure", 2], ["承诺补偿", "compensation_fen", 1], ["补充说明", "text", 0]],
  verify: [["回访情况", "text", 2]],
  confirm: [["签批意见", "text", 1]],
  file: [["归档说明", "text", 1]],
  back: [["退回原因", "text", 0]],
};
const SLIM = ["report", "back"];
const MOST_ROLES = 3; // beyond that the cell says 「本店员工」
const [LONG_TEXT, LONG_BLOCK] = [400, 500];
/** @type {Record<string, boolean>} */
const VERIFY = { satisfied: true, unsatisfied: false };
/** @type {Record<string, string>} */
const CLOCK_RESULT = { running: "进行中", soon: "进行中", late: "已超时", met: "按时完成", missed: "超时完成" };
const FACTS = ["number", "heard_at", "content", "demand", "round", "tier", "compensation_fen", "closed_at"];

/** The sheet of one complaint, or a blank one: all steps of D-K1, rounds, three times each (D-K2). @param {any} records @param {Context} ctx */
export function complaint(records, ctx) {
  const doc = records.complaint ?? {};
  const workflow = ctx.schema.workflows.complaint;
  return {
    ...head("complaint", doc.id, ctx),
    complaint: facts(doc, ctx),
    vehicle: vehicleOf(records.vehicle),
    customer: customerOf(records.customer, ctx),
    heard_channel: choices(ctx, "heard_channel", doc.heard_channel),
    nature: choices(ctx, "complaint_nature", doc.nature),
    cause: choices(ctx, "complaint_cause", doc.cause),
    severity: choices(ctx, "complaint_severity", doc.severity),
    department: choices(ctx, "department", doc.department),
    clocks: clocks(workflow, ctx),
    blocks: blocks(doc, records.steps ?? [], workflow, ctx),
  };
}

/** @param {any} doc @param {Context} ctx */
const facts = (doc, ctx) => ({
  ...pick(doc, FACTS),
  content_long: isLong(LONG_TEXT, doc.content),
  demand_long: isLong(LONG_TEXT, doc.demand),
  heard_by: ctx.staff[doc.heard_by] ?? null,
  handler: ctx.staff[doc.handler_id] ?? null,
  state: label(ctx, "complaint_state", doc.state),
});

/** The deadlines with what became of them (D-K3); a blank sheet names them with empty cells. @param {any} workflow @param {Context} ctx */
function clocks(workflow, ctx) {
  const names = ["label", "round", "started_at", "due_at", "stopped_at", "working_minutes"];
  const rows = ctx.clocks?.length ? ctx.clocks : workflow.clocks;
  return rows.map((/** @type {any} */ clock) => ({ ...pick(clock, names), result: CLOCK_RESULT[clock.state] ?? null }));
}

/** Done steps in the order they happened, then one empty block for each step still to come.
 * @param {any} doc @param {any[]} steps @param {any} workflow @param {Context} ctx */
function blocks(doc, steps, workflow, ctx) {
  let [round, headed] = [1, 0];
  const heading = (/** @type {string} */ code) => {
    if (code !== "dispatch" || headed >= round) return null;
    headed = round;
    return round;
  };
  const done = inOrder(steps, "happened_at", "entered_at").map((step) => {
    const row = rowOf(workflow, step.step, step.from_state ?? null);
    const block = doneBlock(step, row, heading(step.step), ctx);
    if (row.new_round) round += 1;
    return block;
  });
  return [...done, ...ahead(workflow, doc.state ?? null).map((row) => openBlock(row, heading(row.code), ctx))];
}

/** @param {any} workflow @param {string} code @param {string | null} state */
function rowOf(workflow, code, state) {
  const rows = workflow.steps.filter((/** @type {any} */ row) => row.code === code);
  return rows.find((/** @type {any} */ row) => row.from === state) ?? rows[0];
}

/** The signed steps that lead from a state to the end the straight way. @param {any} workflow @param {string | null} state */
function ahead(workflow, state) {
  /** @type {any[]} */
  const rows = [];
  while (rows.length <= workflow.steps.length) {
    const at = state;
    const way = workflow.steps.find((/** @type {any} */ row) => row.from === at && row.sign && !row.new_round);
    if (!way) break;
    rows.push(way);
    state = way.to;
  }
  return rows;
}

/** @param {any} step @param {any} row @param {number | null} heading @param {Context} ctx */
const doneBlock = (step, row, heading, ctx) => ({
  ...frame(row, heading, ctx),
  done: true,
  long: isLong(LONG_BLOCK, step.text, step.analysis, step.measure),
  way: row.code === "back" ? [step.from_state, step.to_state].map((code) => label(ctx, "complaint_state", code)).join(" → ") : null,
  rows: rowsOf(step, row.code, ctx),
  ticks: row.code in VERIFY ? yesNo(VERIFY[row.code], "满意", "不满意") : null,
  actor: step.actor_name,
  role: label(ctx, "role", step.actor_role),
  deputy: step.deputy === true,
  ...pick(step, ["happened_at", "entered_at", "synced_at"]),
  on_paper: step.on_paper === true,
  sign: ink(step.signature),
});

/** @param {any} row @param {number | null} heading @param {Context} ctx */
const openBlock = (row, heading, ctx) => ({
  ...frame(row, heading, ctx),
  done: false,
  long: false,
  rows: rowsOf({}, row.code, ctx),
  ticks: row.code in VERIFY ? yesNo(null, "满意", "不满意") : null,
  deputy: false,
  on_paper: false,
  ...pick({}, ["actor", "role", "happened_at", "entered_at", "synced_at", "sign", "way"]),
});

/** @param {any} row @param {number | null} heading @param {Context} ctx */
const frame = (row, heading, ctx) => ({
  no: row.no || null,
  label: row.code in VERIFY ? "满意度回访" : row.label,
  who: row.roles.length > MOST_ROLES ? "本店员工"
    : row.roles.map((/** @type {string} */ code) => label(ctx, "role", code)).join("／") || "处理人",
  slim: SLIM.includes(row.code),
  heading,
});

/** @param {any} step @param {string} code @param {Context} ctx */
function rowsOf(step, code, ctx) {
  /** @type {any} */
  const values = { ...step, handler: step.handler_name || (ctx.staff[step.handler_id] ?? null) };
  return ROWS[code in VERIFY ? "verify" : code]
    .map(([text, field, lines]) => ({ label: text, value: values[field] ?? null, money: field === "compensation_fen", lines }))
    .filter((row) => row.value !== null || row.lines);
}
