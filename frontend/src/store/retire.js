// Why it exists: how a revoked tablet's journal ends: first nothing more is taken in, then everything unanswered is handed
// over as it lies there, and only then is it deleted (TRUST, Revocation; invariant 1).

import { deleteDB } from "../../vendor/idb.js";
import { isSealed } from "./vault.js";
import { toBytes } from "./vault-crypto.js";

/** @typedef {import("./journal.js").Journal} Journal */

const DEVICE = "device";
const CHUNK = 0x8000;

/** This tablet was revoked: nothing is saved here any more. */
class Retired extends Error {
  constructor() {
    super("这台平板已被停用，不能再保存内容。");
    this.name = "Retired";
    this.code = "device.wipe";
  }
}

/** The device's row, if ops may still be saved. @template {{retired?: boolean}} T @param {T} device @returns {T} @throws {Retired} */
export function requireInUse(device) {
  if (device.retired) throw new Retired();
  return device;
}

/** From this commit on no tab saves an op here. @param {Journal} journal */
export function retire(journal) {
  return journal.db.run(
    ["meta"],
    "readwrite",
    async (tx) => {
      const device = await tx.objectStore("meta").get(DEVICE);
      await tx.objectStore("meta").put({ ...device, retired: true });
    },
    "strict",
  );
}

/** Ops without the server's answer, sealed as they lie, by number: `[{id, n, part, at, sealed}]`, base64.
 * @param {Journal} journal @returns {Promise<{id: string, n: number, part: string, at: string, sealed: string}[]>} */
export async function unanswered(journal) {
  const rows = await journal.db.run(["ops"], "readonly", (tx) =>
    tx.objectStore("ops").index("state").getAll("waiting"),
  );
  const plain = rows.map(({ id, n, part, at, sealed }) => ({ id, n, part, at, sealed: base64(sealed) }));
  return plain.sort((a, b) => a.n - b.n);
}

/** A piece of a file the server does not have, sealed as it lies. @param {Journal} journal
 * @param {{part: string, sha256: string}} row @param {number} no @returns {Promise<string>} base64 */
export async function sealedPiece(journal, { part, sha256 }, no) {
  const found = await journal.db.run(["pieces"], "readonly", (tx) =>
    tx.objectStore("pieces").get([part, sha256, no]),
  );
  return base64(found.sealed);
}

/** @param {any} sealed bytes, or a row that version 0.1.0 left plain */
function base64(sealed) {
  const bytes = isSealed(sealed) ? sealed : toBytes(sealed);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** Deletes a database; whoever has it open elsewhere lets go of it first. @param {string} name */
export const deleteDatabase = (name) => deleteDB(name);
