/** What a file really is, found in its first bytes: its name and its sender's word count for nothing (TRUST.md, Files in). */

export const HEAD_BYTES = 64;

/** @type {[string, string[]][]} */
const MARKS = [
  ["jpeg", ["\xff\xd8\xff"]],
  ["png", ["\x89PNG\r\n\x1a\n"]],
  ["pdf", ["%PDF-"]],
  ["mp3", ["ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2"]],
  ["ogg", ["OggS"]],
  ["webm", ["\x1aE\xdf\xa3"]],
];
/** @type {Map<string, string>} */
const RIFF = new Map([
  ["WEBP", "webp"],
  ["WAVE", "wav"],
]);
const BRANDS = ["M4A ", "M4B ", "mp41", "mp42", "isom", "iso2", "iso5", "iso6"];

/**
 * The code in lists/media_type.json that the first 64 bytes speak of; null for any other content.
 * @param {Uint8Array} head
 * @returns {string|null}
 */
export function sniff(head) {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (text.startsWith("RIFF")) return RIFF.get(text.slice(8, 12)) ?? null;
  if (text.slice(4, 8) === "ftyp") return BRANDS.includes(text.slice(8, 12)) ? "m4a" : null;
  return MARKS.find(([, marks]) => marks.some((mark) => text.startsWith(mark)))?.[0] ?? null;
}
