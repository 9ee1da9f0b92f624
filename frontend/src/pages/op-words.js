// Why it exists: what somebody filled in is read back in plain words, with the labels of the declaration, never as JSON.
import { dateText, instantText, moneyText, phoneText, plateText, vinText } from "../lib/format.js";
import { problemText } from "../lib/problem-text.js";
import { listText } from "../lib/words.js";

/** @typedef {import("../domain/types.js").Schema} Schema @typedef {import("../domain/types.js").Spec} Spec */
/** @typedef {{label: string, text?: string, before?: string, rows?: Line[]}} Line a field; `rows` when it has fields of its own */

const MOST = 400;

/** What an op is and about which car. @param {Schema} schema @param {{kind: string, label?: string}} op @returns {string} */
export const headingText = (schema, { kind, label }) =>
  [schema.ops[kind]?.label ?? "无法识别的记录", label?.replace(/^\S+/, plateText)].filter(Boolean).join(" · ");

/** What an op's body consists of. @param {Schema} schema @param {string} kind @returns {Record<string, Spec>} */
export function bodySpecs(schema, kind) {
  const op = schema.ops[kind];
  if (!op) return {};
  const fields = op.record ? (schema.records[op.record]?.fields ?? {}) : {};
  if (op.generic === "add") return fields;
  if (op.generic === "set") return { id: { type: "id", label: "" }, set: { type: "object", label: "修改", fields } };
  return op.body;
}

/** Fields inside a field. @param {Schema} schema @param {Spec} spec @returns {Record<string, Spec> | null} */
const inside = (schema, spec) =>
  spec.type === "record" ? (schema.records[spec.record ?? ""]?.fields ?? {}) : spec.type === "object" ? (spec.fields ?? {}) : null;

/**
 * The declaration at a problem's path, such as `attempt.answers.2.reason`; null when nobody declared it.
 * @param {Schema} schema @param {string} kind @param {string} path @returns {Spec | null}
 */
export function specAt(schema, kind, path) {
  /** @type {Spec | null} */
  let spec = { type: "object", label: "", fields: bodySpecs(schema, kind) };
  for (const name of path.split(".")) {
    if (!spec) return null;
    spec = spec.type === "list" && /^\d+$/.test(name) ? (spec.of ?? null) : (inside(schema, spec)?.[name] ?? null);
  }
  return spec;
}

/**
 * One problem of an op in words; a set is counted together with what colleagues filled in.
 * @param {Schema} schema @param {{kind: string, body: any}} op @param {{code: string, field?: string, message?: string}} problem
 */
export function reasonText(schema, { kind, body }, { field = "", ...problem }) {
  const spec = field ? specAt(schema, kind, field) : null;
  const named = { ...problem, field: field.split(".").at(-1) ?? "" };
  const text = problemText(schema.codes, named, spec ? /** @type {any} */ (spec) : undefined);
  const own = field.split(".").reduce((value, name) => value?.[name], body);
  const joined = problem.code === "field.too_many" && spec?.merge === "set" && own?.length <= (spec.max ?? 0);
  return joined ? `${text}同事也登记了，合在一起超过了。` : text;
}

/** Writers by type. @type {Record<string, (value: any) => string>} */
const TEXTS = {
  instant: (value) => instantText(value),
  date: (value) => dateText(value),
  phone: phoneText,
  plate: plateText,
  vin: vinText,
  signature: () => "已签名",
  boolean: (value) => (value ? "是" : "否"),
};

/**
 * One value in words; "" for what says nothing to a person (ids).
 * @param {Schema} schema @param {Spec} spec @param {any} value @param {(id: string) => string} nameOf a colleague's name
 * @returns {string}
 */
export function valueText(schema, spec, value, nameOf) {
  if (value === null || value === undefined || value === "") return "（空）";
  if (spec.type === "id") return "";
  if (spec.type === "ref") return spec.record === "staff" ? nameOf(value) : "";
  if (spec.type === "code") return listText(schema, spec.list ?? "", String(value));
  if (spec.unit === "fen" && typeof value === "number") return moneyText(value);
  if (Array.isArray(value)) return value.map((one) => valueText(schema, spec.of ?? spec, one, nameOf)).join("、");
  if (typeof value === "object" && spec.fields) return Object.entries(spec.fields).map(([name, field]) => valueText(schema, field, value[name], nameOf)).join(" ");
  if (typeof value === "object") return Object.values(value).map((one) => (typeof one === "object" ? "…" : String(one))).join("、");
  const plain = { boolean: typeof value === "boolean", instant: /^\d{4}-.*Z$/.test(String(value)), date: /^\d{4}-\d\d-\d\d$/.test(String(value)) };
  const fits = /** @type {Record<string, boolean>} */ (plain)[spec.type] ?? true;
  return fits && TEXTS[spec.type] ? (TEXTS[spec.type]?.(value) ?? "") : String(value);
}

/**
 * A payload as lines, in the order of the declaration; what nobody declared comes last under its own name.
 * @param {Schema} schema @param {string} kind @param {any} body @param {any} base what the author saw, of an edit
 * @param {(id: string) => string} nameOf @returns {Line[]}
 */
export function bodyLines(schema, kind, body, base, nameOf) {
  return lines(schema, bodySpecs(schema, kind), body ?? {}, base ?? {}, nameOf);
}

/** @param {Schema} schema @param {Record<string, Spec>} specs @param {any} doc @param {any} base @param {(id: string) => string} nameOf @returns {Line[]} */
function lines(schema, specs, doc, base, nameOf) {
  if (typeof doc !== "object" || Array.isArray(doc)) return [{ label: "内容", text: String(doc) }];
  const known = Object.entries(specs).filter(([name]) => doc[name] !== undefined);
  const strange = Object.keys(doc).filter((name) => !Object.hasOwn(specs, name));
  return [
    ...known.flatMap(([name, spec]) => line(schema, spec, doc[name], base, name, nameOf)),
    ...strange.map((name) => ({ label: `「${name}」`, text: strangeText(doc[name]) })),
  ];
}

/** @param {any} value of a field that nobody declared, its beginning */
function strangeText(value) {
  const text = value && typeof value === "object" ? Object.values(value).map(String).join("、") : String(value);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

/** @param {Schema} schema @param {Spec} spec @param {any} value @param {any} base @param {string} name @param {(id: string) => string} nameOf @returns {Line[]} */
function line(schema, spec, value, base, name, nameOf) {
  const label = spec.type === "record" ? (schema.records[spec.record ?? ""]?.label ?? "") : (spec.label ?? "");
  const fields = inside(schema, spec);
  if (fields && value !== null) {
    const rows = lines(schema, fields, value, base, nameOf);
    return name === "set" ? rows : [{ label, rows }];
  }
  if (spec.type === "list" && spec.of && inside(schema, spec.of) && Array.isArray(value)) {
    const of = inside(schema, spec.of) ?? {};
    return value.map((one, at) => ({ label: `${label} ${at + 1}`, rows: lines(schema, of, one, {}, nameOf) }));
  }
  const text = valueText(schema, spec, value, nameOf);
  const before = Object.hasOwn(base, name) ? valueText(schema, spec, base[name], nameOf) : undefined;
  return text ? [{ label, text, before }] : [];
}
