// What pages are told: the day's work, a vehicle's file, complaints, the gate, and sheets, all from this tablet alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AGENT,
  attempt,
  CAST,
  CLERK,
  CONSULTANT,
  complaint,
  CUSTOMER,
  fileOf,
  group,
  INK,
  MANAGER,
  PART,
  TASK,
  uuid,
  VEHICLE,
} from "./cast.mjs";
import { FakeServer } from "./fake-server.mjs";
import { Tablet } from "./tools.mjs";

const NOW = Date.parse("2026-11-20T02:00:00.000Z");
const AT = "2026-11-20T01:59:00.000Z";
let count = 0;

/** A tablet with files of these tasks, already downloaded, and then without network. */
async function tablet(login, tasks, more = []) {
  const server = new FakeServer();
  for (const person of CAST) server.addPerson(person);
  server.append("GRP", group());
  server.append(PART, []);
  for (const [i, task] of tasks.entries()) server.append(PART, fileOf(i + 1, task));
  server.append(PART, more);
  count += 1;
  const { app, ...rest } = await opened(new Tablet(`v${count}`, server.fetch, { nowMs: () => NOW }), login);
  server.before = async () => {
    throw new TypeError("no network");
  };
  return { app, server, ...rest };
}

async function opened(device, login) {
  const app = await device.open();
  await app.login({ username: login.username, password: "x" });
  await app.sync_now();
  return { app, device };
}

const task = (due_at, more = {}) => ({ due_at, ...more });
const day = async (app) => (await app.today()).tasks.map(({ vehicle }) => Number(vehicle.plate.slice(-1)));

test("today lists my open tasks by due time; a booked time is the due time", async () => {
  const { app } = await tablet(AGENT, [
    task("2026-11-20T09:00:00.000Z"),
    task("2026-11-20T03:00:00.000Z"),
    task("2026-11-19T03:00:00.000Z", { booked_at: "2026-11-20T06:00:00.000Z" }),
    task("2026-11-20T01:00:00.000Z", { from_on: "2026-11-21" }),
    task("2026-11-20T01:00:00.000Z", { state: "done" }),
    task("2026-11-20T01:00:00.000Z", { booked_at: "2026-11-21T02:00:00.000Z" }),
  ]);
  assert.deepEqual(await day(app), [2, 3, 1]);
  const [first] = (await app.today()).tasks;
  assert.deepEqual(
    [first.due_at, first.customer.name, first.pending],
    ["2026-11-20T03:00:00.000Z", "张伟2", false],
  );
  assert.equal((await app.today()).tomorrow, 2);
});

test("a task with an owner is the owner's alone; without one it is the role's", async () => {
  const tasks = [
    task(AT, { owner_id: CONSULTANT.id }),
    task(AT),
    task(AT, { owner_id: AGENT.id, owner_role: "sales_consultant" }),
    task(AT, { owner_role: "sales_manager" }),
  ];
  assert.deepEqual(await day((await tablet(AGENT, tasks)).app), [2, 3]);
  assert.deepEqual(await day((await tablet(CONSULTANT, tasks)).app), [1]);
});

test("a call that is finished counts as done today and leaves the list, without network", async () => {
  const { app } = await tablet(AGENT, [task(AT), task(AT)]);
  await app.save("callback.record", { attempt: attempt(uuid(70)) });
  const { tasks, done_today: done } = await app.today();
  assert.deepEqual([tasks.length, done], [1, 1]);
});

test("a complaint is in the day of whoever may take its next step (D-K1)", async () => {
  const { app, server, device } = await tablet(AGENT, [task(AT)]);
  await app.save("complaint.open", complaint(uuid(80), uuid(81)));
  assert.deepEqual((await app.today()).complaints, []);
  assert.equal((await app.complaints())[0].pending, true);
  server.before = async () => null;
  await app.login({ username: MANAGER.username, password: "x" });
  await app.sync_now();
  const [mine] = (await app.today()).complaints;
  assert.deepEqual(
    [mine.complaint.state, mine.vehicle.id, mine.customer.id, mine.pending],
    ["opened", VEHICLE, CUSTOMER, false],
  );
  await device.kill();
});

test("a file holds the vehicle with its people, visits, calls and complaints, newest first (D-F1)", async () => {
  const order = (id, out_at) => [
    "repair_order",
    { id, vehicle_id: VEHICLE, number: id.slice(-2), out_at, type: "repair" },
  ];
  const { app } = await tablet(
    AGENT,
    [task(AT)],
    [order(uuid(60), "2026-10-01T01:00:00.000Z"), order(uuid(61), "2026-11-01T01:00:00.000Z")],
  );
  await app.save("complaint.open", complaint(uuid(80), uuid(81)));
  await app.save("customer.set", { id: CUSTOMER, set: { note: "常出差" } });
  const file = await app.file(VEHICLE);
  assert.deepEqual(
    file.people.map(({ id, role, note }) => [id, role, note]),
    [[CUSTOMER, "owner", "常出差"]],
  );
  assert.deepEqual(
    file.repair_orders.map(({ id }) => id),
    [uuid(61), uuid(60)],
  );
  assert.deepEqual(
    file.complaints.map(({ id, steps }) => [id, steps.length]),
    [[uuid(80), 1]],
  );
  assert.deepEqual([file.deliveries.length, file.tasks.length, file.partial], [1, 1, false]);
  assert.deepEqual(file.pending.sort(), [CUSTOMER, uuid(80), uuid(81)].sort());
  assert.deepEqual(
    (await app.recent()).map(({ id }) => id),
    [VEHICLE],
  );
});

test("a customer with a second car keeps both files right after an edit", async () => {
  const second = uuid(1900);
  const more = [
    ["vehicle", { id: second, vin: "LGXC16AB0P0999999", plate: "粤B99999" }],
    ["party", { id: uuid(3900), vehicle_id: second, customer_id: CUSTOMER, role: "driver" }],
  ];
  const { app } = await tablet(AGENT, [task(AT)], more);
  await app.save("customer.set", { id: CUSTOMER, set: { name: "章玮" } });
  for (const id of [VEHICLE, second]) assert.equal((await app.file(id)).people[0].name, "章玮");
  assert.deepEqual((await app.search("章玮")).map(({ id }) => id).sort(), [VEHICLE, second].sort());
});

test("a closed complaint is found by its address, in its vehicle's segment", async () => {
  const closed = {
    ...complaint(uuid(80), uuid(81)).complaint,
    number: "TS1",
    state: "closed",
    round: 1,
    tier: 1,
    closed_at: AT,
  };
  const { app } = await tablet(AGENT, [task(AT), task(AT)], [["complaint", closed]]);
  assert.deepEqual(await app.complaints(), []);
  assert.equal((await app.complaint(uuid(80))).complaint.number, "TS1");
  assert.equal(await app.complaint(uuid(99)), null);
});

test("the gate stops whoever does not handle an open complaint, without network (D-G1)", async () => {
  const { app } = await tablet(AGENT, [task(AT)]);
  assert.equal((await app.gate({ vehicle_id: VEHICLE, customer_id: CUSTOMER })).allow, true);
  await app.save("complaint.open", complaint(uuid(80), uuid(81)));
  const { allow, cards } = await app.gate({ vehicle_id: VEHICLE, customer_id: CUSTOMER });
  assert.deepEqual([allow, cards[0].level], [false, "stop"]);
});

test("a nil hand-over that was sent waits to be confirmed (D-H1)", async () => {
  const { app } = await tablet(CLERK, [task(AT)]);
  const handover = {
    id: uuid(90),
    kind: "delivery",
    date: "2026-11-20",
    count: 0,
    nil: true,
    sent_by: CLERK.id,
    sent_at: AT,
    signature: INK,
  };
  await app.save("handover.send", { handover });
  assert.deepEqual(
    (await app.today()).handovers.map(({ id, nil }) => [id, nil]),
    [[uuid(90), true]],
  );
});

test("sheets are built from what the tablet has; blank ones need nothing (D-X1, D-X4, D-X5, D-X9, D-X15)", async () => {
  const { app } = await tablet(AGENT, [task(AT)]);
  await app.save("callback.record", { attempt: attempt(uuid(70)) });
  await app.save("complaint.open", complaint(uuid(80), uuid(81)));
  assert.equal((await app.form_payload("complaint", { id: uuid(80) })).vehicle.plate, "粤B10001");
  assert.equal((await app.form_payload("vehicle_file", { id: VEHICLE })).callbacks.length, 1);
  assert.equal((await app.form_payload("callback_record", { id: uuid(70) })).call.staff, AGENT.name);
  assert.equal(
    (await app.form_payload("callback_log", { from: "2026-11-20", to: "2026-11-20" })).calls[0].name,
    "张伟1",
  );
  assert.equal(
    (await app.form_payload("callback_log", { from: "2026-11-01", to: "2026-11-19" })).calls.length,
    0,
  );
  for (const form of ["complaint", "vehicle_file", "callback_record", "callback_log"])
    assert.equal((await app.form_payload(form)).is_blank, true);
  await assert.rejects(app.form_payload("complaint", { id: uuid(99) }), { code: "not_found" });
});

test("a second tab sees what the first one saved and pulled", async () => {
  const { app, server, device } = await tablet(AGENT, [task(AT)]);
  const second = { nowMs: () => NOW, channel: new BroadcastChannel("tabs") };
  const other = await new Tablet(device.name, server.fetch, second).open();
  await other.login({ username: AGENT.username, password: "x" });
  const told = new BroadcastChannel("tabs");
  await app.save("callback.record", { attempt: attempt(uuid(70)) });
  const heard = new Promise((resolve) => void other.subscribe(({ type }) => type === "data" && resolve()));
  told.postMessage("changed");
  await heard;
  assert.deepEqual((await other.today()).tasks.map(({ task: { id } }) => id).includes(TASK), false);
  assert.equal((await other.file(VEHICLE)).attempts.length, 1);
  await other.close();
  told.close();
});
