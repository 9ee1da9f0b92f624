// The tablet against a server that can be made to fail exactly here or there: nothing lost, nothing twice, always on.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AGENT,
  CLERK,
  attempt,
  complaint,
  CUSTOMER,
  fileOf,
  group,
  MANAGER,
  PART,
  TASK,
  uuid,
  VEHICLE,
} from "./cast.mjs";
import { FakeServer } from "./fake-server.mjs";
import { copied, dead, html, pushes, rename, state, world } from "./world.mjs";

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

test("requests begin small, grow while the server is free, and shrink when many wait for it", async () => {
  const { server, tablet } = await world();
  server.after = async (path, answer) => {
    if (!path.endsWith("/push")) return answer;
    return Response.json({ ...(await answer.json()), waited_ms: pushes(server).length === 3 ? 500 : 10 });
  };
  for (let i = 0; i < 260; i += 1) await tablet.app.save("customer.set", rename(`王${i}`));
  await tablet.app.sync_now();
  assert.deepEqual(
    pushes(server).map(({ message }) => message.ops.length),
    [10, 20, 40, 20, 40, 80, 50],
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

test("after a new identity the others of a shared tablet sign in with network once (sync.fork, invariants 1, 3)", async () => {
  const { server, tablet } = await world();
  const enter = ({ username }) => tablet.app.login({ username, password: "x" });
  await tablet.app.lock();
  await enter(MANAGER);
  await tablet.app.save("customer.set", rename("一"));
  await tablet.app.sync_now();
  const [device] = server.devices.values();
  device.slots.set(2, "somebody else's op");
  device.last_n = 2;
  await tablet.app.save("customer.set", rename("二"));
  await tablet.app.sync_now();
  await enter(MANAGER);
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 2);
  await tablet.app.lock();
  server.before = dead;
  await assert.rejects(enter(AGENT), { code: "app.lease", message: /联网登录一次/u });
  assert.equal((await tablet.app.state()).session, null);
  await enter(MANAGER); // this keyring opens all that lies here
  await tablet.app.lock();
  server.before = async () => null;
  await enter(AGENT);
  assert.equal((await tablet.app.search("二")).length, 1);
  await tablet.app.save("customer.set", rename("三"));
  await tablet.app.sync_now();
  assert.deepEqual([server.ops.size, (await state(tablet)).pending], [3, 0]);
});

test("who is the first after a new identity sends what was saved before it, as its author's (invariants 3, 5)", async () => {
  const { server, tablet } = await world();
  copied(server);
  await tablet.app.save("customer.set", rename("一"), { name: "张伟1" });
  const { session } = await tablet.app.inside.ctx.session();
  await tablet.app.sync_now();
  await tablet.app.lock();
  await tablet.app.login({ username: CLERK.username, password: "x" });
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "一");
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).held_by, null);
  const [{ op, result }] = server.ops.values();
  assert.deepEqual([op.by, Boolean(op.mac), result.status], [session.id, true, "applied"]);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("somebody new after a new identity works in each of their branches (invariants 10, 12)", async () => {
  const { server, tablet } = await world({ login: null });
  const roles = { SZ01: ["cs_agent"], GZ01: ["cs_agent"] };
  for (const [n, username] of [70, 71].map((n) => [n, `both${n}`]))
    server.addPerson({ id: uuid(n), name: username, username, roles });
  const enter = async (username) => {
    await tablet.app.login({ username, password: "x" });
    await tablet.app.sync_now();
  };
  await enter("both70");
  for (const [i, part] of [PART, "B:GZ01"].entries()) server.append(part, fileOf(50 + i));
  await tablet.app.sync_now(); // rows beside the snapshot, under the key of now
  copied(server);
  await tablet.app.save("customer.set", rename("一"));
  await tablet.app.sync_now();
  await tablet.app.lock();
  await enter("both71");
  for (const [i, code] of ["SZ01", "GZ01"].entries()) {
    await tablet.app.use_branch(code);
    await tablet.app.sync_now();
    assert.equal((await tablet.app.search(`1005${i}`)).length, 1, code);
  }
  await tablet.app.use_branch("SZ01");
  assert.equal((await tablet.app.search("一")).length, 1);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

/** The server is set back to a copy from before this tablet's work. */
function restore(server) {
  const backup = new FakeServer();
  Object.assign(server, {
    parts: backup.parts,
    ops: new Map(),
    devices: new Map([...server.devices.keys()].map((id) => [id, { last_n: 0, slots: new Map() }])),
    epoch: "another",
  });
  server.append("GRP", group());
  for (let i = 1; i <= 3; i += 1) server.append(PART, fileOf(i));
}

test("after a restore the cursors fall and what the server lost is sent again, once (invariants 1, 2, 16)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.sync_now();
  restore(server);
  await tablet.app.sync_now();
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 1);
  assert.equal((await tablet.app.inside.cache.cursor(PART)).epoch, "another");
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
});

test("a clock forty days wrong, or a network that is away, makes a tablet forget nothing a restore wants (invariants 1, 18)", async () => {
  let ms = Date.parse("2026-11-20T02:00:00.000Z");
  const { server, tablet } = await world({ env: { nowMs: () => ms } });
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.sync_now();
  ms += 40 * 86_400_000;
  await tablet.app.sync_now(); // the server is heard, and its time counts
  server.before = dead;
  await tablet.app.sync_now();
  restore(server);
  server.before = async () => null;
  await tablet.app.sync_now();
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 1);
  server.now = "2026-12-25T02:00:00.000Z";
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.journal.all()).length, 0); // its thirty days are over, as the server counts them
});

test("a tablet whose cache was evicted hears of a restore, too (invariants 1, 16)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.sync_now();
  restore(server);
  for (const part of ["GRP", PART]) await tablet.app.inside.cache.dropPart(part);
  await tablet.app.sync_now();
  await tablet.app.sync_now();
  assert.equal(server.ops.size, 1);
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
