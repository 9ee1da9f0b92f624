/** Text as people type it, brought to one form: the same in Python and JavaScript, character by character. */

// One list for both languages: str.strip() and String.trim() disagree on U+001C..1F, U+0085 and U+FEFF.
const SPACE = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const EDGES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const BLANK = new RegExp(`^[${SPACE}]*$`);
const PLATE_NOISE = new RegExp(`[${SPACE}·•・.\\-]`, "g");
const PHONE_NOISE = new RegExp(`[${SPACE}()\\-.]`, "g");
const CHINA = /^(?:\+|00)86(1[0-9]{10})$/;
const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使";
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PHONE = /^\+?[0-9]{5,20}$/;
const PLATE = new RegExp(`^[${PROVINCES}][A-Z0-9][A-Z0-9]{4,5}[A-Z0-9挂学警港澳领]?$`);
const VIN = /^[A-HJ-NPR-Z0-9]{17}$/;
const SIGNATURE = /^[0-9]+ [0-9]+ M[0-9ML .-]*$/;
// Not storable everywhere (PostgreSQL refuses NUL) or not text at all: controls and lone surrogates.
const CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f";
const BROKEN = new RegExp(`[${CONTROLS}\\ud800-\\udfff]`, "u");

/**
 * Without white space at either end, by one list of characters for both languages.
 * @param {string} text
 */
export function trim(text) {
  return text.replace(EDGES, "");
}

/**
 * Nothing but white space.
 * @param {string} text
 */
export function isBlank(text) {
  return BLANK.test(text);
}

/**
 * Without any white space, for comparing wordings.
 * @param {string} text
 */
export function withoutSpaces(text) {
  return text.replace(SPACES, "");
}

/**
 * Length in code points, the unit of every `max` (an emoji of four code points counts four).
 * @param {string} text
 */
export function length(text) {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    const high = text.charCodeAt(at);
    const low = text.charCodeAt(at + 1);
    if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000) pairs += 1;
  }
  return text.length - pairs;
}

/**
 * No control characters except tab and line breaks, no half of a surrogate pair.
 * @param {string} text
 */
export function isClean(text) {
  return !BROKEN.test(text);
}

/**
 * Full-width letters, digits and signs as ASCII: 「粤Ａ１２」 → 「粤A12」.
 * @param {string} text
 */
export function halfWidth(text) {
  return text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

/**
 * a–z in upper case and nothing else, so that no language's case rules matter.
 * @param {string} text
 */
export function upperAscii(text) {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * A plate as stored: upper case, no dots, hyphens or spaces: 「粤a·12345」 → 「粤A12345」.
 * @param {string} text
 */
export function normalPlate(text) {
  return upperAscii(halfWidth(text).replace(PLATE_NOISE, ""));
}

/**
 * A VIN as stored: 17 characters without spaces or hyphens, upper case.
 * @param {string} text
 */
export function normalVin(text) {
  return upperAscii(halfWidth(text).replace(PLATE_NOISE, ""));
}

/**
 * Digits with an optional leading +; a Chinese mobile number loses its country code (D-F9).
 * @param {string} text
 */
export function normalPhone(text) {
  return halfWidth(text).replace(PHONE_NOISE, "").replace(CHINA, "$1");
}

/** 5 to 20 ASCII digits, an optional + in front. @param {string} text */
export const isPhone = (text) => PHONE.test(text);

/** A Chinese plate in its stored form, new-energy ones (8 characters) included. @param {string} text */
export const isPlate = (text) => PLATE.test(text);

/** 17 of A–Z without I, O, Q, and 0–9. @param {string} text */
export const isVin = (text) => VIN.test(text);

/** A lower-case UUID. @param {string} text */
export const isId = (text) => ID.test(text);

/** A signature as drawn: `<w> <h> M x y L x y …`. @param {string} text */
export const isSignature = (text) => SIGNATURE.test(text);
