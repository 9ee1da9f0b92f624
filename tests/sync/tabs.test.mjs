// Two tabs on one tablet: what one of them does with a person's slot is not undone by the keyring that the other holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../frontend/src/store/keyring.js";
import { putMeta } from "../../frontend/src/store/meta.js";
import { allSlots, dropSlot, keyringOf, openSlot, slotOf } from "../../frontend/src/store/vault-slots.js";
import { makeKeeper } from "../../frontend/src/sync/keeper.js";
import { AGENT, MANAGER, PART, uuid } from "./cast.mjs";
import { Tablet } from "./tools.mjs";
import { dead, NOW, world } from "./world.mjs";

const HOUR = 3_600_000;
const BOTH = { ...AGENT, id: uuid(70), username: "both", roles: { SZ01: ["cs_agent"], GZ01: ["cs_agent"] } };
const who = (person, password = "x") => ({ username: person.username, password });

/** A tablet with AGENT at work in two tabs that hear nothing of each other, as when one of them slept. */
async function twoTabs() {
  const clock = { ms: NOW };
  const env = { nowMs: () => clock.ms };
  const { server, tablet } = await world({ env });
  const other = new Tablet(tablet.name, server.fetch, env);
  await other.open();
  await other.app.login(who(AGENT));
  return { server, tablet, other, clock };
}

test("who left the tablet in one tab is not brought back by another (invariant 12)", async () => {
  const { server, tablet, other, clock } = await twoTabs();
  await tablet.app.logout();
  clock.ms += HOUR;
  server.now = new Date(clock.ms).toISOString();
  await other.app.sync_now(); // the lease begins anew
  await other.app.inside.ctx.renewKeys(await other.app.inside.ctx.session());
  await other.app.lock();
  assert.deepEqual((await other.app.state()).vault.people, []);
  server.before = dead;
  await assert.rejects(other.app.login(who(AGENT)), { code: "offline" });
});

/** The slot as an earlier version stores it. */
const unnamed = ({ db }) =>
  db.run(["slots"], "readwrite", async (tx) => {
    const { session: _session, ...slot } = await tx.objectStore("slots").get(AGENT.id);
    await tx.objectStore("slots").put(slot);
  });

for (const version of ["this", "an earlier"]) {
  test(`a password changed in one tab, of ${version} version, stays changed, whatever another one stores`, async () => {
    const { server, tablet, other } = await twoTabs();
    server.passwords.set(AGENT.username, "new");
    await tablet.app.login(who(AGENT, "new"));
    if (version !== "this") await unnamed(tablet.app.inside.journal);
    await other.app.lock();
    server.before = dead;
    await tablet.reopen({ locked: true });
    await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.failed" });
    await tablet.app.login(who(AGENT, "new"));
  });
}

test("a session opened anew in one tab is not replaced by the one before", async () => {
  const { server, tablet, other, clock } = await twoTabs();
  const before = (await tablet.app.state()).session.id;
  clock.ms += 80 * HOUR; // the lease is over: the server is asked
  server.now = new Date(clock.ms).toISOString();
  await tablet.app.lock();
  await tablet.app.login(who(AGENT));
  const now = (await tablet.app.state()).session.id;
  assert.notEqual(now, before);
  await other.app.lock();
  assert.equal((await allSlots(tablet.app.inside.journal))[0].session, now);
  server.before = dead;
  await tablet.reopen();
  assert.equal((await tablet.app.state()).session.id, now);
});

test("a slot of an earlier version, which names no session, is written as ever", async () => {
  const { server, tablet, clock } = await twoTabs();
  const { journal } = tablet.app.inside;
  await unnamed(journal);
  clock.ms += HOUR;
  server.now = new Date(clock.ms).toISOString();
  await tablet.app.sync_now();
  await tablet.app.lock();
  const [slot] = await allSlots(journal);
  assert.equal(typeof slot.session, "string");
});

test("what the server told one tab is not forgotten because another slept, then locked", async () => {
  const { server, tablet, other, clock } = await twoTabs();
  for (const session of server.sessions.values()) session.person = { ...AGENT, roles: BOTH.roles };
  clock.ms += 70 * HOUR;
  server.now = new Date(clock.ms).toISOString();
  await tablet.app.sync_now(); // the lease begins anew, a branch has come
  await tablet.app.use_branch("GZ01");
  await other.app.lock();
  server.before = dead;
  clock.ms += 3 * HOUR;
  await tablet.reopen({ locked: true });
  await tablet.app.login(who(AGENT));
  const { branch, branches } = await tablet.app.state();
  assert.deepEqual([branch, branches.map(({ code }) => code)], ["GZ01", ["SZ01", "GZ01"]]);
});

test("of two keyrings of a session each part is the one that was told last, and no data key goes", () => {
  const ring = (heard, told, scope, keys, hours = 72) => {
    const [session, lease_ms] = [{ session: { id: "s" }, scope: [scope] }, hours * HOUR];
    const data_keys = { [PART]: keys.map((key) => ({ id: key, key })) };
    const at = { lease_ms, lease_until: heard + lease_ms, highest: heard + 5, offset_ms: heard };
    return { session, data_keys, told_at: told, ...at };
  };
  const names = ({ data_keys }) => data_keys[PART].map(({ key }) => key).join("");
  const [slept, awake] = [ring(100, 50, "old", ["a", "b"]), ring(90, 80, "new", ["c", "a"], 168)];
  for (const [mine, stored] of [[slept, awake], [awake, slept]]) {
    const both = joined(mine, stored);
    assert.deepEqual([both.session.scope, both.told_at, names(both)], [["new"], 80, "cab"]);
    const { lease_ms, lease_until, highest, offset_ms } = both; // a lease that was shortened stays short
    assert.deepEqual({ lease_ms, lease_until, highest, offset_ms }, { lease_ms: 72 * HOUR, lease_until: 100 + 72 * HOUR, highest: 105, offset_ms: 100 });
  }
  const anew = { ...slept, session: { session: { id: "t" }, scope: [] } };
  assert.equal(joined(anew, awake), anew);
});

/** A tablet of somebody of two branches, and what another tab's news do. */
async function ofTwoBranches() {
  const channel = { postMessage() {}, close() {}, onmessage: null };
  const { tablet } = await world({ login: BOTH, people: [BOTH], env: { channel } });
  await tablet.app.use_branch("SZ01");
  return { tablet, changed: () => channel.onmessage({ data: "changed" }) };
}

test("a branch stays chosen when another tab has stored something in that moment", async () => {
  for (let ms = 0; ms < 12; ms += 1) {
    const { tablet, changed } = await ofTwoBranches();
    const chosen = tablet.app.use_branch("GZ01");
    await new Promise((resolve) => setTimeout(resolve, ms));
    changed();
    await chosen;
    await tablet.app.inside.desk.refresh();
    assert.equal((await tablet.app.state()).branch, "GZ01", `news after ${ms} ms`);
    await tablet.kill();
  }
});

test("another branch chosen in one tab takes nobody away from a form in another", async () => {
  const { tablet, changed } = await ofTwoBranches();
  await putMeta(tablet.app.inside.journal, "branch", "GZ01"); // as the other tab does
  changed();
  await tablet.app.inside.desk.refresh();
  assert.equal((await tablet.app.state()).branch, "SZ01");
  await tablet.app.lock();
  await tablet.app.login(who(BOTH));
  assert.equal((await tablet.app.state()).branch, "GZ01");
});

test("wrong passwords that were counted in one tab stay counted when another stores its keyring", async () => {
  const { server, tablet, other } = await twoTabs();
  await tablet.app.lock();
  server.before = async (path) => (path.endsWith("/login") ? dead() : null);
  for (let i = 0; i < 5; i += 1) await assert.rejects(tablet.app.login(who(AGENT, "wrong")), { code: "auth.failed" });
  await other.app.lock();
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "auth.slow_down" });
  await assert.rejects(tablet.app.login(who(MANAGER)), { code: "offline" });
});

test("TRUST-lock: who locks the tablet while somebody's keyring is being stored is not undone", async () => {
  const { tablet } = await world();
  const { journal, cache } = tablet.app.inside;
  const keeper = makeKeeper({ journal, cache, nowMs: () => NOW });
  const slot = await slotOf(journal, AGENT.username);
  const slotKey = await openSlot(slot, "x");
  const ring = await keyringOf(slot, slotKey);
  await tablet.app.lock();
  const entering = keeper.enter({ slot, slotKey, ring });
  keeper.leave();
  await entering;
  assert.deepEqual([keeper.held, journal.vault.has(PART)], [null, false]);
  await dropSlot(journal, slot.staff_id); // signed out in another tab
  await keeper.enter({ slot, slotKey, ring });
  assert.deepEqual([keeper.held, await allSlots(journal)], [null, []]);
});
