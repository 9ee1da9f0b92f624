// What the server did not accept, and two fillings of one field, as a tablet knows them (invariants 4, 11, 14).
import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT, CUSTOMER, fileOf, MANAGER, PART, VEHICLE } from "./cast.mjs";
import { dead, NOW, pushes, rename, state, world } from "./world.mjs";

const NAME = fileOf(1)[1][1].name;
const BY = { by_id: MANAGER.id, by_name: MANAGER.name, at: "2026-11-20T03:00:00.000Z" };
const nameOf = async (tablet) => (await tablet.app.file(VEHICLE)).people[0].name;

/** A tablet whose edit of the customer's name was refused. */
async function refused(env = {}) {
  const { server, tablet } = await world({ env });
  const rows = server.parts.get(PART).rows;
  const stored = rows.get(`customer|${CUSTOMER}`);
  await tablet.app.save("customer.set", rename("写错的"), { name: NAME });
  rows.delete(`customer|${CUSTOMER}`);
  await tablet.app.sync_now();
  rows.set(`customer|${CUSTOMER}`, stored);
  const [op] = await tablet.app.outbox();
  assert.equal(op.state, "parked");
  return { server, tablet, op };
}

test("a mended op never lies over the view: what it became comes with the pull (invariant 11)", async () => {
  const { server, tablet, op } = await refused();
  const seq = server.append(PART, [["customer", { ...fileOf(1)[1][1], name: "改好的" }]]);
  server.before = dead;
  const result = { id: op.id, status: "applied", seqs: { [PART]: seq }, settled: { ...BY, mended: true } };
  await tablet.app.settled([result]);
  assert.equal(await nameOf(tablet), NAME);
  assert.deepEqual([await tablet.app.outbox(), (await state(tablet)).parked], [[], 0]);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal(await nameOf(tablet), "改好的");
});

test("a waiting op whose answer was lost hears that it was mended meanwhile (invariants 2, 11)", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("写错的"), { name: NAME });
  server.after = async (path, answer) => (path.endsWith("/push") ? dead() : answer);
  await tablet.app.sync_now();
  const [kept] = server.ops.values();
  const seq = server.append(PART, [["customer", { ...fileOf(1)[1][1], name: "改好的" }]]);
  kept.result = { id: kept.op.id, status: "applied", seqs: { [PART]: seq }, settled: { ...BY, mended: true } };
  server.after = async (_path, answer) => answer;
  await tablet.app.sync_now();
  assert.equal(await nameOf(tablet), "改好的");
  assert.deepEqual(await tablet.app.inside.journal.overlaid(), []);
});

test("a discarded op stops nagging; its journal entry keeps who and why (invariants 3, 4)", async () => {
  const { server, tablet, op } = await refused();
  const [kept] = server.ops.values();
  const settled = { ...BY, mended: false, reason: "重复登记" };
  kept.result = { id: op.id, status: "discarded", seqs: {}, code: "op.discarded", settled };
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  const [entry] = await tablet.app.inside.journal.all();
  assert.deepEqual([entry.state, entry.result.settled.reason, entry.op.body], ["done", "重复登记", op.body]);
});

test("results of ops that this tablet does not know change nothing", async () => {
  const { tablet } = await refused();
  await tablet.app.settled([{ id: VEHICLE, status: "discarded", seqs: {} }]);
  assert.equal((await state(tablet)).parked, 1);
});

test("a refused op is asked about again after the device changed its identity (sync.fork, invariant 3)", async () => {
  const { server, tablet, op } = await refused();
  await tablet.app.save("customer.set", rename("又一次"), { name: NAME });
  const [device] = server.devices.values();
  device.last_n = 2;
  device.slots.set(2, "somebody else's op");
  await tablet.app.sync_now();
  await tablet.app.login({ username: AGENT.username, password: "x" });
  server.ops.get(op.id).result = { id: op.id, status: "noop", seqs: {} };
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  assert.equal(server.ops.size, 2);
});

test("two fillings of a field are seen off line, and one tap decides (invariant 14)", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  await tablet.app.save("customer.set", rename("我填的"), { name: NAME });
  server.append(PART, [["customer", { ...fileOf(1)[1][1], name: "别人填的" }]]);
  server.before = async () => null;
  await tablet.app.sync_now();
  server.before = dead;
  const [one] = (await tablet.app.file(VEHICLE)).fillings;
  assert.deepEqual([one.now, one.other, one.whose], ["我填的", "别人填的", "我填的"]);
  const { conflict } = one;
  assert.deepEqual([conflict.field, conflict.by_name, conflict.record_id], ["name", AGENT.name, CUSTOMER]);
  const body = { id: conflict.id, record_id: CUSTOMER, choice: "restore" };
  await tablet.app.save("conflict.settle", body, { name: "我填的" });
  await tablet.reopen();
  assert.equal(await nameOf(tablet), "别人填的");
  assert.deepEqual((await tablet.app.file(VEHICLE)).fillings, []);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  assert.equal(server.parts.get(PART).rows.get(`conflict|${conflict.id}`)[4].choice, "restore");
  assert.ok(pushes(server).length > 0);
});

test("this tablet and the server make the same conflict record (invariants 10, 14)", async () => {
  const { server, tablet } = await world();
  server.before = async (path) => (path.endsWith("/push") ? dead() : null);
  await tablet.app.save("customer.set", rename("我填的"), { name: NAME });
  server.append(PART, [["customer", { ...fileOf(1)[1][1], name: "别人填的" }]]);
  await tablet.app.sync_now();
  const before = (await tablet.app.file(VEHICLE)).fillings;
  server.before = async () => null;
  await tablet.app.sync_now();
  const after = (await tablet.app.file(VEHICLE)).fillings;
  assert.equal(before.length, 1);
  assert.deepEqual(after, before);
});

test("invariant 16: a mended op stays for a restore, although the tablet's clock is far behind", async () => {
  const clock = { ms: NOW - 40 * 24 * 3_600_000 };
  const { tablet, op } = await refused({ nowMs: () => clock.ms });
  await tablet.app.settled([{ id: op.id, status: "applied", seqs: {}, settled: { ...BY, mended: false } }]);
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.journal.all()).length, 1);
});
