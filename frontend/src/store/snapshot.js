// Why it exists: reads a partition's snapshot as it lies in the cache: work, directory, and the files in its segments.

import { openPiece, parse, segmentKey } from "./codec.js";
import { Lines } from "./lines.js";

/** @typedef {import("./cache.js").Row} Row @typedef {import("./cache.js").Cursor} Cursor @typedef {import("./cache.js").Chunk} Chunk */

/** @typedef {(id: string | undefined) => string | null} KeyOf the segment key of that id in base64, if it is at hand */

/** @param {Cursor | undefined} cursor @param {Chunk["kind"]} kind */
const ofKind = (cursor, kind) => cursor?.chunks.filter((chunk) => chunk.kind === kind) ?? [];

export class Snapshot {
  /** @param {string} code of the partition @param {import("./cache.js").Cache} cache @param {KeyOf} keyOf */
  constructor(code, cache, keyOf) {
    this.code = code;
    this.cache = cache;
    this.keyOf = keyOf;
    /** @type {{text: string, key: Promise<CryptoKey>} | null} the key used last */
    this.used = null;
    /** @type {Map<string, Lines>} chunk name → its lines, kept from one snapshot to the next */
    this.kept = new Map();
  }

  /** @param {Cursor | undefined} cursor @param {Chunk} chunk @param {number} [i] of the piece */
  async #plain(cursor, chunk, i = 0) {
    const bytes = await this.cache.piece(this.code, chunk, i);
    const text = bytes && this.keyOf(cursor?.key_id);
    return text ? openPiece(await this.#key(text), this.code, bytes) : null;
  }

  /** @param {string} text */
  #key(text) {
    if (this.used?.text !== text) this.used = { text, key: segmentKey(text) };
    return this.used.key;
  }

  /** The rows a shift starts with. @param {Cursor | undefined} cursor @returns {Promise<Row[]>} */
  async work(cursor) {
    const plains = await Promise.all(ofKind(cursor, "work").map((chunk) => this.#plain(cursor, chunk)));
    return plains.flatMap((plain) => (plain ? parse(plain) : []));
  }

  /** The directory's chunks. @param {Cursor | undefined} cursor @returns {Promise<Lines[]>} */
  async lines(cursor) {
    const opened = await Promise.all(
      ofKind(cursor, "directory").map(async (chunk) => {
        const known = this.kept.get(chunk.name);
        const plain = known ? null : await this.#plain(cursor, chunk);
        return /** @type {[string, Lines | null]} */ ([chunk.name, known ?? (plain && new Lines(plain))]);
      }),
    );
    this.kept = new Map(/** @type {[string, Lines][]} */ (opened.filter(([, lines]) => lines)));
    return [...this.kept.values()];
  }

  /** A segment's plain bytes; null while it is not downloaded yet. @param {Cursor | undefined} cursor @param {number} no */
  async #segment(cursor, no) {
    const chunk = ofKind(cursor, "segment").find((one) => no >= one.no && no < one.no + one.pieces.length);
    return chunk ? this.#plain(cursor, chunk, no - chunk.no) : null;
  }

  /** The rows of a file: one get, one decrypt, one inflate, a slice parsed. @param {Cursor | undefined} cursor
   * @param {{no: number, offset: number, length: number}} place
   * @returns {Promise<Row[] | null>} null while its segment is not downloaded yet */
  async file(cursor, { no, offset, length }) {
    const plain = await this.#segment(cursor, no);
    return plain ? parse(plain, offset, length) : null;
  }

  /** The rows of each file in many segments, one after the other. @param {Cursor | undefined} cursor
   * @param {Map<number, {offset: number, length: number}[]>} places by segment @returns {AsyncGenerator<Row[]>} */
  async *files(cursor, places) {
    for (const [no, files] of places) {
      const plain = await this.#segment(cursor, no);
      if (!plain) continue;
      for (const { offset, length } of files) yield parse(plain, offset, length);
    }
  }
}
