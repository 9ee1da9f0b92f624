// The tablet against a server that can be made to fail exactly here or there: nothing lost, nothing twice, always on.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AGENT,
  attempt,
  CAST,
  CUSTOMER,
  complaint,
  fileOf,
  group,
  MANAGER,
  PART,
  STRANGER,
  TASK,
  uuid,
  VEHICLE,
} from "./cast.mjs";
import { FakeServer } from "./fake-server.mjs";
import { Tablet } from "./tools.mjs";

const NOW = Date.parse("2026-11-20T02:00:00.000Z");
let count = 0;

/** A server with `files` vehicles, and a tablet of its branch. */
async function world({ files = 3, login = AGENT, env = {} } = {}) {
  const server = new FakeServer();
  for (const person of CAST) server.addPerson(person);
  server.append("GRP", group());
  for (const part of [PART, "B:GZ01"]) server.append(part, []);
  for (let i = 1; i <= files; i += 1) server.append(PART, fileOf(i));
  count += 1;
  const tablet = new Tablet(`t${count}`, server.fetch, { nowMs: () => NOW, ...env });
  await tablet.open();
  if (login) {
    await tablet.app.login({ username: login.username, password: "x" });
    await tablet.app.sync_now();
  }
  return { server, tablet };
}

const rename = (name) => ({ id: CUSTOMER, set: { name } });
const state = async (tablet) => {
  const { pending, parked, sync, online } = await tablet.app.state();
  return { pending, parked, phase: sync.phase, online };
};
const pushes = (server) => server.requests.filter(({ path }) => path.endsWith("/push"));
const dead = async () => {
  throw new TypeError("network");
};
const html = (status = 200) =>
  new Response("<html>请登录 WiFi</html>", { status, headers: { "content-type": "text/html" } });

test("after login a branch is downloaded and everything the server has is here, row for row (invariant 10)", async () => {
  const { server, tablet } = await world({ files: 30 });
  const rows = await tablet.app.inside.desk.spaces.get(PART).part.everything();
  const plain = (list) => list.map((row) => JSON.stringify(row.slice(0, 5))).sort();
  assert.deepEqual(plain([...rows.values()]), plain(server.rows(PART)));
  assert.equal((await tablet.app.inside.cache.cursor(PART)).checked, "2026-11-20T02:00:00.000Z");
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("what is saved shows at once and stays until it is pulled (invariant 11)", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  const saved = await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  assert.equal(saved.status, "saved");
  assert.equal(
    (await tablet.app.today()).tasks.some(({ task }) => task.id === TASK),
    false,
  );
  assert.deepEqual((await tablet.app.file(VEHICLE)).pending.sort(), [TASK, uuid(70)].sort());
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 1, parked: 0, phase: "offline", online: false });
  await tablet.reopen();
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
  server.before = async (path) => (path.endsWith("/pull") ? dead() : null);
  await tablet.app.sync_now();
  assert.deepEqual((await tablet.app.file(VEHICLE)).pending, []);
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.deepEqual(await tablet.app.inside.journal.overlaid(), []);
  assert.equal((await tablet.app.file(VEHICLE)).attempts[0].synced_at, "2026-11-20T02:00:00.000Z");
});

test("edits of one field show in the order they were saved, also after a restart (invariants 5, 11)", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  for (const name of ["王一", "王二", "王三"]) await tablet.app.save("customer.set", rename(name));
  await tablet.reopen();
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "王三");
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal(server.parts.get(PART).rows.get(`customer|${CUSTOMER}`)[4].name, "王三");
});

test("a lost answer is asked for again and counts once (invariant 2)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"), { name: "张伟1" });
  server.after = async (path, answer) => (path.endsWith("/push") ? dead() : answer);
  await tablet.app.sync_now();
  assert.equal((await state(tablet)).pending, 1);
  server.after = async (_path, answer) => answer;
  await tablet.app.sync_now();
  const [kept] = server.ops.values();
  assert.deepEqual([kept.times, kept.result.status, (await state(tablet)).pending], [2, "applied", 0]);
});

test("a captive portal, a half answer and a foreign JSON count as offline, never as an answer (invariant 20)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"));
  const json = (text) => new Response(text, { headers: { "content-type": "application/json" } });
  const answers = [
    () => html(),
    () => html(401),
    () => json("{}"),
    () => json('{"results":[{"n":1'),
    () => json('{"epoch":"e","last_n":9,"now":"2026-11-20T02:00:00.000Z","results":[]}'),
    dead,
  ];
  for (const answer of answers) {
    server.before = async () => answer();
    await tablet.app.sync_now();
    assert.deepEqual(await state(tablet), { pending: 1, parked: 0, phase: "offline", online: false });
    assert.equal((await tablet.app.state()).session.expired, null);
    assert.equal((await tablet.app.search("粤b10002")).length, 1);
  }
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("an expired session keeps the queue and asks to log in again", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"));
  server.sessions.clear();
  await tablet.app.sync_now();
  const after = await tablet.app.state();
  assert.deepEqual([after.pending, after.sync.phase], [1, "error"]);
  assert.match(after.session.expired, /登录/u);
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("a pull comes through while the push is refused", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", { id: uuid(2002), set: { note: "x" } });
  server.before = async (path) => (path.endsWith("/push") ? new Response("", { status: 503 }) : null);
  server.append(PART, [["vehicle", { ...fileOf(1)[0][1], plate: "粤Z99999" }]]);
  await tablet.app.sync_now();
  assert.equal((await tablet.app.search("粤z99999")).length, 1);
  assert.deepEqual([(await state(tablet)).pending, (await state(tablet)).phase], [1, "error"]);
});

test("more changes than one answer holds are pulled in one cycle, page by page (invariant 7)", async () => {
  const { server, tablet } = await world();
  for (let i = 100; i < 520; i += 1) server.append(PART, fileOf(i));
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.cache.cursor(PART)).seq, server.parts.get(PART).head);
  assert.equal((await tablet.app.search("粤b10519")).length, 1);
});

test("too large a batch is halved until it fits, in order (invariant 5)", async () => {
  const { server, tablet } = await world();
  for (let i = 0; i < 9; i += 1) await tablet.app.save("customer.set", rename(`王${i}`));
  server.before = async (path, message) =>
    path.endsWith("/push") && message.ops.length > 2 ? html(413) : null;
  await tablet.app.sync_now();
  assert.equal((await state(tablet)).pending, 0);
  const accepted = pushes(server)
    .filter(({ message }) => message.ops.length <= 2)
    .flatMap(({ message }) => message.ops.map((op) => op.n));
  assert.deepEqual(accepted, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("no request carries more than 200 ops", async () => {
  const { server, tablet } = await world();
  for (let i = 0; i < 205; i += 1) await tablet.app.save("customer.set", rename(`王${i}`));
  await tablet.app.sync_now();
  assert.deepEqual(
    pushes(server).map(({ message }) => message.ops.length),
    [200, 5],
  );
});

test("a server that lost ops is sent them again from the number it expects (sync.gap)", async () => {
  const { server, tablet } = await world();
  for (const name of ["一", "二", "三"]) await tablet.app.save("customer.set", rename(name));
  await tablet.app.sync_now();
  const [device] = server.devices.values();
  device.last_n = 1;
  for (const id of [...server.ops.keys()].slice(1)) server.ops.delete(id);
  for (const n of [2, 3]) device.slots.delete(n);
  await tablet.app.save("customer.set", rename("四"));
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 4);
  assert.equal((await state(tablet)).pending, 0);
});

test("a copied device takes a new identity, keeps op ids, and goes on after the next login (sync.fork)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("一"));
  const [device] = server.devices.values();
  device.last_n = 1;
  device.slots.set(1, "somebody else's op");
  const before = await tablet.app.inside.journal.inState("waiting");
  await tablet.app.sync_now();
  assert.equal((await state(tablet)).pending, 1);
  assert.match((await tablet.app.state()).session.expired, /新的身份/u);
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  assert.deepEqual(
    [...server.ops.keys()],
    before.map(({ id }) => id),
  );
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("after a restore the cursors fall and what the server lost is sent again, once (invariants 1, 2, 16)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.sync_now();
  const backup = new FakeServer();
  Object.assign(server, {
    parts: backup.parts,
    ops: new Map(),
    devices: new Map([...server.devices.keys()].map((id) => [id, { last_n: 0, slots: new Map() }])),
    epoch: "another",
  });
  server.append("GRP", group());
  for (let i = 1; i <= 3; i += 1) server.append(PART, fileOf(i));
  await tablet.app.sync_now();
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 1);
  assert.equal((await tablet.app.inside.cache.cursor(PART)).epoch, "another");
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("a cursor below the floor takes the snapshot again (invariant 16)", async () => {
  const { server, tablet } = await world();
  server.append(PART, [["customer", { ...fileOf(2)[1][1], name: "赵六" }]]);
  server.parts.get(PART).floor = server.parts.get(PART).head;
  const snapshots = () => server.requests.filter(({ path }) => path.includes("/snapshot/")).length;
  await tablet.app.sync_now();
  assert.equal(snapshots(), 2);
  await tablet.app.sync_now();
  assert.equal(snapshots(), 2);
  assert.equal((await tablet.app.search("赵六")).length, 1);
});

test("a refused op stays listed whole, leaves the view, and is taken up when the server takes it (invariant 4)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("一"));
  server.parts.get(PART).rows.delete(`customer|${CUSTOMER}`);
  await tablet.app.sync_now();
  const [listed] = await tablet.app.outbox();
  assert.deepEqual([listed.state, listed.code, listed.body], ["parked", "op.missing", rename("一")]);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 1, phase: "idle", online: true });
  assert.equal((await tablet.app.search("张伟1")).length, 1);
  const [kept] = server.ops.values();
  kept.result = { id: kept.op.id, status: "applied", seqs: {} };
  await tablet.app.sync_now();
  assert.deepEqual([await tablet.app.outbox(), (await state(tablet)).parked], [[], 0]);
});

test("a second person logs in over another's unsent ops; each op keeps its author", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  await tablet.app.save("complaint.open", complaint(uuid(80), uuid(81)));
  await tablet.app.logout();
  server.before = async () => null;
  await tablet.app.login({ username: "manager", password: "x" });
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  const { steps } = await tablet.app.complaint(uuid(80));
  assert.equal(steps[0].actor_name, AGENT.name);
  assert.equal((await tablet.app.state()).user.id, MANAGER.id);
});

test("a step waits for the complaint it belongs to; a later edit does not wait for an earlier one (invariant 5)", async () => {
  const { tablet } = await world({ login: MANAGER });
  await tablet.app.save("complaint.open", complaint(uuid(80), uuid(81)));
  const at = "2026-11-20T01:59:00.000Z";
  const step = {
    id: uuid(82),
    complaint_id: uuid(80),
    vehicle_id: VEHICLE,
    step: "opinion",
    text: "属实",
    happened_at: at,
    entered_at: at,
    signature: "9 9 M 1 1 L 2 2",
  };
  await tablet.app.save("complaint.step", { id: uuid(80), from: "opened", step });
  await tablet.app.save("customer.set", rename("一"));
  await tablet.app.save("customer.set", rename("二"));
  const [opened, stepped, ...edits] = await tablet.app.inside.journal.inState("waiting");
  assert.deepEqual([stepped.op.dep, edits.map(({ op }) => op.dep)], [[opened.id], [[], []]]);
});

test("losing a branch drops its data after the push; the journal stays (invariant 12)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("一"));
  for (const session of server.sessions.values())
    session.person = { ...session.person, roles: { GZ01: ["cs_agent"] } };
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 1);
  assert.deepEqual((await tablet.app.inside.cache.cursors()).map(({ part }) => part).sort(), [
    "B:GZ01",
    "GRP",
  ]);
  assert.equal((await tablet.app.inside.cache.chunkNames(PART)).size, 0);
  assert.equal((await tablet.app.inside.journal.all()).length, 1);
  await assert.rejects(tablet.app.use_branch("SZ01"), { code: "sync.part" });
});

test("another branch's person sees nothing of the first one's on the same tablet (invariant 12)", async () => {
  const { tablet } = await world();
  await tablet.app.logout();
  await assert.rejects(tablet.app.search("粤"), { code: "auth.required" });
  await tablet.app.login({ username: STRANGER.username, password: "x" });
  await tablet.app.sync_now();
  assert.deepEqual(
    (await tablet.app.state()).branches.map(({ code }) => code),
    ["GZ01"],
  );
  assert.deepEqual(await tablet.app.search("粤"), []);
});

test("a broken-off download goes on where it stopped, and search works before it ends", async () => {
  const { server, tablet } = await world({ files: 40, login: null });
  const chunks = [];
  server.before = async (path) => (path.includes("/chunks/") && chunks.push(path) > 3 ? dead() : null);
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.cache.cursor(PART)).complete, false);
  await tablet.reopen();
  assert.equal((await tablet.app.search("张伟17")).length, 1);
  assert.equal((await tablet.app.today()).tasks.length, 40);
  const last = (await tablet.app.search("张伟40"))[0].id;
  assert.deepEqual(
    [(await tablet.app.file(last)).partial, (await tablet.app.file(last)).tasks.length],
    [true, 1],
  );
  server.before = async (path) => void (path.includes("/chunks/") && chunks.push(path));
  await tablet.app.sync_now();
  assert.equal(new Set(chunks).size, chunks.length - 1);
  assert.deepEqual(
    [(await tablet.app.inside.cache.cursor(PART)).complete, (await tablet.app.file(last)).partial],
    [true, false],
  );
});

test("a damaged chunk is never stored", async () => {
  const { server, tablet } = await world({ login: null });
  server.after = async (path, answer) => (path.includes("/chunks/") ? new Response("damaged") : answer);
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.cache.chunkNames(PART)).size, 0);
  assert.equal((await state(tablet)).phase, "offline");
});

test("the download tells percent and phase in Chinese", async () => {
  const { tablet } = await world({ files: 40, login: null });
  const told = [];
  await tablet.app.subscribe(async () => told.push((await tablet.app.state()).sync));
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  const words = new Set(told.filter(({ phase }) => phase === "downloading").map(({ message }) => message));
  assert.ok(words.has("正在下载车辆档案"));
  assert.ok(told.some(({ percent }) => percent > 0 && percent < 100));
});

test("a cache that differs from the server is found and replaced once (invariant 10)", async () => {
  const { server, tablet } = await world();
  const { cache } = tablet.app.inside;
  await cache.note(PART, { checked: undefined });
  const row = server.parts.get(PART).rows.get(`customer|${uuid(2002)}`);
  const seq = row[0];
  row[0] = 0;
  await tablet.app.sync_now();
  assert.equal((await cache.cursor(PART)).mismatch, server.epoch);
  row[0] = seq;
  await tablet.app.sync_now();
  const healed = await cache.cursor(PART);
  assert.deepEqual([healed.stale, healed.mismatch], [false, server.epoch]);
});

test("what the tablet can see to be wrong is refused with its problems and not stored", async () => {
  const { tablet } = await world();
  await assert.rejects(tablet.app.save("customer.set", rename("")), (error) =>
    error.problems.some(({ field }) => field === "set.name"),
  );
  await assert.rejects(tablet.app.save("branch.add", {}), { code: "op.not_allowed" });
  await assert.rejects(tablet.app.save("delivery.import", {}), { code: "op.unknown" });
  assert.equal((await state(tablet)).pending, 0);
});

test("saving the same fact twice is safe (invariant 2)", async () => {
  const { tablet } = await world();
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  const again = await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  assert.deepEqual(
    [again.status, again.decision.status, (await state(tablet)).pending],
    ["saved", "noop", 1],
  );
});
