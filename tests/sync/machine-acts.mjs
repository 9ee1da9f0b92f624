// Why it exists: what people do on a tablet, at random and by a seed: calls, complaints, edits, hand-overs.
import { allowedSteps } from "../../frontend/src/domain/workflow.js";
import { newId } from "../../frontend/src/lib/ids.js";

const INK = "300 120 M 10 20 L 30 40";
const SURNAMES = ["赵", "钱", "孙", "李", "周", "吴"];
const OUTCOMES = ["complete", "partial", "no_answer", "busy", "wrong_number"];
const instant = (ms) => new Date(ms).toISOString();

/** @param {() => number} chance */
const picker = (chance) => (from) => from[Math.floor(chance() * from.length)];

/** One of a few vehicles, so that tablets get in each other's way. */
async function anyVehicle(app, pick) {
  const found = (await app.search("粤", 4)).filter((brief) => brief.people.length);
  return found.length ? pick(found) : null;
}

async function callback(app, pick, person) {
  const { tasks } = await app.today();
  const [due, other] = [tasks.length ? pick(tasks) : null, await anyVehicle(app, pick)];
  const [vehicle_id, customer_id] = due
    ? [due.task.vehicle_id, due.task.customer_id]
    : [other?.id, other?.people[0].id];
  if (!vehicle_id) return null;
  const ended = Date.now();
  const outcome = pick(OUTCOMES);
  const booked = outcome === "busy" ? { booked_at: instant(ended + 3_600_000) } : {};
  const times = { started_at: instant(ended - 300_000), ended_at: instant(ended) };
  const who = { staff_id: person.id, staff_name: person.name, channel: "phone" };
  const attempt = {
    id: newId(),
    vehicle_id,
    customer_id,
    task_id: due?.task.id,
    ...times,
    ...who,
    outcome,
    ...booked,
  };
  return [
    "callback.record",
    { attempt: Object.fromEntries(Object.entries(attempt).filter(([, value]) => value)) },
  ];
}

async function openComplaint(app, pick, person) {
  const vehicle = await anyVehicle(app, pick);
  if (!vehicle) return null;
  const at = instant(Date.now());
  const classes = { nature: "valid", cause: pick(["price", "service_quality"]), severity: "ordinary" };
  const heard = { heard_at: at, heard_channel: "incoming", heard_by: person.id, content: `异响 ${at}` };
  const complaint = {
    id: newId(),
    vehicle_id: vehicle.id,
    customer_id: vehicle.people[0].id,
    ...heard,
    ...classes,
  };
  return [
    "complaint.open",
    { complaint, step: { id: newId(), happened_at: at, entered_at: at, signature: INK } },
  ];
}

async function stepComplaint(app, pick) {
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
  const given = { text: "已核实", analysis: "零件松动", measure: "更换并致歉", handler_id: pick(staff).id };
  const needs = Object.fromEntries(
    row.needs.filter((name) => name in given).map((name) => [name, given[name]]),
  );
  const at = instant(Date.now());
  const step = {
    id: newId(),
    step: row.code,
    happened_at: at,
    entered_at: at,
    ...needs,
    ...(row.sign ? { signature: INK } : {}),
  };
  const set = row.needs.includes("nature")
    ? { set: { nature: "valid", cause: "price", severity: "ordinary" } }
    : {};
  return ["complaint.step", { id: complaint.id, from: complaint.state, step, ...set }];
}

async function editCustomer(app, pick) {
  const vehicle = await anyVehicle(app, pick);
  const customer = vehicle && pick((await app.file(vehicle.id)).people);
  if (!customer?.id) return null;
  const field = pick(["name", "note", "phones", "address"]);
  const phone = `13${Array.from({ length: 9 }, () => pick("0123456789")).join("")}`;
  const values = {
    name: `${pick(SURNAMES)}${pick(SURNAMES)}`,
    note: `备注 ${pick("甲乙丙丁")}`,
    phones: [...(customer.phones ?? []).slice(-4), phone],
    address: `路 ${pick("一二三")} 号`,
  };
  const base = customer[field] === undefined ? {} : { [field]: customer[field] };
  return ["customer.set", { id: customer.id, set: { [field]: values[field] } }, base];
}

async function handover(_app, pick, person) {
  const day = `20${pick("3456789")}${pick("0123456789")}-0${pick("123456789")}-1${pick("0123456789")}`;
  const sent = { sent_by: person.id, sent_at: instant(Date.now()), signature: INK };
  return [
    "handover.send",
    {
      handover: { id: newId(), kind: pick(["delivery", "repair"]), date: day, count: 0, nil: true, ...sent },
    },
  ];
}

const ACTS = [
  callback,
  callback,
  openComplaint,
  stepComplaint,
  stepComplaint,
  editCustomer,
  editCustomer,
  handover,
];

/** Something a person may do now: `[kind, body, base?]`, or null. */
export function someOp(app, chance, person) {
  const pick = picker(chance);
  return pick(ACTS)(app, pick, person);
}
