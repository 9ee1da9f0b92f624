// Why it exists: a field's problem says what is wrong and what to do, at the field and in the summary alike.

/** @typedef {import("../parts/types.js").Field} Field */
/** @typedef {import("../parts/types.js").Problem} Problem */

/** Wording by field type where the general message would leave the user guessing. @type {Record<string, string>} */
const BY_TYPE = {
  phone: "应是 5 到 20 位数字，例如 13800138000。",
  plate: "应像 粤A12345 或 粤AD12345 这样填写。",
  vin: "应是 17 位字母和数字，不含 I、O、Q。",
  integer: "请填整数，例如 12000。",
  date: "请填完整的日期。",
  instant: "请填完整的日期和时间。",
  fen: "请填金额，最多两位小数，例如 300 或 299.50。",
};

/** @param {Field} field @returns {string} 请填写… or 请选择… */
function requiredText(field) {
  if (field.type === "signature") return `请在「${field.label}」处签名。`;
  const choose = ["code", "ref", "boolean", "date", "instant"].includes(field.type);
  return `${choose ? "请选择" : "请填写"}「${field.label}」。`;
}

/**
 * What is wrong and what to do, for one field.
 * @param {Record<string, {message: string}> | null | undefined} codes `schema.codes`
 * @param {Problem} problem @param {Field} [field] its declaration
 * @returns {string}
 */
export function problemText(codes, problem, field) {
  if (problem.message) return problem.message;
  const general = codes?.[problem.code]?.message ?? problem.code;
  if (!field) return general;
  if (problem.code === "field.required") return requiredText(field);
  const inner = field.type === "list" && problem.field.includes(".") && field.of ? field.of : field;
  const special = BY_TYPE[inner.unit ?? ""] ?? BY_TYPE[inner.type];
  const shaped = ["field.type", "field.format"].includes(problem.code);
  const range = problem.code === "field.range" ? rangeText(inner) : "";
  const text = (shaped && special) || range || general.replace("{max}", String(inner.max ?? ""));
  return field.label ? `${field.label}：${text}` : text;
}

/** @param {Field} field */
function rangeText({ min, max, unit }) {
  const show = (/** @type {number} */ n) => (unit === "fen" ? `${n / 100} 元` : String(n));
  if (min !== undefined && max !== undefined) return `应在 ${show(min)} 到 ${show(max)} 之间。`;
  if (min !== undefined) return `不能小于 ${show(min)}。`;
  return max === undefined ? "" : `不能大于 ${show(max)}。`;
}
