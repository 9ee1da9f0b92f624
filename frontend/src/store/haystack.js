// Why it exists: substring search over many short lines: one string, one scan, a binary search back to the line.

/** @typedef {import("./directory.js").Line} Line */

const RANKS = ["plate", "plate", "plate", "archive_no", "vin", "name", "phone", "pinyin", "model"];

const PLATES = 200;

/** What was typed as words to look for, the longest (most telling) first; the plate's dot is no character. @param {string} text */
export function words(text) {
  const parts = text
    .toLowerCase()
    .replace(/[·・•]/gu, "")
    .split(/\s+/u);
  return [...new Set(parts.filter(Boolean))].sort((a, b) => b.length - a.length);
}

/** @param {Line} line @returns {string[]} plate, archive no, vin, names, phones, pinyin, model */
function fields(line) {
  const people = line[5] ?? [];
  const of = (/** @type {number} */ i) => people.map((person) => person[i] ?? "").join(" ");
  return [line[1] ?? "", line[4] ?? "", line[2] ?? "", of(1), of(2), of(4), line[3] ?? ""].map((s) =>
    s.toLowerCase(),
  );
}

/** The fields in one text; made for every line of a branch at once, so without detours. @param {Line} line */
function textOf(line) {
  let text = `${line[1] ?? ""} ${line[4] ?? ""} ${line[2] ?? ""} ${line[3] ?? ""}`;
  for (const [, name, phones, , pinyin] of line[5] ?? []) text += ` ${name} ${phones} ${pinyin ?? ""}`;
  return text.toLowerCase();
}

/** 0 the plate itself, 1 begins it, 2 is in it, then archive no, vin, name, phone, pinyin, model. @param {Line} line @param {string[]} asked */
function rank(line, asked) {
  const plate = (line[1] ?? "").toLowerCase();
  const found = asked.filter((word) => plate.includes(word));
  if (found.length) return found.includes(plate) ? 0 : found.some((word) => plate.startsWith(word)) ? 1 : 2;
  const others = fields(line).slice(1);
  return (
    3 +
    Math.max(
      0,
      others.findIndex((field) => field.includes(asked[0])),
    )
  );
}

/** Lines joined by newlines, with the offset of each. @param {string[]} texts */
function join(texts) {
  const starts = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) starts[i + 1] = starts[i] + text.length + 1;
  return { text: texts.join("\n"), starts };
}

/** @param {Int32Array} starts @param {number} offset @returns {number} the line at an offset */
function lineAt(starts, offset) {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export class Haystack {
  /** @param {Line[]} lines */
  constructor(lines) {
    this.lines = lines;
    this.plates = join(lines.map((line) => (line[1] ?? "").toLowerCase()));
    this.whole = join(lines.map(textOf));
  }

  /** Lines that hold every word, plates first; the best of at most `PLATES` by plate and `limit` found otherwise.
   * @param {string[]} asked @param {number} limit @param {Set<number>} hidden lines not to be shown
   * @returns {{line: Line, rank: number, match: string}[]} */
  search(asked, limit, hidden) {
    const found = new Set();
    for (const word of asked) this.#scan(this.plates, word, asked, Math.max(limit, PLATES), hidden, found);
    if (found.size < limit) this.#scan(this.whole, asked[0], asked, limit, hidden, found);
    const hits = [...found].map((i) => ({ line: this.lines[i], rank: rank(this.lines[i], asked) }));
    return hits
      .sort((a, b) => a.rank - b.rank)
      .slice(0, limit)
      .map((hit) => ({ ...hit, match: RANKS[hit.rank] }));
  }

  /** @param {{text: string, starts: Int32Array}} hay @param {string} word @param {string[]} asked @param {number} limit
   * @param {Set<number>} hidden @param {Set<number>} found */
  #scan({ text, starts }, word, asked, limit, hidden, found) {
    const whole = this.whole;
    const enough = found.size + limit;
    for (let at = text.indexOf(word); at !== -1 && found.size < enough; ) {
      const i = lineAt(starts, at);
      const line = asked.length > 1 ? whole.text.slice(whole.starts[i], whole.starts[i + 1]) : "";
      if (!hidden.has(i) && asked.every((other) => other === word || line.includes(other))) found.add(i);
      at = text.indexOf(word, starts[i + 1]);
    }
  }
}
