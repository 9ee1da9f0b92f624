// Locking: nothing is left in memory that opens anything, but a PIN's key for a while; no work is lost by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT, attempt, MANAGER, PART, uuid, VEHICLE } from "./cast.mjs";
import { Tablet } from "./tools.mjs";
import { dead, NOW, rename, world } from "./world.mjs";

const HOUR = 3_600_000;
const PIN = "802615";
const who = (person, password = "x") => ({ username: person.username, password });

async function timed(env = {}) {
  const clock = { ms: NOW };
  const made = await world({ env: { nowMs: () => clock.ms, ...env } });
  return { ...made, clock };
}

test("TRUST-lock: locking drops keys, session and everything loaded; drafts and unsent work stay", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.draft_put("call:1", { note: "尽快回电" });
  const { journal, desk } = tablet.app.inside;
  await tablet.app.lock();
  assert.deepEqual([journal.vault.has("GRP"), journal.vault.has(PART)], [false, false]);
  assert.deepEqual([desk.spaces.size, desk.session, await tablet.app.token()], [0, null, null]);
  for (const call of [() => tablet.app.today(), () => tablet.app.search("粤"), () => tablet.app.file(VEHICLE)])
    await assert.rejects(call, { code: "auth.required" });
  await assert.rejects(tablet.app.save("customer.set", rename("王芳")), { code: "auth.required" });
  assert.deepEqual(
    [await tablet.app.draft_get("call:1"), await tablet.app.drafts(), await tablet.app.outbox()],
    [null, [], []],
  );
  assert.equal((await tablet.app.state()).pending, 1);
  await tablet.app.login(who(AGENT));
  assert.deepEqual(await tablet.app.draft_get("call:1"), { note: "尽快回电" });
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
});

test("TRUST-lock: a save that has begun is on the disk before the keys go", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  const [saved] = await Promise.all([tablet.app.save("customer.set", rename("王芳")), tablet.app.lock()]);
  assert.equal(saved.status, "saved");
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "王芳");
});

test("TRUST-lock: a sync under way when the tablet is locked ends quietly and goes on after unlocking", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"));
  server.before = async (path) => {
    if (path.endsWith("/push")) await tablet.app.lock();
    return null;
  };
  await tablet.app.sync_now();
  server.before = async () => null;
  await tablet.app.login(who(MANAGER));
  await tablet.app.sync_now();
  const { pending, sync } = await tablet.app.state();
  assert.deepEqual([pending, sync.phase, server.ops.size], [0, "idle", 1]);
});

test("TRUST-lock: the other tabs are told and lock, too", async () => {
  const { server, tablet } = await timed({ channel: new BroadcastChannel("tabs-lock") });
  const env = { nowMs: () => NOW, channel: new BroadcastChannel("tabs-lock") };
  const other = await new Tablet(tablet.name, server.fetch, env).open();
  await other.login(who(MANAGER));
  const heard = new Promise((resolve) => void other.subscribe(({ type }) => type === "state" && resolve()));
  await tablet.app.lock();
  await heard;
  assert.equal((await other.state()).session, null);
  await tablet.app.login(who(AGENT));
  assert.equal((await other.state()).session, null, "an unlock tells the other tabs nothing");
  await Promise.all([other.close(), tablet.kill()]);
});

test("TRUST-lock: the minutes without a touch come from the rules, 5 by default", async () => {
  const { server, tablet } = await world();
  assert.equal((await tablet.app.state()).vault.idle_minutes, 5);
  server.append("GRP", [["rule", { id: uuid(95), code: "vault.idle_minutes", value: 3 }]]);
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).vault.idle_minutes, 3);
});

test("TRUST-pin: a PIN reopens without network what this worker still has in memory, and is stored nowhere", async () => {
  const { server, tablet } = await world();
  for (const easy of ["12345", "1234567", "123456", "000000", "987654", "abcdef", "１２３４５６"])
    await assert.rejects(tablet.app.set_pin(easy), { code: "app.pin" });
  await tablet.app.set_pin(PIN);
  await tablet.app.lock();
  server.before = dead;
  assert.equal((await tablet.app.state()).vault.people[0].pin, true);
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: "802616" }), { code: "app.pin", message: /4 次/u });
  await tablet.app.unlock({ id: AGENT.id, pin: PIN });
  assert.equal((await tablet.app.state()).user.id, AGENT.id);
  await tablet.reopen({ locked: true });
  assert.equal((await tablet.app.state()).vault.people[0].pin, false);
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
});

test("TRUST-pin: five misses, or twelve hours since the password, and the password is asked for", async () => {
  const { tablet, clock } = await timed();
  await tablet.app.set_pin(PIN);
  await tablet.app.lock();
  for (const left of [4, 3, 2, 1])
    await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: "111222" }), { message: new RegExp(`${left} 次`, "u") });
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: "111222" }), { code: "app.pin_gone" });
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
  await tablet.app.login(who(AGENT));
  await tablet.app.set_pin(PIN);
  clock.ms += 11 * HOUR;
  await tablet.app.lock();
  await tablet.app.unlock({ id: AGENT.id, pin: PIN });
  await tablet.app.lock();
  clock.ms += HOUR;
  assert.equal((await tablet.app.state()).vault.people[0].pin, false);
  clock.ms -= 10 * HOUR;
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
});

test("TRUST-pin: it serves its own person only, ends with a changed password, and can be given up", async () => {
  const { server, tablet } = await world();
  await tablet.app.set_pin(PIN);
  await tablet.app.login(who(MANAGER));
  await assert.rejects(tablet.app.unlock({ id: MANAGER.id, pin: PIN }), { code: "app.pin_gone" });
  await tablet.app.unlock({ id: AGENT.id, pin: PIN });
  assert.equal((await tablet.app.state()).user.id, AGENT.id);
  server.passwords.set(AGENT.username, "new");
  await tablet.app.login(who(AGENT, "new"));
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
  await tablet.app.set_pin(PIN);
  await tablet.app.set_pin(null);
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
});

test("TRUST-lease: a PIN opens no longer than the lease, and a clock turned back is told", async () => {
  const { server, tablet, clock } = await timed();
  server.leaseHours = 6;
  await tablet.app.logout();
  await tablet.app.login(who(AGENT));
  server.before = dead;
  await tablet.app.set_pin(PIN);
  assert.equal((await tablet.app.state()).vault.clock_back, false);
  clock.ms -= HOUR;
  assert.equal((await tablet.app.state()).vault.clock_back, true);
  clock.ms += 8 * HOUR;
  await tablet.app.lock();
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.lease" });
});

test("whoever leaves is known here no more; what they left is sent by the next one of the branch", async () => {
  const { server, tablet } = await world();
  server.before = async (path) => (path.endsWith("/push") ? dead() : null);
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.logout();
  assert.deepEqual((await tablet.app.state()).vault.people, []);
  server.before = dead;
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "offline" });
  server.before = async () => null;
  await tablet.app.login(who(MANAGER));
  await tablet.app.sync_now();
  assert.deepEqual([(await tablet.app.state()).pending, server.ops.size], [0, 1]);
});

test("TRUST-lock: news of another tab that are being read do not bring back who has locked", async () => {
  const channel = { postMessage() {}, close() {}, onmessage: null };
  const { tablet } = await world({ env: { channel } });
  const { desk, journal } = tablet.app.inside;
  const { run } = journal.db;
  let slow = true; // another tab writes: the first read has to wait
  journal.db.run = async (names, mode, ...rest) => {
    const waits = slow && names[0] === "meta" && mode === "readonly";
    if (waits) slow = false;
    if (waits) await new Promise((resolve) => setTimeout(resolve, 30));
    return run(names, mode, ...rest);
  };
  channel.onmessage({ data: "changed" });
  await tablet.app.lock();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual([desk.session, (await tablet.app.state()).session], [null, null]);
});

test("a session that cannot be shown when it was opened anew keeps nothing from being sent", async (t) => {
  const { server, tablet, clock } = await timed();
  await tablet.app.logout();
  server.expiresAt = "2026-11-20T12:00:00.000Z";
  await tablet.app.login(who(AGENT));
  await tablet.app.lock();
  server.expiresAt = "2027-01-01T00:00:00.000Z";
  const said = t.mock.method(console, "error", () => {});
  const { db } = tablet.app.inside.journal;
  const { run } = db;
  let renewed = false;
  server.after = async (path, answer) => {
    renewed ||= path.endsWith("/auth/login");
    return answer;
  };
  db.run = (names, mode, ...rest) => {
    if (!renewed || String(names) !== "ops" || mode !== "readonly") return run(names, mode, ...rest);
    db.run = run;
    return Promise.reject(new DOMException("Connection to Indexed Database server lost", "UnknownError"));
  };
  await tablet.app.login(who(AGENT));
  await tablet.app.inside.ctx.ready();
  assert.equal(said.mock.callCount(), 1);
  await tablet.app.save("customer.set", rename("王芳"));
  await tablet.app.sync_now();
  assert.deepEqual([server.ops.size, clock.ms], [1, NOW]);
});

test("TRUST-lock: who is locked out while signing in hears so", async () => {
  const { tablet } = await world();
  await tablet.app.lock();
  const { db } = tablet.app.inside.journal;
  const { run } = db;
  let writes = 0;
  db.run = (names, mode, ...rest) => {
    if (names[0] === "slots" && mode === "readwrite" && ++writes === 2) void tablet.app.lock();
    return run(names, mode, ...rest);
  };
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.required", message: /请再登录一次/ });
  assert.equal((await tablet.app.state()).session, null);
});

test("invariant 20: a locked tablet still knows what has not reached the server", async () => {
  const { server, tablet } = await world();
  server.before = dead;
  const { op_id: id } = await tablet.app.save("customer.set", rename("王芳"));
  await tablet.app.lock();
  assert.deepEqual(await tablet.app.op_states([id, uuid(99)]), { [id]: "waiting" });
  server.before = async () => null;
  await tablet.app.login(who(AGENT));
  await tablet.app.sync_now();
  await tablet.app.lock();
  assert.deepEqual(await tablet.app.op_states([id]), { [id]: "done" });
});
