// Why it exists: one partition as this tablet knows it: the snapshot's chunks with every later row folded over them.
// Changed rows, open work and the directory lie in memory; everything else is read from its segment when asked for.

import { Directory } from "./directory.js";
import { fileOf } from "./file.js";
import { warm } from "./lines.js";
import { Snapshot } from "./snapshot.js";

/** @typedef {import("./cache.js").Row} Row @typedef {import("./cache.js").Cursor} Cursor @typedef {import("./cache.js").Cache} Cache */

export class Part {
  /**
   * @param {string} code @param {any} schema @param {Cache} cache @param {import("./snapshot.js").KeyOf} keyOf
   */
  constructor(code, schema, cache, keyOf) {
    this.code = code;
    this.schema = schema;
    this.cache = cache;
    /** @type {Cursor | undefined} */
    this.cursor = undefined;
    this.seen = 0;
    /** @type {Map<string, Map<string, Row>>} kind → id → row: open work and every changed row */
    this.live = new Map();
    /** @type {Map<string, Map<string, Row>>} file → key → changed row */
    this.changed = new Map();
    this.directory = new Directory([]);
    this.snapshot = new Snapshot(code, cache, keyOf);
  }

  /** Reads what is new in the cache; a replaced partition is read anew. Everything is read before anything is shown.
   * @returns {Promise<Row[] | null>} the rows that came, or null for "anything" */
  async refresh() {
    const cursor = await this.cache.cursor(this.code);
    const anew = cursor?.life !== this.cursor?.life;
    const [work, lines] = anew ? [await this.snapshot.work(cursor), await this.snapshot.lines(cursor)] : [];
    const rows = await this.cache.rowsAfter(this.code, anew ? (cursor?.base ?? 0) : this.seen);
    this.cursor = cursor;
    if (work) this.#reset(work, lines ?? []);
    this.#apply(rows);
    return anew ? null : rows;
  }

  /** @param {Row[]} work @param {import("./lines.js").Lines[]} lines */
  #reset(work, lines) {
    this.seen = 0;
    this.live = new Map();
    this.changed = new Map();
    this.directory = new Directory(lines);
    for (const row of work) this.#keep(row);
    void warm(lines);
  }

  /** @param {Row} row */
  #keep(row) {
    const byId = this.live.get(row[1]) ?? new Map();
    this.live.set(row[1], byId.set(row[2], row));
  }

  /** @param {Row[]} rows */
  #apply(rows) {
    for (const row of rows) {
      this.#keep(row);
      const file = fileOf(this.schema, row);
      const inFile = this.changed.get(file) ?? new Map();
      this.changed.set(file, inFile.set(`${row[1]}|${row[2]}`, row));
      this.seen = Math.max(this.seen, row[0]);
    }
    this.directory.patch(rows.map(([, kind, id, , doc]) => ({ kind, id, doc })));
  }

  /** A document that is in memory; undefined when only its segment knows. @param {string} kind @param {string} id */
  known(kind, id) {
    return this.live.get(kind)?.get(id)?.[4];
  }

  /** Documents of a kind that are in memory: open work, all changed rows, all of the group's. @param {string} kind */
  docs(kind) {
    return [...(this.live.get(kind)?.values() ?? [])].flatMap((row) => row[4] ?? []);
  }

  /** The rows of a vehicle's file as its segment has them: null while its segment is not downloaded.
   * @param {string} vehicleId @returns {Promise<Row[] | null>} null while that segment is not downloaded yet */
  async segmentRows(vehicleId) {
    const place = this.directory.stored.place(vehicleId);
    return place ? this.snapshot.file(this.cursor, place) : [];
  }

  /** A document wherever it lies; `vehicles` are the files it may be in. @param {string} kind @param {string} id
   * @param {string[]} vehicles */
  async find(kind, id, vehicles) {
    if (this.live.get(kind)?.has(id)) return this.known(kind, id) ?? null;
    const files = kind === "vehicle" ? [id] : kind === "customer" ? this.directory.vehiclesOf(id) : vehicles;
    for (const vehicle of files) {
      const row = (await this.segmentRows(vehicle))?.find((one) => one[1] === kind && one[2] === id);
      if (row) return row[4];
    }
    return null;
  }

  /** The rows of files with something new since a day. @param {string} day */
  #stored(day) {
    return this.snapshot.files(this.cursor, this.directory.stored.places(day));
  }

  /** The vehicle whose file holds a record that is not in memory; reads all segments, so for rare deep links only.
   * @param {string} kind @param {string} id @returns {Promise<string | null>} */
  async locate(kind, id) {
    for await (const rows of this.#stored("")) {
      const row = rows.find((one) => one[1] === kind && one[2] === id);
      if (row) return fileOf(this.schema, row);
    }
    return null;
  }

  /** Every row of the partition once, tombstones included, a file at a time, so that nobody holds them all.
   * @returns {AsyncGenerator<Row[]>} */
  async *rows() {
    /** @type {Set<string>} who owns two vehicles lies in both files */
    const people = new Set();
    const once = (/** @type {Row} */ [, kind, id]) =>
      !this.live.get(kind)?.has(id) && (kind !== "customer" || people.size < people.add(id).size);
    for await (const rows of this.#stored("")) yield rows.filter(once);
    for (const byId of this.live.values()) yield [...byId.values()];
  }

  /** Every row of the partition, or of the files with something new since a day: segments, then work and changed rows
   * over them. @param {string} [day] `YYYY-MM-DD` @returns {Promise<Map<string, Row>>} */
  async everything(day = "") {
    /** @type {Map<string, Row>} */
    const all = new Map();
    for await (const rows of this.#stored(day)) for (const row of rows) all.set(`${row[1]}|${row[2]}`, row);
    for (const byId of this.live.values())
      for (const row of byId.values()) all.set(`${row[1]}|${row[2]}`, row);
    return all;
  }
}
