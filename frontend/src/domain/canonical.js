/** One text for one value: what is hashed, compared or kept is the same in both languages. */

/** @import { Op } from "./types.js" */

/** The value holds what JSON of this product never has: a fraction, an unsafe integer, a function. */
export class NotCanonical extends Error {}

/**
 * JSON with keys in code point order, no spaces, non-ASCII kept, integers only; undefined counts as absent.
 * @param {unknown} value
 * @returns {string}
 * @throws {NotCanonical}
 */
export function canonical(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new NotCanonical(String(value));
  const fields = /** @type {{[name: string]: unknown}} */ (value);
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  names.sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`).join(",")}}`;
}

/**
 * Order of code points: JavaScript's own compares UTF-16 units and puts 😀 before U+FF5E.
 * @param {string} left
 * @param {string} right
 */
export function byCodePoint(left, right) {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return lifted(a) - lifted(b);
  }
  return left.length - right.length;
}

/** @param {number} unit */
function lifted(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * SHA-256 (hex) of what the author said: id, kind, v, part, body, base, at, dep, blobs.
 * @param {Op} op
 */
export async function opHash(op) {
  const { id, kind, v, part, body, at } = op;
  const said = { id, kind, v, part, body, at, base: op.base ?? {}, dep: op.dep ?? [], blobs: op.blobs ?? [] };
  const whole = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value ?? null]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(whole)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Equal as JSON values: `true` is not 1, and absent equals null.
 * @param {any} left
 * @param {any} right
 * @returns {boolean}
 */
export function same(left, right) {
  const [a, b] = [left ?? null, right ?? null];
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, at) => same(item, b[at]));
  }
  return [...Object.keys(a), ...Object.keys(b)].every((name) => same(a[name], b[name]));
}
