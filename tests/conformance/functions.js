/** What the vectors' `fn` names mean in JavaScript; functions.py says the same for Python. */

import * as calendar from "../../frontend/src/domain/calendar.js";
import * as canonical from "../../frontend/src/domain/canonical.js";
import * as clocks from "../../frontend/src/domain/clocks.js";
import { decide, reads } from "../../frontend/src/domain/decide.js";
import { forbidden } from "../../frontend/src/domain/decide-publish.js";
import { taskAfter } from "../../frontend/src/domain/decide-task.js";
import { contactGate } from "../../frontend/src/domain/gate.js";
import { sniff } from "../../frontend/src/domain/media.js";
import { mergeSet } from "../../frontend/src/domain/merge.js";
import { rule } from "../../frontend/src/domain/rules.js";
import * as schema from "../../frontend/src/domain/schema.js";
import * as text from "../../frontend/src/domain/text.js";
import * as timing from "../../frontend/src/domain/timing.js";
import * as workflow from "../../frontend/src/domain/workflow.js";
import { contentId, idAt } from "../../frontend/src/lib/ids.js";
import { SCHEMA, WORLD } from "./schema.js";

/** What a decision may look at: the world's records, and those a vector adds or replaces. */
class Records {
  constructor(given) {
    this.docs = new Map();
    for (const kinds of [WORLD.records, given.records ?? {}]) {
      for (const [kind, docs] of Object.entries(kinds)) for (const doc of docs) this.put(kind, doc);
    }
    const people = Object.values(WORLD.actors);
    const staff = people.map(({ id, name }) => ({ id, name, active: true }));
    this.refs = { staff, branch: [WORLD.branch], ...given.refs };
    this.authors = given.authors ?? {};
  }
  put(kind, doc) {
    this.docs.set(`${kind}:${doc.id}`, doc);
  }
  get(kind, id) {
    return structuredClone(this.docs.get(`${kind}:${id}`));
  }
  ref(kind) {
    return this.refs[kind] ?? [];
  }
  author(kind, id, field) {
    return this.authors[`${kind}:${id}:${field}`] ?? null;
  }
}

const actor = ({ actor, place = "server", pushed = false }) => ({
  deputy_roles: [],
  place,
  pushed,
  ...WORLD.actors[actor],
});
const days = (given) => calendar.makeCalendar({ ...WORLD.branch, ...given.branch }, WORLD.holiday_years);

/** Runs complaint steps one after the other: `[{status, problems, complaint, step}]` in short. */
function play(given) {
  const records = new Records(given);
  return given.moves.map((move) => {
    const result = decide(SCHEMA, move.op, records, actor(move), WORLD.now);
    for (const { kind, doc } of result.changes) records.put(kind, doc);
    return inShort(result);
  });
}

function inShort({ status, problems, changes }) {
  const wanted = "state round handler_id closed_at compensation_fen step actor_role deputy".split(" ");
  const pick = (doc) =>
    Object.fromEntries(wanted.filter((name) => name in doc).map((name) => [name, doc[name]]));
  const kept = changes.filter(({ kind }) => kind.startsWith("complaint"));
  return { status, problems, ...Object.fromEntries(kept.map(({ kind, doc }) => [kind, pick(doc)])) };
}

function gated(given) {
  const fixed = { schema: SCHEMA, branch_code: "SZ01", rules: [], complaints: [], attempts: [] };
  return contactGate({ ...fixed, ...given, actor: actor(given) });
}

function clocked({ complaint, steps, rules = [], now, ...given }) {
  return clocks.complaintClocks(SCHEMA, complaint, steps, days(given), rules, "SZ01", now);
}

function stepped(given) {
  const row = workflow.findRow(SCHEMA, given.complaint.state ?? null, given.code);
  return workflow.applyStep(SCHEMA, given.complaint, row, given.step, given.set ?? {}, actor(given));
}

/** A function of the given values of these names, in this order. */
const of =
  (fn, ...names) =>
  (given) =>
    fn(...names.map((name) => given[name]));
const withSchema = (fn, ...names) => of((...values) => fn(SCHEMA, ...values), ...names);
const withDays =
  (fn, ...names) =>
  (given) =>
    fn(days(given), ...names.map((name) => given[name]));

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const each = (module, names, argument) =>
  Object.fromEntries(names.split(" ").map((name) => [name, of(module[camel(name)], argument)]));

const TEXT =
  "trim is_blank without_spaces length is_clean half_width upper_ascii normal_plate normal_vin " +
  "normal_phone is_phone is_plate is_vin is_id is_signature";

export const FUNCTIONS = {
  ...each(text, TEXT, "text"),
  ...each(timing, "is_date is_time is_instant", "text"),
  ...each(timing, "parse_instant local_date local_time", "instant"),
  format_instant: of(timing.formatInstant, "milliseconds"),
  minute_of_day: of(timing.minuteOfDay, "time"),
  at_local: of(timing.atLocal, "date", "time"),
  add_days: of(timing.addDays, "date", "days"),
  add_hours: of(timing.addHours, "instant", "hours"),
  weekday: of(timing.weekday, "date"),
  canonical: of(canonical.canonical, "value"),
  same: of(canonical.same, "left", "right"),
  op_hash: of(canonical.opHash, "op"),
  content_id: ({ keys }) => contentId(...keys),
  id_at: ({ milliseconds, noise }) => idAt(milliseconds, Uint8Array.from(Buffer.from(noise, "hex"))),
  sniff: ({ hex }) => sniff(Uint8Array.from(Buffer.from(hex, "hex"))),
  check: withSchema(schema.check, "record", "doc"),
  check_new: withSchema(schema.checkNew, "record", "doc"),
  check_set: withSchema(schema.checkSet, "record", "set"),
  check_fields: withSchema(schema.checkFields, "fields", "doc"),
  rule: withSchema(rule, "rules", "code", "branch"),
  is_open: withDays(calendar.isOpen, "date"),
  opening: withDays(calendar.opening, "date"),
  closing: withDays(calendar.closing, "date"),
  next_open_day: withDays(calendar.nextOpenDay, "date"),
  end_of_same_day: withDays(calendar.endOfSameDay, "instant"),
  working_minutes: withDays(calendar.workingMinutes, "from", "to"),
  allowed_steps: (given) =>
    workflow.allowedSteps(SCHEMA, given.complaint, actor(given)).map((row) => row.code),
  opening_row: (given) => workflow.openingRow(SCHEMA, actor(given)).code,
  apply_step: stepped,
  complaint_clocks: clocked,
  in_order: ({ steps }) => clocks.inOrder(steps).map((step) => step.id),
  contact_gate: gated,
  merge_set: withSchema(mergeSet, "record", "current", "set", "base"),
  task_after: ({ task, attempt }) => schema.compact(taskAfter(SCHEMA, task, attempt)),
  forbidden: withSchema(forbidden, "record", "doc"),
  reads: ({ op }) => reads(SCHEMA, op),
  decide: (given) => decide(SCHEMA, given.op, new Records(given), actor(given), WORLD.now),
  play,
};

/** What the function gives; `{raises: true}` when it refuses its arguments. */
export async function run(vector) {
  try {
    return await FUNCTIONS[vector.fn](structuredClone(vector.given));
  } catch (error) {
    if (error instanceof RangeError || error instanceof canonical.NotCanonical) return { raises: true };
    throw error;
  }
}
