// Why it exists: a signature is kept as a short vector string `"<w> <h> M x y L x y …"`, made and read only here.

const SHAPE = /^([0-9]{1,5}) ([0-9]{1,5}) (M[0-9ML .-]*)$/;

/** Longest string the schema takes. */
export const MAX_LENGTH = 20_000;

/** @param {unknown} value `"<w> <h> M x y L x y …"` @returns {{w: number, h: number, d: string} | null} */
export function signaturePath(value) {
  const found = typeof value === "string" && value.length <= MAX_LENGTH ? SHAPE.exec(value) : null;
  return found ? { w: Number(found[1]), h: Number(found[2]), d: found[3] ?? "" } : null;
}

/** @typedef {{x: number, y: number}} Point */

/**
 * The vector string of strokes, thinned out until it fits.
 * @param {Point[][]} strokes CSS pixels @param {number} w @param {number} h
 * @returns {string | null} null when there is nothing, or when it cannot be made short enough
 */
export function signatureString(strokes, w, h) {
  const head = `${Math.round(w)} ${Math.round(h)} `;
  for (const gap of [1, 2, 3, 5, 8]) {
    const text = head + strokes.map((stroke) => strokeText(stroke, gap)).filter(Boolean).join(" ");
    if (text.length <= MAX_LENGTH) return signaturePath(text) ? text : null;
  }
  return null;
}

/** @param {Point[]} stroke @param {number} gap least distance between kept points, px; a dot becomes a short line */
function strokeText(stroke, gap) {
  /** @type {Point[]} */
  const kept = [];
  for (const [i, point] of stroke.entries()) {
    const last = kept.at(-1);
    const far = !last || Math.hypot(point.x - last.x, point.y - last.y) >= gap;
    if (far || i === stroke.length - 1) kept.push(point);
  }
  const first = kept[0];
  if (!first) return "";
  const rest = kept.length > 1 ? kept.slice(1) : [{ x: first.x + 1, y: first.y }];
  return [`M ${at(first)}`, ...rest.map((point) => `L ${at(point)}`)].join(" ");
}

/** @param {Point} point one decimal is finer than any finger */
const at = ({ x, y }) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
