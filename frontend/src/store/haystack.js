// Why it exists: substring search over many short lines: one string, one scan, a binary search back to the line. It keeps
// texts and numbers only; a line itself is asked for when it is a hit.

/** @typedef {import("./directory.js").Line} Line */
/** @typedef {{haystack: Haystack, hidden: (line: number) => boolean}} Searched lines that something overrides are hidden */
/** @typedef {{line: () => Line, i: number, rank: number, match: string}} Hit the smaller the rank, the better */

const RANKS = ["plate", "plate", "plate", "archive_no", "vin", "name", "phone", "pinyin", "model"];
const PLATES = 200;
const MOST_LINES = 2 ** 20;

/** What was typed as words to look for, the longest (most telling) first; the plate's dot is no character. @param {string} text */
export function words(text) {
  const parts = text
    .toLowerCase()
    .replace(/[·・•]/gu, "")
    .split(/\s+/u);
  return [...new Set(parts.filter(Boolean))].sort((a, b) => b.length - a.length);
}

/** @param {Line} line @returns {string[]} archive no, vin, names, phones, pinyin, model */
function fields(line) {
  const people = line[5] ?? [];
  const of = (/** @type {number} */ i) => people.map((person) => person[i] ?? "").join(" ");
  return [line[4] ?? "", line[2] ?? "", of(1), of(2), of(4), line[3] ?? ""].map((s) =>
    s.toLowerCase(),
  );
}

/** The fields in one text; made for every line of a branch at once, so without detours. @param {Line} line */
function textOf(line) {
  let text = `${line[1] ?? ""} ${line[4] ?? ""} ${line[2] ?? ""} ${line[3] ?? ""}`;
  for (const [, name, phones, , pinyin] of line[5] ?? []) text += ` ${name} ${phones} ${pinyin ?? ""}`;
  return text.toLowerCase();
}

/** 0 the plate itself, 1 begins it, 2 is in it, -1 not in it. @param {string} plate @param {string[]} asked */
function plateRank(plate, asked) {
  const found = asked.filter((word) => plate.includes(word));
  if (!found.length) return -1;
  return found.includes(plate) ? 0 : found.some((word) => plate.startsWith(word)) ? 1 : 2;
}

/** After plates: 3 archive no, then vin, name, phone, pinyin, model. @param {Line} line @param {string} word */
function otherRank(line, word) {
  const at = fields(line).findIndex((field) => field.includes(word));
  return 3 + Math.max(0, at);
}

/** The first 32 bits that are random in ids of either kind. @param {string} id */
const mark = (id) => Number.parseInt(id.slice(-8), 16) || 0;

/** @param {ArrayLike<number>} sorted @param {number} value @returns {number} how many are smaller, or equal */
function countTo(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Haystack {
  /** @param {Line[]} lines are read once, not kept @param {(i: number) => Line} lineOf one of them again */
  constructor(lines, lineOf) {
    this.lineOf = lineOf;
    const [plates, texts] = /** @type {string[][]} */ ([[], []]);
    const owners = /** @type {number[]} */ ([]);
    const starts = { plates: new Uint32Array(lines.length + 1), texts: new Uint32Array(lines.length + 1) };
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i];
      plates.push((line[1] ?? "").toLowerCase());
      texts.push(textOf(line));
      starts.plates[i + 1] = starts.plates[i] + plates[i].length + 1;
      starts.texts[i + 1] = starts.texts[i] + texts[i].length + 1;
      for (const [person] of line[5] ?? []) owners.push(mark(person) * MOST_LINES + i);
    }
    this.plates = { text: plates.join("\n"), starts: starts.plates };
    this.whole = { text: texts.join("\n"), starts: starts.texts };
    this.owners = Float64Array.from(owners).sort();
  }

  /** Lines that name a customer. @param {string} customerId @returns {number[]} */
  linesOf(customerId) {
    const first = mark(customerId) * MOST_LINES;
    const found = /** @type {number[]} */ ([]);
    for (let at = countTo(this.owners, first - 1); this.owners[at] < first + MOST_LINES; at += 1) {
      const i = this.owners[at] - first;
      if (found.at(-1) !== i && this.lineOf(i)[5]?.some(([person]) => person === customerId)) found.push(i);
    }
    return found;
  }

  /** Lines that hold every word, one of them in the plate. @param {string[]} asked @param {number} most
   * @param {(line: number) => boolean} hidden lines not to be shown @returns {Hit[]} */
  byPlate(asked, most, hidden) {
    const found = new Set();
    for (const word of asked) this.#scan(this.plates, word, asked, most, hidden, found);
    const { text, starts } = this.plates;
    return [...found].map((i) => this.#hit(i, plateRank(text.slice(starts[i], starts[i + 1] - 1), asked)));
  }

  /** Lines that hold every word. @param {string[]} asked @param {number} most
   * @param {(line: number) => boolean} hidden lines not to be shown @returns {Hit[]} */
  byAny(asked, most, hidden) {
    const found = new Set();
    this.#scan(this.whole, asked[0], asked, most, hidden, found);
    return [...found].map((i) => this.#hit(i, otherRank(this.lineOf(i), asked[0])));
  }

  /** @param {number} i @param {number} rank @returns {Hit} */
  #hit(i, rank) {
    return { line: () => this.lineOf(i), i, rank, match: RANKS[rank] };
  }

  /** @param {{text: string, starts: Uint32Array}} hay @param {string} word @param {string[]} asked @param {number} most
   * @param {(line: number) => boolean} hidden @param {Set<number>} found */
  #scan({ text, starts }, word, asked, most, hidden, found) {
    const whole = this.whole;
    for (let at = text.indexOf(word); at !== -1 && found.size < most; ) {
      const i = countTo(starts, at) - 1;
      const line = asked.length > 1 ? whole.text.slice(whole.starts[i], whole.starts[i + 1]) : "";
      if (!hidden(i) && asked.every((other) => other === word || line.includes(other))) found.add(i);
      at = text.indexOf(word, starts[i + 1]);
    }
  }
}

/**
 * The best lines of several haystacks: by plate first, at most `PLATES` of them looked at, then by anything else.
 * @param {Searched[]} searched @param {string[]} asked @param {number} limit @returns {{line: Line, match: string}[]}
 */
export function find(searched, asked, limit) {
  /** @type {Hit[]} */
  const hits = [];
  const collect = (/** @type {"byPlate" | "byAny"} */ by, /** @type {number} */ most) => {
    for (const { haystack, hidden } of searched)
      if (hits.length < most) hits.push(...haystack[by](asked, most - hits.length, hidden));
  };
  collect("byPlate", Math.max(limit, PLATES));
  if (hits.length < limit) collect("byAny", hits.length + limit);
  const found = new Map();
  for (const hit of hits.sort((a, b) => a.rank - b.rank)) {
    if (found.size === limit) break;
    const line = hit.line();
    if (!found.has(line[0])) found.set(line[0], { line, match: hit.match });
  }
  return [...found.values()];
}
