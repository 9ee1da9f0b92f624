// Why it exists: what a control shows and what a doc holds are two things (yuan and fen, local time and instants);
// nothing is coerced silently: text that cannot be read goes on as it is, so that the schema names the problem.
import { fenToYuan, inputInstant, instantInput, phoneText, plateText, vinText, yuanToFen } from "../lib/format.js";

/** @typedef {import("./types.js").Field} Field */

/** @param {string} text */
const compact = (text) => text.replace(/[\s\u00b7·.\-()（）]/g, "");

/** Readers of what was typed, by kind; null when empty. @type {Record<string, (text: string) => unknown>} */
const READ = {
  integer: (text) => (/^-?\d{1,15}$/.test(text.replace(/[,，\s]/g, "")) ? Number(text.replace(/[,，\s]/g, "")) : text),
  fen: (text) => yuanToFen(text) ?? text,
  instant: (text) => inputInstant(text) ?? text,
  phone: (text) => compact(text),
  plate: (text) => compact(text).toUpperCase(),
  vin: (text) => compact(text).toUpperCase(),
};

/** Writers of what a doc holds, by kind. @type {Record<string, (value: any) => string>} */
const WRITE = {
  fen: (value) => fenToYuan(value),
  instant: (value) => instantInput(value),
  phone: phoneText,
  plate: plateText,
  vin: vinText,
};

/** @param {Field} field @returns {string} the kind that decides reading and writing */
export const kindOf = (field) => (field.unit === "fen" ? "fen" : field.type);

/** @param {Field} field @param {string} text @returns {unknown} value for the doc */
export function readValue(field, text) {
  const whole = text.trim();
  if (!whole) return null;
  return READ[kindOf(field)]?.(whole) ?? (field.type === "text" ? text : whole);
}

/** @param {Field} field @param {unknown} value @returns {string} text for the control */
export function writeValue(field, value) {
  if (value === null || value === undefined) return "";
  const kind = kindOf(field);
  const readable = kind !== "fen" || typeof value === "number";
  const text = readable && WRITE[kind] ? WRITE[kind](value) : String(value);
  return kind === "instant" && text.startsWith("T") ? "" : text;
}

/** Attributes of a one-line input. @param {Field} field */
export function inputLook(field) {
  const kind = kindOf(field);
  const types = /** @type {Record<string, string>} */ ({ date: "date", time: "time", instant: "datetime-local", phone: "tel" });
  const modes = /** @type {Record<string, string>} */ ({ integer: "numeric", fen: "decimal", phone: "tel" });
  const widths = /** @type {Record<string, string>} */ ({
    integer: "s", fen: "s", date: "m", time: "s", instant: "m", phone: "m", plate: "m", vin: "m",
  });
  const width = widths[kind] ?? ((field.max ?? 99) <= 12 ? "s" : (field.max ?? 99) <= 40 ? "m" : "l");
  return { type: types[kind] ?? "text", mode: modes[kind] ?? "", width };
}

/** @param {string} text @returns {number} length in code points, as the schema counts it */
export const lengthOf = (text) => [...text].length;
