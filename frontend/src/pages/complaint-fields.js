// Why it exists: which fields a step asks for follows from the workflow table and the record declarations, not from pages.

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("../parts/types.js").Field} Field */

const CLASSES = ["nature", "cause", "severity", "department"];

/** Fields a step may fill beyond those it needs. @type {Record<string, string[]>} */
const ASKED = {
  register: [...CLASSES, "text"],
  dispatch: ["handler_id", "department", "text"],
  return: ["analysis", "measure", "compensation_fen", "text"],
};

/** What the free text is called in each step. @type {Record<string, string>} */
const TEXT_LABELS = {
  register: "登记说明",
  opinion: "客服经理意见",
  review: "总经理批示",
  dispatch: "派工要求",
  return: "补充说明",
  satisfied: "回访情况",
  unsatisfied: "客户不满意的地方",
  confirm: "签批意见",
  file: "归档说明",
  back: "退回原因",
};

/** @param {any} schema @param {string} name @returns {Field | undefined} */
const declared = (schema, name) =>
  schema.records.complaint_step.fields[name] ?? schema.records.complaint.fields[name];

/** @param {any} schema @param {Doc} row @param {string[]} names @param {Doc} doc @returns {Record<string, Field>} */
function fieldsOf(schema, row, names, doc) {
  const signed = row.sign ? ["on_paper", ...(doc.on_paper ? [] : ["signature"])] : [];
  /** @type {Record<string, Field>} */
  const fields = {};
  for (const name of [...new Set([...names, "happened_at", ...signed])]) {
    const field = declared(schema, name);
    if (field) fields[name] = { ...field, required: (row.needs ?? []).includes(name) || name === "signature" };
  }
  if (fields.text) fields.text = { ...fields.text, label: TEXT_LABELS[row.code] ?? fields.text.label };
  if (fields.happened_at) fields.happened_at = { ...fields.happened_at, help: "不填就是现在；补录时填实际发生的时间。" };
  if (fields.on_paper) fields.on_paper = { ...fields.on_paper, help: "在打印的单子上签字时选「是」，屏幕上就不用再签。" };
  return fields;
}

/** Fields of a further step. @param {any} schema @param {Doc} row workflow row @param {Doc} doc what the form holds */
export function stepFields(schema, row, doc) {
  return fieldsOf(schema, row, [...(ASKED[row.code] ?? ["text"]), ...(row.needs ?? [])], doc);
}

/**
 * Fields of a new complaint: its content, its classes (D-K4), and the signature where the first step wants one.
 * @param {any} schema @param {Doc} row `report` or `register` @param {Doc} doc @param {{call?: boolean}} [how] `call`: channel and
 *   time are known from the call
 */
export function openingFields(schema, row, doc, { call = false } = {}) {
  const names = [...(call ? [] : ["heard_channel", "heard_at"]), "content", "demand", ...(row.sign ? CLASSES : ["department"])];
  const { happened_at: _, text: __, ...fields } = fieldsOf(schema, row, names, doc);
  for (const name of ["content", "heard_channel"]) {
    if (fields[name]) fields[name] = { ...fields[name], required: true };
  }
  if (fields.heard_at) fields.heard_at = { ...fields.heard_at, required: false, help: "不填就是现在；24 小时从客户说出来的时刻起算。" };
  return fields;
}

/** Problems of a form's value; required ones first named by the declaration. @param {(schema: any, fields: any, doc: any) => any[]} check
 * @param {any} schema @param {Record<string, Field>} fields @param {Doc} doc */
export function problemsIn(check, schema, fields, doc) {
  const known = Object.fromEntries(Object.entries(doc).filter(([name, value]) => name in fields && value !== null));
  return check(schema, fields, known);
}
