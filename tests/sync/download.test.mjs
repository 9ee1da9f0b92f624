// First downloads, lost branches, damaged chunks, and saves that cannot be: the tablet keeps its head (SYNC.md).
import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, PART, STRANGER, uuid, VEHICLE } from "./cast.mjs";
import { dead, rename, state, world } from "./world.mjs";

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

test("an op of a branch that cannot be opened here says whose turn it is (invariant 5)", async () => {
  const { server, tablet } = await world();
  server.before = async () => dead();
  await tablet.app.save("customer.set", rename("一"));
  assert.equal((await tablet.app.state()).held_by, null);
  await tablet.app.logout();
  server.before = async () => null;
  await tablet.app.login({ username: STRANGER.username, password: "x" });
  await tablet.app.sync_now();
  const { pending, held_by } = await tablet.app.state();
  assert.deepEqual([pending, held_by, server.ops.size], [1, "SZ01", 0]);
});

test("a broken-off download goes on where it stopped, and search works before it ends", async () => {
  const { server, tablet } = await world({ files: 40, login: null });
  const [asked, answered] = [[], []];
  server.before = async (path) => (path.includes("/chunks/") && asked.push(path) > 3 ? dead() : null);
  server.after = async (path, answer) => {
    if (path.includes("/chunks/")) answered.push(path);
    return answer;
  };
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
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.ok(answered.length > 3);
  assert.equal(new Set(answered).size, answered.length);
  assert.deepEqual(
    [(await tablet.app.inside.cache.cursor(PART)).complete, (await tablet.app.file(last)).partial],
    [true, false],
  );
});

test("a branch whose snapshot the server cannot give keeps no other branch waiting", async () => {
  const { server, tablet } = await world({ login: null });
  const roles = { SZ01: ["cs_agent"], GZ01: ["cs_agent"] };
  server.addPerson({ id: uuid(72), name: "both", username: "both", roles });
  const busy = { code: "sync.busy", status: 503, message: "服务器正忙，请稍后再试。", details: {} };
  server.before = async (path) =>
    path.endsWith("/snapshot/B:SZ01") ? new Response(JSON.stringify(busy), { status: 503 }) : null;
  await tablet.app.login({ username: "both", password: "x" });
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.cache.cursor("B:GZ01"))?.complete, true);
  assert.equal((await tablet.app.inside.cache.cursor("B:SZ01")) ?? null, null);
  assert.equal((await tablet.app.state()).sync.phase, "error");
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal((await tablet.app.inside.cache.cursor("B:SZ01"))?.complete, true);
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

test("a record that is gone counts neither here nor there (invariant 10)", async () => {
  const { server, tablet } = await world();
  const { cache } = tablet.app.inside;
  const branch = server.parts.get(PART);
  branch.head += 1;
  branch.rows.set(`customer|${uuid(2002)}`, [branch.head, "customer", uuid(2002), 9, null, uuid(1002)]);
  await cache.note(PART, { checked: undefined });
  await tablet.app.sync_now();
  const { checked, mismatch } = await cache.cursor(PART);
  assert.deepEqual([Boolean(checked), mismatch], [true, undefined]);
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

test("a branch that has never come here is not loaded; that it has nothing to do is not said before", async () => {
  const { server, tablet } = await world({ login: null });
  assert.equal((await tablet.app.state()).loaded, false);
  server.before = async (path) => (path.includes("/snapshot/") ? dead() : null);
  await tablet.app.login({ username: "agent", password: "x" });
  await tablet.app.sync_now();
  assert.deepEqual([(await tablet.app.today()).tasks, (await tablet.app.state()).loaded], [[], false]);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.equal((await tablet.app.state()).loaded, true);
  server.before = dead;
  await tablet.reopen();
  assert.deepEqual([(await tablet.app.today()).tasks.length, (await tablet.app.state()).loaded], [3, true]);
});

test("a branch under a segment key that is not at hand is not loaded, until it comes again", async () => {
  const { server, tablet } = await world();
  await tablet.app.inside.cache.note(PART, { key_id: "another" });
  server.before = dead;
  await tablet.reopen();
  assert.deepEqual([(await tablet.app.today()).tasks, (await tablet.app.state()).loaded], [[], false]);
  server.before = async () => null;
  await tablet.app.sync_now();
  assert.deepEqual([(await tablet.app.today()).tasks.length, (await tablet.app.state()).loaded], [3, true]);
});

test("invariants 8, 11: a snapshot under another key takes nothing back, even if the network goes right after it", async () => {
  const { server, tablet } = await world();
  const old = await server.snapshot(PART); // prepared before the op
  await tablet.app.save("customer.set", rename("王芳"));
  await tablet.app.sync_now();
  const { cache, ctx } = tablet.app.inside;
  const before = (await cache.cursor(PART)).seq;
  const chunks = old.manifest.chunks.map((one) => ({ ...one, name: `x${one.name}`, url: `/api/v1/sync/chunks/${PART}/x${one.name}` }));
  let gone = false;
  server.before = async (path) => {
    if (gone) return dead();
    if (path.includes("/snapshot/")) return Response.json({ ...old.manifest, key_id: "k2", chunks });
    if (path.includes("/chunks/")) return new Response(old.bytes.get(path.split("/x")[1]));
    gone = path.endsWith("/pull") && (await cache.cursor(PART)).key_id === "k2";
    return gone ? dead() : null;
  };
  server.after = async (path, answer) => {
    if (!path.endsWith("/auth/keys")) return answer;
    const { keys, ...rest } = await answer.json();
    return Response.json({ ...rest, keys: Object.fromEntries(Object.entries(keys).map(([part, key]) => [part, { ...key, id: "k2" }])) });
  };
  await ctx.renewKeys(await ctx.session());
  await tablet.app.sync_now();
  const { seq, key_id, complete } = await cache.cursor(PART);
  assert.deepEqual({ gone, seq, key_id, complete }, { gone: true, seq: before, key_id: "k2", complete: true });
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "王芳");
});
