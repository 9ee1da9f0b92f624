// Why it exists: what people do on a tablet, at random and by a seed: calls, complaints, edits, hand-overs.
import { allowedSteps } from "../../../frontend/src/domain/workflow.js";
import { newId } from "../../../frontend/src/lib/ids.js";

const INK = "300 120 M 10 20 L 30 40";
const SURNAMES = ["赵", "钱", "孙", "李", "周", "吴"];
const OUTCOMES = ["complete", "partial", "no_answer", "busy", "wrong_number"];
const after = (instant, ms) => new Date(Date.parse(instant) + ms).toISOString();
const given = (doc) => Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== undefined));

/** One of a few vehicles, so that tablets get in each other's way. */
async function anyVehicle({ app, pick }) {
  const found = (await app.search("粤", 4)).filter((brief) => brief.people.length);
  return found.length ? pick(found) : null;
}

async function callback(hand) {
  const { app, pick, person, now } = hand;
  const { tasks } = await app.today();
  const due = tasks.length ? pick(tasks.slice(0, 4)) : null;
  const other = due ? null : await anyVehicle(hand);
  const vehicle_id = due?.task.vehicle_id ?? other?.id;
  if (!vehicle_id) return null;
  const outcome = pick(OUTCOMES);
  const attempt = given({
    ...{ id: newId(), vehicle_id, customer_id: due?.task.customer_id ?? other?.people[0].id, task_id: due?.task.id },
    ...{ started_at: after(now, -300_000), ended_at: now, staff_id: person.id, staff_name: person.name },
    ...{ channel: "phone", outcome, booked_at: outcome === "busy" ? after(now, 3_600_000) : undefined },
  });
  const unhappy = outcome === "complete" && attempt.customer_id && pick([true, false, false]);
  return ["callback.record", { attempt, ...(unhappy ? heard(hand, vehicle_id, attempt.customer_id) : {}) }];
}

/** A complaint and its first step. */
function heard({ pick, person, now }, vehicle_id, customer_id) {
  const complaint = {
    ...{ id: newId(), vehicle_id, customer_id, heard_at: now, heard_channel: "incoming", heard_by: person.id },
    ...{ content: `异响 ${now}`, nature: "valid", cause: pick(["price", "service_quality"]), severity: "ordinary" },
  };
  return { complaint, step: { id: newId(), happened_at: now, entered_at: now, signature: INK } };
}

async function openComplaint(hand) {
  const vehicle = await anyVehicle(hand);
  return vehicle && ["complaint.open", heard(hand, vehicle.id, vehicle.people[0].id)];
}

async function stepComplaint({ app, pick, now }) {
  const { desk } = app.inside;
  const actor = desk.actor(`B:${desk.branch}`);
  const mine = (await app.complaints()).filter(
    ({ complaint }) => allowedSteps(desk.schema, complaint, actor).length,
  );
  if (!mine.length) return null;
  const { complaint } = pick(mine.slice(-3));
  const row = pick(allowedSteps(desk.schema, complaint, actor));
  const staff = desk
    .ref("staff")
    .filter((doc) => doc.active && doc.posts.some((post) => post.branch === desk.branch));
  const known = { text: "已核实", analysis: "零件松动", measure: "更换并致歉", handler_id: pick(staff).id };
  const needs = Object.fromEntries(
    row.needs.filter((name) => name in known).map((name) => [name, known[name]]),
  );
  const ink = row.sign ? { signature: INK } : {};
  const step = { id: newId(), step: row.code, happened_at: now, entered_at: now, ...needs, ...ink };
  const set = row.needs.includes("nature")
    ? { set: { nature: "valid", cause: "price", severity: "ordinary" } }
    : {};
  return ["complaint.step", { id: complaint.id, from: complaint.state, step, ...set }];
}

/** Fields of one record, changed from what the person sees. */
function edit(kind, doc, values) {
  const base = Object.fromEntries(
    Object.keys(values).flatMap((name) => (doc[name] === undefined ? [] : [[name, doc[name]]])),
  );
  return [`${kind}.set`, { id: doc.id, set: values }, base];
}

async function editCustomer(hand) {
  const { app, pick } = hand;
  const vehicle = await anyVehicle(hand);
  const customer = vehicle && pick((await app.file(vehicle.id)).people);
  if (!customer?.id) return null;
  const phone = `13${Array.from({ length: 9 }, () => pick("0123456789")).join("")}`;
  const values = {
    name: `${pick(SURNAMES)}${pick(SURNAMES)}`,
    note: `备注 ${pick("甲乙丙丁")}`,
    phones: [...(customer.phones ?? []).slice(-4), phone],
    address: `路 ${pick("一二三")} 号`,
  };
  const names = pick([["name"], ["note"], ["phones"], ["address"], ["name", "note"]]);
  return edit("customer", customer, Object.fromEntries(names.map((name) => [name, values[name]])));
}

/** What everybody has in mind at once: the first vehicle's owner, one field, a value of one's own. */
async function clash({ app, person, now }) {
  const [vehicle] = (await app.search("粤", 4)).filter((brief) => brief.people.length);
  const customer = vehicle && (await app.file(vehicle.id)).people[0];
  return customer?.id ? edit("customer", customer, { note: `${person.name} ${now.slice(11, 19)}` }) : null;
}

async function editVehicle(hand) {
  const { app, pick } = hand;
  const brief = await anyVehicle(hand);
  const { vehicle } = brief ? await app.file(brief.id) : { vehicle: null };
  if (!vehicle?.vin) return null;
  const values = { color: pick(["白", "黑", "蓝"]), mileage_km: 1000 + Math.floor(pick([1, 2, 3, 4]) * 977) };
  const names = pick([["color"], ["mileage_km"], ["color", "mileage_km"]]);
  return edit("vehicle", vehicle, Object.fromEntries(names.map((name) => [name, values[name]])));
}

/** Where two people filled in one field: keep what stands, or restore the other. */
async function settle(hand) {
  const { app, pick } = hand;
  const vehicle = await anyVehicle(hand);
  const { fillings } = vehicle ? await app.file(vehicle.id) : { fillings: [] };
  if (!fillings.length) return null;
  const { conflict, now } = pick(fillings);
  const { id, record_id, field } = conflict;
  return ["conflict.settle", { id, record_id, choice: pick(["keep", "restore"]) }, now === null ? {} : { [field]: now }];
}

async function newCustomer({ pick }) {
  const phones = [`139${Array.from({ length: 8 }, () => pick("0123456789")).join("")}`];
  return ["customer.add", { id: newId(), name: `${pick(SURNAMES)}新`, kind: "person", phones, consent: true }];
}

/** A car that somebody drives in with: the vehicle, or who drives it. */
async function newVehicle(hand) {
  const { pick } = hand;
  const digits = Array.from({ length: 8 }, () => pick("0123456789")).join("");
  return ["vehicle.add", { id: newId(), vin: `LGXC16DF1${digits}`, plate: `粤B${digits.slice(0, 5)}`, model: "海豹06" }];
}

async function newParty(hand) {
  const { app, pick } = hand;
  const [vehicle, other] = [await anyVehicle(hand), await anyVehicle(hand)];
  const driver = other && pick((await app.file(other.id)).people);
  return driver?.id && ["party.add", { id: newId(), vehicle_id: vehicle.id, customer_id: driver.id, role: "driver" }];
}

async function later({ app, pick, now }) {
  const { tasks } = await app.today();
  if (!tasks.length) return null;
  return ["task.later", { id: pick(tasks.slice(0, 4)).task.id, booked_at: after(now, 7_200_000), reason: "客户开会" }];
}

async function handover({ pick, person, now }) {
  const day = `20${pick("3456789")}${pick("0123456789")}-0${pick("123456789")}-1${pick("0123456789")}`;
  const sent = { sent_by: person.id, sent_at: now, signature: INK, count: 0, nil: true };
  return ["handover.send", { handover: { id: newId(), kind: pick(["delivery", "repair"]), date: day, ...sent } }];
}

async function receive({ app, pick, now }) {
  const { handovers } = await app.today();
  if (!handovers.length) return null;
  return ["handover.receive", { id: pick(handovers).id, received_count: 0, received_at: now }];
}

/** A recording of a few hundred bytes: some pieces of it, some chunks. */
async function attach(hand) {
  const { pick, person, now } = hand;
  const vehicle = await anyVehicle(hand);
  if (!vehicle) return null;
  const sound = Array.from({ length: pick([20, 200, 300, 700]) }, () => pick("0123456789abcdef")).join("");
  const about = { vehicle_id: vehicle.id, of_kind: "vehicle", of_id: vehicle.id, kind: "recording", taken_at: now };
  return ["attach", { ...about, by_id: person.id, by_name: person.name }, new Blob([`OggS${sound}`])];
}

const ACTS = [
  ...[callback, callback, callback, openComplaint, stepComplaint, stepComplaint, stepComplaint],
  ...[editCustomer, editCustomer, editVehicle, settle, newCustomer, newVehicle, newParty, later, handover, receive],
  ...[attach, attach, clash, clash],
];

/** What several people may do at once, neither knowing of the other. @type {Record<string, (hand: any) => Promise<any>>} */
const TOGETHER = { note: clash, step: (hand) => stepComplaint({ ...hand, pick: (from) => from[0] }) };

/**
 * Something a person may do now: `[kind, body, base?]`, or null.
 * @param {any} app @param {() => number} chance @param {any} person @param {string} now by the tablet's clock
 * @param {string} [together] does this, as others do; else what chance says
 */
export function someOp(app, chance, person, now, together) {
  const pick = (from) => from[Math.floor(chance() * from.length)];
  return (TOGETHER[together] ?? pick(ACTS))({ app, pick, person, now });
}
