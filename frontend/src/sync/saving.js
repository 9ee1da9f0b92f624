// Why it exists: turns what a user did into an op: decided on the tablet, signed, and on the disk before anyone says "saved".

import { opHash } from "../domain/canonical.js";
import { handlerOf } from "../domain/decide.js";
import { sealFile } from "../store/blobs.js";
import { opMac } from "../store/codec.js";
import { Refusal } from "./refusal.js";
import { noRoomTo } from "./room.js";

/** @typedef {import("./workspace.js").Workspace} Workspace @typedef {import("./workspace.js").Space} Space */

const noRoom = noRoomTo("save");

/**
 * See `Workspace.save`. A repeated save of the same fact decides as a noop and stores nothing.
 * @param {Workspace} desk @param {string} kind @param {any} body @param {any} base
 * @param {{sha256: string, type: string, bytes: Blob | null}[]} [files] what it speaks of; null: stored by an earlier op
 * @returns {Promise<{op_id: string | null, status: "saved", decision: any}>} @throws {Refusal}
 */
export async function saveOp(desk, kind, body, base, files = []) {
  const { part, overlay } = spaceFor(desk, kind);
  const { now, freshId, journal } = desk.env;
  const v = desk.schema.ops[kind].v;
  const blobs = files.map((file) => file.sha256);
  const op = { id: freshId(), kind, v, part: part.code, body, base, at: now(), dep: [], blobs };
  await overlay.prepare(op);
  const actor = desk.actor(part.code);
  const decision = overlay.decide(op, actor);
  if (decision.status === "parked") throw refused(desk, decision);
  if (decision.status === "noop") return { op_id: null, status: "saved", decision };
  const entry = await signed(desk, { ...op, dep: overlay.dependencies(op) }, actor);
  const fresh = files.flatMap(({ bytes, ...file }) => (bytes ? { ...file, bytes } : []));
  const sealed = await Promise.all(fresh.map((file) => sealFile(journal.vault, op, file)));
  await journal.append(entry, sealed).catch(noRoom);
  overlay.add(entry);
  return { op_id: op.id, status: "saved", decision };
}

/** @param {Workspace} desk @param {string} kind @returns {Space} where an op of this kind belongs */
function spaceFor(desk, kind) {
  const spec = desk.schema.ops[kind];
  if (!desk.session) throw new Refusal("auth.required", desk.schema.codes["auth.required"].message);
  if (!spec || !handlerOf(spec)) throw new Refusal("op.unknown", desk.schema.codes["op.unknown"].message);
  return spec.part === "group" ? desk.group : desk.space;
}

/** @param {Workspace} desk @param {import("../store/journal.js").OpBody} op @param {any} actor */
async function signed(desk, op, actor) {
  const h = await opHash(op);
  const { id: by, op_key: key } = desk.session.session;
  return { op, h, by, mac: await opMac(key, h), actor };
}

/** @param {Workspace} desk @param {any} decision */
function refused(desk, decision) {
  const { code } = decision.problems[0];
  const fields = decision.problems.filter((/** @type {any} */ problem) => problem.field);
  return new Refusal(
    code,
    desk.schema.codes[code]?.message ?? "",
    fields.length ? fields : decision.problems,
  );
}
