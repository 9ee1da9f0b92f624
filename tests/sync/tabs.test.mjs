// Two tabs on one tablet: what one of them does with a person's slot is not undone by the keyring that the other holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allSlots, dropSlot, keyringOf, openSlot, slotOf } from "../../frontend/src/store/vault-slots.js";
import { makeKeeper } from "../../frontend/src/sync/keeper.js";
import { AGENT, MANAGER, PART } from "./cast.mjs";
import { Tablet } from "./tools.mjs";
import { dead, NOW, world } from "./world.mjs";

const HOUR = 3_600_000;
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
