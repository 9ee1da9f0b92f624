// Why it exists: gathers what a paper form needs from this tablet, so that it prints without network as it does on the server.

import { makeCalendar } from "../domain/calendar.js";
import { complaintClocks } from "../domain/clocks.js";
import { addDays, localDate } from "../domain/timing.js";
import { build } from "../forms/index.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("./workspace.js").Workspace} Workspace @typedef {{id?: string, from?: string, to?: string, questionnaire?: string}} Args */

const MISSING = "没有找到要打印的内容，可能还没下载完，请稍后再试。";

/** @type {Record<string, (desk: Workspace, args: Args) => Promise<any>>} */
const RECORDS = {
  complaint: async (desk, { id }) => id && desk.space.view.complaint(id),
  vehicle_file: async (desk, { id }) => id && wholeFile(desk, id),
  callback_record: async (desk, { id }) => id && oneCall(desk, id),
  callback_log: callsBetween,
};

/** @param {Workspace} desk @param {string} id */
async function wholeFile(desk, id) {
  const file = await desk.space.view.file(id);
  return file.vehicle.vin ? file : null;
}

/** @param {Workspace} desk @param {string} id of the attempt */
async function oneCall(desk, id) {
  const { view, overlay, part } = desk.space;
  const vehicleId = overlay.get("attempt", id)?.vehicle_id ?? (await part.locate("attempt", id));
  const file = vehicleId && (await view.file(vehicleId));
  const attempt = file?.attempts.find((/** @type {any} */ doc) => doc.id === id);
  return attempt ? withPeople(attempt, file) : null;
}

/** @param {any} attempt @param {any} file */
function withPeople(attempt, file) {
  const customer = file.people.find((/** @type {any} */ person) => person.id === attempt.customer_id);
  return { attempt, vehicle: file.vehicle, customer: customer ?? null };
}

/** Calls of a period, both days included. @param {Workspace} desk @param {Args} args */
async function callsBetween(desk, { from, to }) {
  if (!from || !to) return {};
  const { view, overlay, part } = desk.space;
  const known = await part.everything(addDays(from, -1)); // a file's day is that of its last activity, in UTC
  const stored = [...known.values()].filter((row) => row[1] === "attempt" && row[4]);
  const docs = new Map(stored.map((row) => [row[2], row[4]]));
  for (const [id, { doc }] of overlay.shown.get("attempt") ?? []) docs.set(id, doc);
  const wanted = [...docs.values()].filter(
    ({ started_at: at }) => localDate(at) >= from && localDate(at) <= to,
  );
  const calls = wanted.map((attempt) => {
    const vehicle = view.brief(attempt.vehicle_id);
    return { attempt, vehicle, customer: view.person(attempt.customer_id, vehicle) };
  });
  return { from, to, calls };
}

/** Deadlines as printed on a complaint sheet. @param {Workspace} desk @param {any} found @param {string} now */
function clocksOf(desk, { complaint, steps }, now) {
  const calendar = makeCalendar(desk.branchDoc(), desk.ref("holiday_year"));
  return complaintClocks(desk.schema, complaint, steps, calendar, desk.ref("rule"), desk.branch, now);
}

/** @param {Workspace} desk @param {any} records @param {string} now */
function context(desk, records, now) {
  const plans = desk.ref("plan").sort((a, b) => a.version - b.version);
  return {
    branch: desk.branchDoc(),
    staff: Object.fromEntries(desk.ref("staff").map((doc) => [doc.id, doc.name])),
    schema: desk.schema,
    questionnaires: desk.ref("questionnaire"),
    nodes: Object.fromEntries(
      plans.flatMap((plan) => plan.nodes.map((/** @type {any} */ node) => [node.code, node.name])),
    ),
    printed_at: now,
    printed_by: desk.session.user.name,
    clocks: records?.complaint?.id ? clocksOf(desk, records, now) : undefined,
  };
}

/**
 * The payload of a form for its template; without arguments the blank sheet (D-X15).
 * @param {Workspace} desk @param {string} form @param {Args} args @param {string} now
 * @throws {Refusal} not_found
 */
export async function formPayload(desk, form, args, now) {
  const blank = !args.id && !args.from;
  const records = blank ? { ...args } : await RECORDS[form]?.(desk, args);
  if (!records) throw new Refusal("not_found", MISSING);
  return build(form, records, context(desk, records, now));
}
