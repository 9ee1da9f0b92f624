// Why it exists: the bytes of photos, scans and recordings lie here, sealed in pieces, from the moment their op is saved
// until the server has verified them; nothing else removes them (invariants 1, 17).

/**
 * @typedef {import("./journal.js").Journal} Journal @typedef {import("./database.js").Tx} Tx
 *
 * @typedef {object} Row a file the server does not have yet
 * @property {string} part @property {string} sha256 hex @property {number} size bytes @property {string} type of lists/media_type
 * @property {string} at when it was saved @property {string} op whose bytes these are
 * @property {"waiting" | "refused"} state refused: the server will never take it @property {string} [code] why
 *
 * @typedef {{part: string, sha256: string, no: number, sealed: Uint8Array}} Piece
 * @typedef {{row: Row, pieces: Piece[]}} Sealed
 * @typedef {{sha256: string, type: string, bytes: Blob}} File_ what is handed in
 */

export const PIECE_BYTES = 1024 * 1024;
const STORES = ["blobs", "pieces"];

/** @param {import("./database.js").Db} db */
export function createBlobStores(db) {
  db.createObjectStore("blobs", { keyPath: ["part", "sha256"] }).createIndex("state", "state");
  db.createObjectStore("pieces", { keyPath: ["part", "sha256", "no"] });
}

/** @param {string} sha256 @param {number} no */
const pieceId = (sha256, no) => `${sha256}|${no}`;
/** @param {{part: string, sha256: string}} row */
const keyOf = ({ part, sha256 }) => [part, sha256];

/** A file ready to be stored with its op, one piece at a time in memory beside what is sealed already.
 * @param {import("./vault.js").Vault} vault @param {{part: string, id: string, at: string}} op @param {File_} file
 * @returns {Promise<Sealed>} */
export async function sealFile(vault, { part, id, at }, { sha256, type, bytes }) {
  const pieces = [];
  for (let no = 0; no * PIECE_BYTES < bytes.size; no += 1) {
    const piece = bytes.slice(no * PIECE_BYTES, (no + 1) * PIECE_BYTES);
    const plain = new Uint8Array(await piece.arrayBuffer());
    const sealed = await vault.sealBytes(part, "pieces", pieceId(sha256, no), plain);
    pieces.push({ part, sha256, no, sealed });
  }
  return { row: { part, sha256, size: bytes.size, type, at, op: id, state: "waiting" }, pieces };
}

/** Stores files inside the transaction that stores their op. @param {Tx} tx @param {Sealed[]} files */
export async function putFiles(tx, files) {
  for (const { row, pieces } of files) {
    await tx.objectStore("blobs").put(row);
    for (const piece of pieces) await tx.objectStore("pieces").put(piece);
  }
}

/** Every file that the server does not have, oldest first. @param {Journal} journal @returns {Promise<Row[]>} */
export async function keptFiles(journal) {
  const rows = await journal.db.run(["blobs"], "readonly", (tx) => tx.objectStore("blobs").getAll());
  return rows.sort((/** @type {Row} */ a, /** @type {Row} */ b) => (a.at < b.at ? -1 : 1));
}

/** One piece in clear. @param {Journal} journal @param {Row} row @param {number} no
 * @returns {Promise<Uint8Array<ArrayBuffer>>} @throws {import("./vault.js").NoKey} */
async function piece({ db, vault }, row, no) {
  const found = await db.run(["pieces"], "readonly", (tx) =>
    tx.objectStore("pieces").get([...keyOf(row), no]),
  );
  const plain = await vault.unsealBytes(row.part, "pieces", pieceId(row.sha256, no), found.sealed);
  return /** @type {Uint8Array<ArrayBuffer>} */ (plain);
}

/** The bytes from `offset`, at most `most` of them (up to one piece's length). @param {Journal} journal @param {Row} row
 * @param {number} offset @param {number} most */
export async function bytesFrom(journal, row, offset, most) {
  const end = Math.min(row.size, offset + most);
  const found = [];
  for (let at = offset; at < end; ) {
    const no = Math.floor(at / PIECE_BYTES);
    const start = no * PIECE_BYTES;
    const part = (await piece(journal, row, no)).subarray(at - start, end - start);
    found.push(part);
    at += part.length;
  }
  return new Blob(found);
}

/** A file that is still here, whole; null when the server has it, or nobody. @param {Journal} journal @param {string} part
 * @param {string} sha256 @returns {Promise<Blob | null>} */
export async function keptBytes(journal, part, sha256) {
  const row = await journal.db.run(["blobs"], "readonly", (tx) =>
    tx.objectStore("blobs").get([part, sha256]),
  );
  if (!row) return null;
  const pieces = [];
  for (let no = 0; no * PIECE_BYTES < row.size; no += 1) pieces.push(await piece(journal, row, no));
  return new Blob(pieces);
}

/** The server has verified the file, or a person gave up one that it refused: only now its bytes go (invariant 17).
 * @param {Journal} journal @param {Row} row */
export function letFileGo(journal, row) {
  return journal.db.run(STORES, "readwrite", async (tx) => {
    const [part, sha256] = keyOf(row);
    await tx.objectStore("blobs").delete(keyOf(row));
    await tx
      .objectStore("pieces")
      .delete(IDBKeyRange.bound([part, sha256, 0], [part, sha256, Number.MAX_SAFE_INTEGER]));
  });
}

/** The server said that it will never take this file; its bytes stay. @param {Journal} journal @param {Row} row @param {string} code */
export function noteRefused(journal, row, code) {
  return journal.db.run(["blobs"], "readwrite", async (tx) => {
    const found = await tx.objectStore("blobs").get(keyOf(row));
    if (found) await tx.objectStore("blobs").put({ ...found, state: "refused", code });
  });
}
