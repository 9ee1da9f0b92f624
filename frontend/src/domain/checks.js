/** One check per field type, never coercing: a value is right as it is, or answered with a problem code. */

import { isBlank, isClean, isId, isPhone, isPlate, isSignature, isVin, length } from "./text.js";
import { isDate, isInstant, isTime } from "./timing.js";

/** @import { Schema, Spec } from "./types.js" */
/** @typedef {(value: unknown) => string|null} Check the problem code of a value, or null */

/** @type {{[type: string]: {fits: (text: string) => boolean, longest?: number}}} */
export const SHAPES = {
  id: { fits: isId },
  ref: { fits: isId },
  date: { fits: isDate },
  instant: { fits: isInstant },
  time: { fits: isTime },
  phone: { fits: isPhone },
  plate: { fits: isPlate },
  vin: { fits: isVin },
  signature: { fits: isSignature, longest: 20_000 },
};

/**
 * A string of clean text up to `max` code points, matching `pattern` as a whole.
 * @param {Spec} spec
 * @returns {Check}
 */
function textCheck(spec) {
  const { required, max } = spec;
  const pattern = spec.pattern === undefined ? null : new RegExp(`^(?:${spec.pattern})$`, "u");
  return (value) => {
    if (typeof value !== "string") return "field.type";
    if (required && isBlank(value)) return "field.required";
    if (!isClean(value)) return "field.format";
    if (max !== undefined && length(value) > max) return "field.too_long";
    return pattern && !pattern.test(value) ? "field.format" : null;
  };
}

/**
 * A string of a fixed shape: id, date, instant, time, phone, plate, vin, signature.
 * @param {{fits: (text: string) => boolean, longest?: number}} shape
 * @returns {Check}
 */
function shapeCheck({ fits, longest }) {
  return (value) => {
    if (typeof value !== "string") return "field.type";
    if (longest !== undefined && length(value) > longest) return "field.too_long";
    return fits(value) ? null : "field.format";
  };
}

/**
 * One of the codes of a list.
 * @param {Set<unknown>} codes
 * @returns {Check}
 */
function codeCheck(codes) {
  return (value) => {
    if (typeof value !== "string") return "field.type";
    return codes.has(value) ? null : "field.not_in_list";
  };
}

/**
 * A JSON integer (not 5.5, "5" or true) between `min` and `max`.
 * @param {Spec} spec
 * @returns {Check}
 */
function integerCheck({ min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }) {
  return (value) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return "field.type";
    return value >= min && value <= max ? null : "field.range";
  };
}

/** @type {Check} true or false, nothing that merely looks like it */
const booleanCheck = (value) => (typeof value === "boolean" ? null : "field.type");

/**
 * The check of a field that holds one plain value; null for lists, objects and records.
 * @param {Schema} schema
 * @param {Spec} spec
 * @returns {Check|null}
 * @throws {TypeError} a type nobody knows
 */
export function plainCheck(schema, spec) {
  if (Object.hasOwn(SHAPES, spec.type)) return shapeCheck(SHAPES[spec.type]);
  switch (spec.type) {
    case "text":
      return textCheck(spec);
    case "integer":
      return integerCheck(spec);
    case "boolean":
      return booleanCheck;
    case "code":
      return codeCheck(new Set(schema.lists[String(spec.list)].items.map((item) => item.code)));
    case "list":
    case "object":
    case "record":
      return null;
    default:
      throw new TypeError(`unknown field type: ${spec.type}`);
  }
}
