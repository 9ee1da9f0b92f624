// Why it exists: only what was wrong is asked again: the problems of an op become a small form, and what is typed there
// becomes a mended body. The original is never touched.
import { specAt } from "./op-words.js";

/** @typedef {import("../domain/types.js").Schema} Schema */
/** @typedef {{code: string, field?: string}} Problem */
/** @typedef {{fields: Record<string, any>, names: string[], value: Record<string, any>, problems: import("../parts/types.js").Problem[],
 *   paths: Record<string, string>, drops: string[]}} Mend a form: `paths` says where each of its fields lies in the body */

/** Nobody types these; another record would be needed. */
const UNTYPED = ["id", "ref", "record", "object"];

/**
 * The form for an op's problems; without names there is nothing that typing could mend.
 * @param {Schema} schema @param {{kind: string, body: any, problems: Problem[]}} op @returns {Mend}
 */
export function mendOf(schema, { kind, body, problems }) {
  const mend = /** @type {Mend} */ ({ fields: {}, names: [], value: {}, problems: [], paths: {}, drops: [] });
  for (const problem of problems.filter((one) => one.field)) {
    const path = rootOf(schema, kind, problem.field ?? "");
    const spec = specAt(schema, kind, path);
    if (!spec) {
      if (problem.code === "field.unknown") mend.drops.push(path);
      continue;
    }
    if (UNTYPED.includes(spec.type) || (spec.type === "list" && UNTYPED.includes(spec.of?.type ?? ""))) continue;
    const name = nameFor(mend, path);
    const above = specAt(schema, kind, path.split(".").slice(0, -1).join("."))?.label;
    mend.fields[name] = { ...spec, label: spec.label || above || "" };
    mend.value[name] = valueAt(body, path);
    const rest = (problem.field ?? "").slice(path.length);
    mend.problems.push({ ...problem, field: name + rest });
  }
  return mend;
}

/** A list of plain values is one control. @param {Schema} schema @param {string} kind @param {string} field @returns {string} */
function rootOf(schema, kind, field) {
  const above = field.replace(/\.\d+$/, "");
  return above !== field && specAt(schema, kind, above)?.type === "list" ? above : field;
}

/** @param {Mend} mend @param {string} path @returns {string} a field's name in the form: paths have dots, names have none */
function nameFor(mend, path) {
  const known = mend.names.find((name) => mend.paths[name] === path);
  if (known) return known;
  const name = `field_${mend.names.length}`;
  mend.names.push(name);
  mend.paths[name] = path;
  return name;
}

/** @param {any} body @param {string} path @returns {any} */
function valueAt(body, path) {
  return path.split(".").reduce((value, name) => value?.[name], body) ?? null;
}

/**
 * The body with what was typed; a field nobody knows is left out, an emptied one becomes empty (null).
 * @param {any} body @param {Mend} mend @param {Record<string, any>} typed by the form's names @returns {any}
 */
export function mended(body, mend, typed) {
  const copy = structuredClone(body);
  for (const name of mend.names) put(copy, mend.paths[name] ?? "", typed[name] ?? null);
  for (const path of mend.drops) put(copy, path, undefined);
  return copy;
}

/** @param {any} body changed in place @param {string} path @param {any} value undefined: taken out */
function put(body, path, value) {
  const names = path.split(".");
  const last = names.pop() ?? "";
  const inside = names.reduce((at, name) => at?.[name], body);
  if (!inside || typeof inside !== "object") return;
  if (value === undefined) delete inside[last];
  else inside[last] = value;
}
