/** The one decision every change passes: role, body, then the kind's own rule. */

import * as attachment from "./decide-attachment.js";
import { record } from "./decide-callback.js";
import { step } from "./decide-complaint.js";
import { settle } from "./decide-conflict.js";
import { add, changeFields } from "./decide-generic.js";
import { receive, send } from "./decide-handover.js";
import { openOne } from "./decide-opening.js";
import { publish } from "./decide-publish.js";
import { later } from "./decide-task.js";
import { parked } from "./decision.js";

/** @import { Actor, Case, Decision, Doc, Op, OpSpec, Records, Schema } from "./types.js" */

/** @type {Map<string, (given: Case) => Decision>} what is marked `where: "server"` is decided only there */
export const KINDS = new Map([
  ["attachment.add", attachment.add],
  ["attachment.void", attachment.voidOne],
  ["callback.record", record],
  ["task.later", later],
  ["complaint.open", openOne],
  ["complaint.step", step],
  ["conflict.settle", settle],
  ["conflict.settle_group", settle],
  ["handover.send", send],
  ["handover.receive", receive],
  ["script.publish", publish],
  ["questionnaire.publish", publish],
  ["plan.publish", publish],
]);
const GENERIC = new Map([
  ["add", add],
  ["set", changeFields],
]);

/**
 * `changes` are whole documents; `problems` come with an `op.…` code first. Pure: fetches nothing but through
 * `records`, and never throws for anything an author can write. An op marked `where: "server"` is refused when the
 * actor has `pushed` it.
 * @param {Schema} schema
 * @param {Op} op
 * @param {Records} records
 * @param {Actor} actor
 * @param {string} now
 * @returns {Decision}
 */
export function decide(schema, op, records, actor, now) {
  const spec = Object.hasOwn(schema.ops, op.kind) ? schema.ops[op.kind] : null;
  if (spec?.where === "server" && actor.pushed) return parked({ code: "op.not_allowed" });
  const handler = spec && handlerOf(spec);
  if (!spec || !handler) return parked({ code: "op.unknown" });
  if ((op.part === "GRP") !== (spec.part === "group")) return parked({ code: "op.part" });
  if (!may(spec, actor)) return parked({ code: "op.not_allowed" });
  return handler({ schema, op, spec, records, actor, now });
}

/**
 * The function that decides a catalogue row; null for what only the server decides.
 * @param {OpSpec} spec
 */
export function handlerOf(spec) {
  return (spec.generic ? GENERIC.get(spec.generic) : KINDS.get(spec.kind)) ?? null;
}

/**
 * May this actor author this kind: by their own role, one they stand in for, or as the machine itself?
 * @param {OpSpec} spec
 * @param {Actor} actor
 */
export function may(spec, actor) {
  const held = [...actor.roles, ...(actor.deputy_roles ?? [])];
  return Boolean(actor.system) || held.some((role) => spec.roles.includes(role));
}

/**
 * The records an op looks at, as [kind, id], by the catalogue's dotted paths; gaps are left out.
 * @param {Schema} schema
 * @param {Pick<Op, "kind"|"body">} op
 * @returns {[string, string][]}
 */
export function reads(schema, op) {
  const entries = Object.hasOwn(schema.ops, op.kind) ? schema.ops[op.kind].reads : [];
  /** @type {Map<string, [string, string]>} */
  const found = new Map();
  for (const entry of entries) {
    const [kind, path] = entry.split(":");
    for (const id of values(op.body, path.split("."))) {
      if (typeof id === "string") found.set(`${kind}:${id}`, [kind, id]);
    }
  }
  return [...found.values()];
}

/**
 * @param {unknown} value
 * @param {string[]} path
 * @returns {unknown[]}
 */
function values(value, [name, ...rest]) {
  if (name === undefined) return [value];
  if (name === "*") return Array.isArray(value) ? value.flatMap((item) => values(item, rest)) : [];
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  return values(/** @type {Doc} */ (value)[name], rest);
}
