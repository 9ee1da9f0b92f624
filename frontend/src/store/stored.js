// Why it exists: the snapshot's directory as a whole: chunks of lines, of which a later one overrides an earlier one.

/** @typedef {import("./directory.js").Line} Line @typedef {import("./lines.js").Lines} Lines */

export class Stored {
  /** @param {Lines[]} chunks in the snapshot's order */
  constructor(chunks) {
    this.chunks = chunks;
  }

  /** A vehicle's line; undefined when there is none, or its file is gone. @param {string} id @returns {Line | undefined} */
  line(id) {
    for (let k = this.chunks.length - 1; k >= 0; k -= 1) {
      const i = this.chunks[k].find(id);
      if (i === -1) continue;
      const line = this.chunks[k].at(i);
      return line.length > 1 ? line : undefined;
    }
    return undefined;
  }

  /** Where a vehicle's file lies among the segments. @param {string} id */
  place(id) {
    const line = this.line(id);
    return line && { no: line[6] ?? 0, offset: line[7] ?? 0, length: line[8] ?? 0 };
  }

  /** The places of all files with something new since a day, by segment. @param {string} day `YYYY-MM-DD`, "" for all
   * @returns {Map<number, {offset: number, length: number}[]>} */
  places(day) {
    const found = new Map();
    for (const [k, chunk] of this.chunks.entries()) {
      for (let i = 0; i < chunk.count; i += 1) {
        const line = chunk.at(i);
        if (line.length === 1 || (line[11] ?? "") < day || this.overridden(k, line[0])) continue;
        const files = found.get(line[6]) ?? [];
        files.push({ offset: line[7] ?? 0, length: line[8] ?? 0 });
        found.set(line[6], files);
      }
    }
    return found;
  }

  /** Does a later chunk have this vehicle, too? @param {number} k of the chunk @param {string} id */
  overridden(k, id) {
    for (let later = k + 1; later < this.chunks.length; later += 1)
      if (this.chunks[later].find(id) !== -1) return true;
    return false;
  }

  /** @param {string} customerId @returns {string[]} */
  vehiclesOf(customerId) {
    return this.chunks.flatMap((chunk) => chunk.vehiclesOf(customerId));
  }
}
