// Why it exists: the QR code of a sheet, pinned so that it has the very modules of `exports/qr.py` (D-X16): byte mode,
// level M, version 5 and mask 2; two libraries that choose for themselves would differ.

import { correction, generate, mode } from "../../vendor/qr.js";

const VERSION = 5;
const MASK = 2;
const LIMIT = 84;

/**
 * The 37 × 37 modules of an ASCII text.
 * @param {string} text @returns {boolean[][]} rows of dark modules
 * @throws {RangeError} not ASCII, or longer than 84 characters
 */
export function qrMatrix(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LIMIT || bytes.some((byte) => byte > 127)) throw new RangeError("qr.text");
  const code = generate(padded(bytes), {
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.M,
    minVersion: VERSION,
    maxVersion: VERSION,
    mask: MASK,
  });
  const places = Array.from({ length: code.size }, (_, index) => index);
  return places.map((y) => places.map((x) => code.get(x, y)));
}

/**
 * The bytes as segno writes them: it puts one zero codeword before the pad codewords (readers stop before either).
 * @param {Uint8Array} bytes @returns {import("../../vendor/qr.js").Mode}
 */
const padded = (bytes) => (data, version) => {
  mode.bytes(bytes)(data, version);
  if (bytes.length < LIMIT) data.push(0, 8);
};

/** The SVG path of the code in module units; a text that cannot be encoded gives an empty path. @param {unknown} text */
export function qrPath(text) {
  try {
    return qrMatrix(String(text)).map(rowPath).join("");
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** @param {boolean[]} row @param {number} y */
function rowPath(row, y) {
  let [path, start] = ["", -1];
  [...row, false].forEach((dark, x) => {
    if (dark && start < 0) start = x;
    if (dark || start < 0) return;
    path += `M${start} ${y}h${x - start}v1h-${x - start}z`;
    start = -1;
  });
  return path;
}
