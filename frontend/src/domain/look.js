/** Turns declarations of fields into functions that look at documents: built once, used at every keystroke. */

import { byCodePoint } from "./canonical.js";
import { plainCheck } from "./checks.js";

/** @import { Doc, Problem, Schema, Spec, Specs } from "./types.js" */
/** @typedef {(value: any, path: string, found: Problem[]) => void} Look adds the problems of one value */
/** @typedef {WeakMap<Specs, Map<string, Look>>} Built */

/** Built once per declaration, for whole documents and for those somebody hands in. */
const WHOLE = /** @type {Built} */ (new WeakMap());
const WRITABLE = /** @type {Built} */ (new WeakMap());

/**
 * A JSON object?
 * @param {unknown} value
 * @returns {value is Doc}
 */
export function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field nobody declared. @param {string} field @returns {Problem} */
export const refused = (field) => ({ field, code: "field.unknown" });

/**
 * The looks of declared fields by name.
 * @param {Schema} schema
 * @param {Specs} specs
 * @param {boolean} writable leave derived fields out, so that they count as unknown
 * @returns {Map<string, Look>}
 */
export function looksOf(schema, specs, writable) {
  const kept = writable ? WRITABLE : WHOLE;
  const known = kept.get(specs);
  if (known) return known;
  const own = Object.entries(specs).filter(([, spec]) => !(writable && spec.derived));
  const made = new Map(own.map(([name, spec]) => [name, lookAt(schema, spec, writable)]));
  kept.set(specs, made);
  return made;
}

/**
 * Adds the problems of a document: declared fields in their order, then unknown ones.
 * @param {Map<string, Look>} looks
 * @param {unknown} doc
 * @param {string} path
 * @param {Problem[]} found
 */
export function lookInside(looks, doc, path, found) {
  if (!isPlain(doc)) {
    found.push({ field: path, code: "field.type" });
    return;
  }
  const prefix = path ? `${path}.` : "";
  for (const [name, look] of looks) look(doc[name], prefix + name, found);
  const unknown = Object.keys(doc).filter((name) => !looks.has(name));
  for (const name of unknown.sort(byCodePoint)) found.push(refused(prefix + name));
}

/**
 * @param {Schema} schema
 * @param {Spec} spec
 * @param {boolean} writable
 * @returns {Look}
 */
function lookAt(schema, spec, writable) {
  const inner = lookDeeper(schema, spec, writable);
  return (value, path, found) => {
    if (value !== null && value !== undefined) inner(value, path, found);
    else if (spec.required) found.push({ field: path, code: "field.required" });
  };
}

/**
 * @param {Schema} schema
 * @param {Spec} spec
 * @param {boolean} writable
 * @returns {Look}
 */
function lookDeeper(schema, spec, writable) {
  const plain = plainCheck(schema, spec);
  if (plain) {
    return (value, path, found) => {
      const code = plain(value);
      if (code) found.push({ field: path, code });
    };
  }
  if (spec.type === "list") {
    const item = /** @type {Spec} */ ({ ...spec.of, required: true });
    return lookAtItems(spec, lookAt(schema, item, writable));
  }
  const fields = spec.type === "object" ? spec.fields : schema.records[String(spec.record)].fields;
  const looks = looksOf(schema, fields ?? {}, writable);
  return (value, path, found) => lookInside(looks, value, path, found);
}

/**
 * A list of up to `max` items; when there are more, the items themselves are not looked at.
 * @param {Spec} spec
 * @param {Look} item
 * @returns {Look}
 */
function lookAtItems({ required, max }, item) {
  return (value, path, found) => {
    if (!Array.isArray(value)) found.push({ field: path, code: "field.type" });
    else if (required && !value.length) found.push({ field: path, code: "field.required" });
    else if (max !== undefined && value.length > max) found.push({ field: path, code: "field.too_many" });
    else for (const [at, each] of value.entries()) item(each, `${path}.${at}`, found);
  };
}
