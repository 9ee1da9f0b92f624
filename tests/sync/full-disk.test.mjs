// A full disk: nothing new can be stored, but a tablet can be locked and unlocked as ever, and what is said is in our words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT, MANAGER, PART, STRANGER, uuid, VEHICLE } from "./cast.mjs";
import { copied, dead, NOW, rename, world } from "./world.mjs";

const HOUR = 3_600_000;
const PIN = "802615";
const who = (person, password = "x") => ({ username: person.username, password });

/** From now on nothing can be written into these stores; returns what makes room again. */
function fill(tablet, { stores = ["slots"], error = () => new DOMException("full", "QuotaExceededError") } = {}) {
  const { db } = tablet.app.inside.journal;
  const { run } = db;
  db.run = (names, mode, ...rest) =>
    mode === "readwrite" && names.some((name) => stores.includes(name))
      ? Promise.reject(error())
      : run(names, mode, ...rest);
  return () => {
    db.run = run;
  };
}

async function assertLocked(tablet) {
  const { journal, desk } = tablet.app.inside;
  assert.deepEqual([journal.vault.has("GRP"), journal.vault.has(PART)], [false, false]);
  assert.deepEqual([desk.spaces.size, desk.session, await tablet.app.token()], [0, null, null]);
  assert.equal((await tablet.app.state()).session, null);
}

test("TRUST-lock: a full disk locks, and opens again by password and by PIN", async () => {
  const { server, tablet } = await world();
  await tablet.app.set_pin(PIN);
  fill(tablet);
  await tablet.app.lock();
  await assertLocked(tablet);
  await tablet.app.unlock({ id: AGENT.id, pin: PIN });
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "张伟1");
  await tablet.app.lock();
  server.before = dead;
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "张伟1");
});

test("TRUST-lock: a database that fails altogether keeps no tablet open; the error is told afterwards", async () => {
  const { tablet } = await world();
  const lost = () => new DOMException("Connection to Indexed Database server lost", "UnknownError");
  const { db } = tablet.app.inside.journal;
  const { run } = db;
  db.run = () => Promise.reject(lost());
  const told = [];
  await tablet.app.subscribe(({ type }) => told.push(type));
  await assert.rejects(tablet.app.lock(), { name: "UnknownError" });
  assert.ok(told.includes("state"), "the screens hear of it");
  db.run = run;
  await assertLocked(tablet);
});

test("TRUST-lock: a full disk keeps nobody at work who leaves the tablet, and says that they are still listed", async () => {
  const { server, tablet } = await world();
  const room = fill(tablet);
  await assert.rejects(tablet.app.logout(), { code: "app.no_room", message: /存储空间不足/u });
  await assertLocked(tablet);
  assert.ok(server.requests.some(({ path }) => path.endsWith("/auth/logout")));
  room();
  server.sessions.clear();
  await tablet.app.login(who(AGENT));
  await tablet.app.logout();
  assert.deepEqual((await tablet.app.state()).vault.people, []);
});

test("a server that is heard on a full disk is no error, and the lease is stored when there is room", async (t) => {
  const clock = { ms: NOW };
  const { server, tablet } = await world({ env: { nowMs: () => clock.ms } });
  const complained = t.mock.method(console, "error", () => {});
  const room = fill(tablet);
  clock.ms += 71 * HOUR;
  server.now = new Date(clock.ms).toISOString();
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).sync.phase, "idle");
  assert.equal(complained.mock.callCount(), 0);
  room();
  await tablet.app.lock(); // stores what was heard
  server.before = dead;
  clock.ms += 2 * HOUR;
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.state()).user.id, AGENT.id);
});

test("a session that is opened anew on a full disk is stored as soon as there is room", async () => {
  const clock = { ms: NOW };
  const { server, tablet } = await world({ env: { nowMs: () => clock.ms } });
  await tablet.app.lock();
  clock.ms += 80 * HOUR; // the lease is over: the server is asked
  server.now = new Date(clock.ms).toISOString();
  const room = fill(tablet);
  await tablet.app.login(who(AGENT));
  const { id } = (await tablet.app.state()).session;
  room();
  await tablet.app.lock();
  server.before = dead;
  await tablet.reopen();
  assert.equal((await tablet.app.state()).session.id, id);
});

test("after a fork a full disk lets in who was here before", async () => {
  const { server, tablet } = await world();
  copied(server);
  await tablet.app.save("customer.set", rename("一"), { name: "张伟1" });
  await tablet.app.sync_now();
  await tablet.app.lock();
  fill(tablet, { stores: ["slots", "meta", "drafts"] });
  await tablet.app.login(who(AGENT));
  await tablet.app.sync_now();
  assert.deepEqual([(await tablet.app.state()).pending, server.ops.size], [0, 1]);
});

for (const stores of [["slots"], ["meta"], ["slots", "meta"]]) {
  test(`who is new on a tablet whose disk is full is told so (${stores}), and nobody else is locked out`, async () => {
    const { tablet } = await world();
    const room = fill(tablet, { stores });
    await assert.rejects(tablet.app.login(who(STRANGER)), { code: "app.no_room", message: /存储空间不足/u });
    assert.equal((await tablet.app.state()).user.id, AGENT.id, "still at work");
    await tablet.app.lock();
    await assert.rejects(tablet.app.login(who(MANAGER)), { code: "app.no_room", message: /存储空间不足/u });
    await assertLocked(tablet);
    await tablet.app.login(who(AGENT));
    room();
    await tablet.app.login(who(STRANGER));
    assert.equal((await tablet.app.state()).user.id, STRANGER.id);
  });
}

test("a wrong password on a full disk is called wrong", async () => {
  const { server, tablet } = await world();
  await tablet.app.lock();
  server.before = dead;
  fill(tablet);
  await assert.rejects(tablet.app.login(who(AGENT, "wrong")), { code: "auth.failed" });
});

test("a branch that cannot be noted on a full disk is not half chosen", async () => {
  const roles = { SZ01: ["cs_agent"], GZ01: ["cs_agent"] };
  const both = { ...AGENT, id: uuid(70), username: "both", roles };
  const { tablet } = await world({ login: both, people: [both] });
  const room = fill(tablet, { stores: ["meta"] });
  await assert.rejects(tablet.app.use_branch("GZ01"), { code: "app.no_room", message: /门店/u });
  assert.equal((await tablet.app.state()).branch, "SZ01");
  room();
  await tablet.app.use_branch("GZ01");
  assert.equal((await tablet.app.state()).branch, "GZ01");
});

test("TRUST-revocation: a tablet that is to be wiped locks, though its full disk cannot note that, and goes on later", async (t) => {
  const { server, tablet } = await world();
  t.mock.method(console, "error", () => {});
  const told = [];
  await tablet.app.subscribe(({ type }) => told.push(type));
  server.before = async (path) => (path.endsWith("/devices/state") ? Response.json({ state: "wipe" }) : null);
  const room = fill(tablet, { stores: ["meta", "slots"] });
  await tablet.app.inside.ctx.unheard();
  await assertLocked(tablet);
  assert.ok(told.includes("wiping"));
  assert.equal(server.requests.some(({ path }) => path.endsWith("/hand-in")), false, "saves may still come");
  room();
  assert.equal((await tablet.app.state()).retired, false);
});
