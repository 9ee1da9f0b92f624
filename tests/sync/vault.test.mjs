// The vault: what lies on the tablet is sealed, a password opens it with or without network, and nothing waits for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openJournal } from "../../frontend/src/store/journal.js";
import { getMeta, putDraft, putMeta } from "../../frontend/src/store/meta.js";
import { NoKey, Vault } from "../../frontend/src/store/vault.js";
import { AGENT, attempt, fileOf, MANAGER, PART, STRANGER, uuid, VEHICLE } from "./cast.mjs";
import { openVault } from "./tools.mjs";
import { dead, NOW, pushes, rename, world } from "./world.mjs";

const SECOND = 1000;
const HOUR = 3_600_000;
const who = (person, password = "x") => ({ username: person.username, password });

/** A world whose tablet's clock can be set. */
async function timed(given) {
  const clock = { ms: NOW };
  const made = await world({ ...given, env: { nowMs: () => clock.ms } });
  return { ...made, clock };
}

/** Every value of a database, as text. */
async function everything(db, stores) {
  const rows = await db.run(stores, "readonly", (tx) =>
    Promise.all(stores.map((name) => tx.objectStore(name).getAll())),
  );
  const text = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value);
  return JSON.stringify(rows, (_key, value) => text(value));
}

test("a sealed value opens for its record only, with its key only, and only unchanged", async () => {
  const vault = await openVault("GRP", PART);
  const sealed = await vault.seal(PART, "ops", "a", { name: "张伟" });
  assert.deepEqual(await vault.unseal(PART, "ops", "a", sealed), { name: "张伟" });
  assert.deepEqual([sealed[0], sealed.length], [1, 1 + 12 + 16 + Buffer.byteLength('{"name":"张伟"}')]);
  const flipped = Uint8Array.from(sealed, (byte, i) => (i === 20 ? byte ^ 1 : byte));
  for (const [part, table, id, bytes] of [
    ["GRP", "ops", "a", sealed],
    [PART, "drafts", "a", sealed],
    [PART, "ops", "b", sealed],
    [PART, "ops", "a", flipped],
    ["B:GZ01", "ops", "a", sealed],
  ])
    await assert.rejects(vault.unseal(part, table, id, bytes), NoKey);
  vault.close();
  await assert.rejects(vault.unseal(PART, "ops", "a", sealed), NoKey);
  await assert.rejects(vault.seal(PART, "ops", "a", {}), NoKey);
});

test("names, phones, answers, drafts, session and password lie nowhere in clear", async () => {
  const { server, tablet } = await world();
  server.before = async (path) => (path.endsWith("/push") ? dead() : null);
  server.append(PART, fileOf(9));
  await tablet.app.save("customer.set", rename("欧阳娜娜"));
  await tablet.app.draft_put("call:1", { note: "尽快回电" });
  await tablet.app.file(VEHICLE);
  await tablet.app.sync_now();
  const { token } = await tablet.app.inside.ctx.session();
  const { journal, cache } = tablet.app.inside;
  const stored =
    (await everything(journal.db, ["ops", "meta", "drafts", "slots"])) +
    (await everything(cache.db, ["pages", "cursors"]));
  for (const secret of ["欧阳娜娜", "尽快回电", "张伟9", fileOf(9)[0][1].plate, VEHICLE, token, '"x"'])
    assert.equal(stored.includes(secret), false, secret);
  assert.ok(stored.includes(AGENT.name) && stored.includes("call:1"), "the names of staff lie in clear");
});

test("a refusal's words and values are sealed with the op they answer", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"));
  server.after = async (path, answer) => {
    if (!path.endsWith("/push")) return answer;
    const told = await answer.json();
    const parked = { ...told.results[0], status: "parked", seqs: {}, code: "op.stale", message: "与张三冲突" };
    return Response.json({ ...told, results: [parked] });
  };
  await tablet.app.sync_now();
  assert.equal((await tablet.app.outbox())[0].message, "与张三冲突");
  assert.equal((await everything(tablet.app.inside.journal.db, ["ops"])).includes("与张三冲突"), false);
});

test("after a restart the tablet is locked; the password opens it without network, and work goes on", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  server.before = dead;
  await tablet.reopen({ locked: true });
  const locked = await tablet.app.state();
  assert.deepEqual([locked.session, locked.user, locked.branch, locked.pending], [null, null, null, 1]);
  assert.deepEqual(locked.vault.people, [{ id: AGENT.id, name: AGENT.name, username: AGENT.username, pin: false }]);
  await assert.rejects(tablet.app.today(), { code: "auth.required" });
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.file(VEHICLE)).attempts.length, 1);
  await tablet.app.save("customer.set", rename("王芳"));
  assert.equal((await tablet.app.state()).pending, 2);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).pending, 0);
});

test("a first login needs the network and says so", async () => {
  const { server, tablet } = await world({ login: null });
  server.before = async (path) => (path.endsWith("/login") ? dead() : null);
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "offline", message: /第一次.*联网/u });
});

test("wrong passwords without network cost more and more time, at most a quarter of an hour, never for ever", async () => {
  const { server, tablet, clock } = await timed();
  server.before = dead;
  await tablet.reopen({ locked: true });
  for (let i = 0; i < 5; i += 1)
    await assert.rejects(tablet.app.login(who(AGENT, "wrong")), { code: "auth.failed" });
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.slow_down", message: /1 秒/u });
  clock.ms += SECOND;
  await assert.rejects(tablet.app.login(who(AGENT, "wrong")), { code: "auth.failed" });
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.slow_down", message: /2 秒/u });
  for (let i = 0; i < 20; i += 1) {
    clock.ms += 900 * SECOND;
    await assert.rejects(tablet.app.login(who(AGENT, "wrong")), { code: "auth.failed" });
  }
  await tablet.reopen({ locked: true });
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.slow_down", message: /900 秒/u });
  clock.ms += 900 * SECOND;
  await tablet.app.login(who(AGENT));
  await tablet.reopen();
  assert.equal((await tablet.app.state()).user.id, AGENT.id);
});

test("a changed password opens after one login with network; the old one opens no more", async () => {
  const { server, tablet } = await world();
  await tablet.app.save("customer.set", rename("王芳"));
  server.passwords.set(AGENT.username, "new");
  await tablet.reopen({ locked: true });
  await tablet.app.login(who(AGENT, "new"));
  server.before = dead;
  await tablet.reopen({ locked: true });
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.failed" });
  await tablet.app.login(who(AGENT, "new"));
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "王芳");
});

test("an ended session is opened again with the password just typed, while work goes on", async () => {
  const { server, tablet } = await world();
  server.sessions.clear();
  await tablet.app.save("customer.set", rename("王芳"));
  await tablet.app.sync_now();
  assert.match((await tablet.app.state()).session.expired, /登录/u);
  await tablet.reopen();
  await tablet.app.sync_now();
  const { pending, session } = await tablet.app.state();
  assert.deepEqual([pending, session.expired], [0, null]);
});

test("TRUST-lease: the lease ends three days after the last contact: the work stays, and the network opens it again", async () => {
  const { server, tablet, clock } = await timed();
  await tablet.app.save("customer.set", rename("王芳"));
  server.before = dead;
  clock.ms += 71 * HOUR;
  await tablet.reopen();
  clock.ms += 2 * HOUR;
  await tablet.reopen({ locked: true });
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "app.lease", message: /联网/u });
  assert.equal((await tablet.app.state()).pending, 1);
  server.before = async () => null;
  server.now = new Date(clock.ms).toISOString();
  await tablet.app.login(who(AGENT));
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).pending, 0);
});

test("a clock that is wrong by days opens as long as a right one; one turned back wins no time (invariant 18)", async () => {
  for (const error of [-72 * HOUR, 72 * HOUR]) {
    const clock = { ms: NOW + error };
    const { server, tablet } = await world({ env: { nowMs: () => clock.ms } });
    server.before = dead;
    clock.ms += 71 * HOUR;
    await tablet.reopen();
    for (const hours of [2, -60]) {
      clock.ms += hours * HOUR;
      await tablet.reopen({ locked: true });
      await assert.rejects(tablet.app.login(who(AGENT)), { code: "app.lease" }, `${error} ${hours}`);
    }
  }
});

test("an op waits until somebody with its branch's key unlocks, and nothing else stops (invariants 3, 5)", async () => {
  const { server, tablet } = await world();
  server.append("B:GZ01", fileOf(50));
  const edit = { id: fileOf(50)[1][1].id, set: { name: "何先生" } };
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  const seen = [];
  for (const person of [STRANGER, MANAGER, STRANGER]) {
    await tablet.app.login(who(person));
    await tablet.app.sync_now();
    if (!seen.length) await tablet.app.save("customer.set", edit);
    if (!seen.length) await tablet.app.sync_now();
    const { pending, sync } = await tablet.app.state();
    seen.push([pending, sync.phase, (await tablet.app.outbox()).map(({ kind }) => kind)]);
  }
  assert.deepEqual(seen, [
    [2, "idle", ["customer.set"]],
    [1, "idle", []],
    [0, "idle", []],
  ]);
  assert.deepEqual(
    pushes(server).flatMap(({ message }) => message.ops.map(({ n, kind }) => [n, kind])),
    [
      [1, "callback.record"],
      [2, "customer.set"],
    ],
  );
});

test("what version 0.1.0 left plain is read, and sealed by whoever unlocks first", async () => {
  const { server, tablet } = await world();
  server.before = async (path) => (path.endsWith("/push") ? dead() : null);
  await tablet.app.save("callback.record", { attempt: attempt(uuid(70)) });
  await tablet.app.draft_put("call:1", { note: "尽快回电" });
  const { journal } = tablet.app.inside;
  const [op] = await journal.inState("waiting");
  const { k, id, device, n, state, part, at, size, ...envelope } = op;
  await journal.db.run(["ops", "drafts", "meta"], "readwrite", async (tx) => {
    await tx.objectStore("ops").put({ k, id, device, n, state, part, at, size, sealed: envelope });
    await tx.objectStore("drafts").put({ key: "call:1", at, sealed: { note: "尽快回电" } });
    await tx.objectStore("meta").put({ key: "session", sealed: { token: "plain-token" } });
  });
  await tablet.reopen();
  const again = tablet.app.inside.journal;
  const stored = await everything(again.db, ["ops", "drafts", "meta"]);
  for (const plain of ["尽快回电", "plain-token", AGENT.name]) assert.equal(stored.includes(plain), false, plain);
  assert.deepEqual(await tablet.app.draft_get("call:1"), { note: "尽快回电" });
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).pending, 0);
});

test("settings are sealed but for those that a locked tablet needs", async () => {
  const journal = openJournal("settings", await openVault("GRP"));
  await putMeta(journal, "branch", "SZ01");
  await putMeta(journal, "recent:SZ01", ["a"]);
  await putDraft(journal, "GRP", "script:X", {}, "2026-11-20T02:00:00.000Z");
  const locked = openJournal("settings", new Vault());
  assert.equal(await getMeta(locked, "branch"), "SZ01");
  await assert.rejects(getMeta(locked, "recent:SZ01"), NoKey);
  await Promise.all([journal.close(), locked.close()]);
});

test("TRUST-lock: keys that are still being read when the tablet is locked do not come back", async () => {
  const vault = new Vault();
  let wanted = true;
  const key = Buffer.alloc(32, 1).toString("base64");
  const opening = vault.open({ [PART]: [{ id: "d", key }] }, () => wanted);
  wanted = false;
  vault.close();
  await opening;
  assert.equal(vault.has(PART), false);
  await vault.open({ [PART]: [{ id: "d", key }] });
  assert.equal(vault.has(PART), true);
});
