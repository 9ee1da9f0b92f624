// Why it exists: one chunk of the directory as it was downloaded, tens of thousands of lines in a few bytes each: a line is
// parsed when it is shown, never before. Lines are JSON arrays sorted by vehicle id, one under the other.

import { Haystack } from "./haystack.js";

/** @typedef {import("./directory.js").Line} Line */

const [NEWLINE, QUOTE, ID_AT] = [10, 34, 2];
const decoder = new TextDecoder();

/** Where each line begins, and the end. @param {Uint8Array} bytes */
function startsOf(bytes) {
  const starts = [];
  for (let at = bytes.length ? 0 : -1; at !== -1; ) {
    starts.push(at);
    const next = bytes.indexOf(NEWLINE, at);
    at = next === -1 ? -1 : next + 1;
  }
  return Uint32Array.from([...starts, bytes.length + 1]);
}

export class Lines {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.starts = startsOf(bytes);
    /** @type {Haystack | null} */
    this.made = null;
    this.first = this.count ? this.idAt(0) : "";
    this.last = this.count ? this.idAt(this.count - 1) : "";
  }

  get count() {
    return this.starts.length - 1;
  }

  /** @param {number} i @returns {Line} */
  at(i) {
    return JSON.parse(decoder.decode(this.bytes.subarray(this.starts[i], this.starts[i + 1] - 1)));
  }

  /** @param {number} i @returns {string} the vehicle's id */
  idAt(i) {
    const from = this.starts[i] + ID_AT;
    return decoder.decode(this.bytes.subarray(from, this.bytes.indexOf(QUOTE, from)));
  }

  /** The number of a vehicle's line, -1 when it has none here. @param {string} id */
  find(id) {
    if (id < this.first || id > this.last) return -1;
    let [low, high] = [0, this.count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = this.#compare(middle, id);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** @param {number} i @param {string} id */
  #compare(i, id) {
    const from = this.starts[i] + ID_AT;
    for (let k = 0; k < id.length; k += 1) {
      const difference = this.bytes[from + k] - id.charCodeAt(k);
      if (difference) return difference;
    }
    return this.bytes[from + id.length] - QUOTE;
  }

  /** All lines, parsed at once. @returns {Line[]} */
  #all() {
    return JSON.parse(`[${decoder.decode(this.bytes).replaceAll("\n", ",")}]`);
  }

  /** What is searched; made once, at the first need. */
  get haystack() {
    this.made ??= new Haystack(this.#all(), (i) => this.at(i));
    return this.made;
  }

  /** Vehicles of a customer among these lines. @param {string} customerId @returns {string[]} */
  vehiclesOf(customerId) {
    return this.haystack.linesOf(customerId).map((i) => this.idAt(i));
  }
}

/** Makes ready what is searched, a chunk at a time, so that the first key typed does not wait for all of it and whatever
 * else is asked comes in between. @param {Lines[]} chunks */
export async function warm(chunks) {
  for (const chunk of chunks) {
    await new Promise((resolve) => setTimeout(resolve));
    void chunk.haystack;
  }
}
