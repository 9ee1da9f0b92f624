// A tablet that was copied takes a new identity, and with it new keys. Whoever comes then, by whatever way, opens what was
// sealed before, and it reaches the server (invariants 1, 3, 5, 17).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Vault } from "../../frontend/src/store/vault.js";
import { withKeys } from "../../frontend/src/store/keyring.js";
import { AGENT, fileOf, MANAGER, PART, uuid, VEHICLE } from "./cast.mjs";
import { copied, dead, rename, state, world } from "./world.mjs";

const PHOTO = Buffer.concat([Buffer.from("ffd8ffe0", "hex"), Buffer.alloc(2000, 7)]);
const PIN = "802615";
const who = (person, password = "x") => ({ username: person.username, password });

/** A tablet with an op that it could not send under the identity it had; AGENT, who saved it, is at work. */
async function forked(given) {
  const made = await world(given);
  await made.tablet.app.file(VEHICLE);
  copied(made.server);
  await made.tablet.app.save("customer.set", rename("一"), { name: "张伟1" });
  await made.tablet.app.sync_now();
  assert.match((await made.tablet.app.state()).session.expired, /新的身份/u);
  return made;
}

async function assertSent({ server, tablet }) {
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  assert.deepEqual([...server.ops.values()].map(({ result }) => result.status), ["applied"]);
  assert.equal((await tablet.app.file(VEHICLE)).people[0].name, "一");
}

test("keys: the newest first, then those the server names, then those known, each once, eight at most", () => {
  const key = (n) => ({ id: `k${n}`, key: `${n}` });
  const names = (keys) => keys.map(({ key: text }) => text).join("");
  const known = { [PART]: [key(3), key(1)], GRP: [key(9)] };
  const given = { [PART]: key(5), "B:GZ01": key(6) };
  const merged = withKeys(known, given, { [PART]: [key(4), key(3), key(5), key(2)] });
  assert.deepEqual(Object.fromEntries(Object.entries(merged).map(([part, keys]) => [part, names(keys)])), {
    [PART]: "54321",
    GRP: "9",
    "B:GZ01": "6",
  });
  assert.equal(names(withKeys(known, given)[PART]), "531");
  const many = [1, 2, 3, 4, 6, 7, 8, 9].map(key);
  assert.equal(names(withKeys({}, given, { [PART]: many })[PART]), "51234678");
});

test("older keys are kept with the keys, not with the session; they come with a change of scope, too", async () => {
  const { server, tablet } = await world();
  const { ctx, journal } = tablet.app.inside;
  assert.equal("older_keys" in (await ctx.session()), false);
  server.generation = 2;
  let told;
  server.after = async (path, answer) => {
    if (path.endsWith("/auth/keys")) told = await answer.clone().json();
    return answer;
  };
  await ctx.renewKeys(await ctx.session());
  assert.equal("older_keys" in (await ctx.session()), false);
  const between = new Vault(); // nobody was here while this was the key of now
  await between.open({ [PART]: [told.older_keys[PART][0]] });
  assert.equal(await journal.vault.unseal(PART, "ops", "a", await between.seal(PART, "ops", "a", "一")), "一");
});

test("the only one who knew the old key left the tablet after a fork, and comes back (invariants 1, 3)", async () => {
  const made = await forked();
  await made.tablet.app.logout();
  await made.tablet.app.login(who(AGENT));
  await assertSent(made);
});

test("a password that was reset after a fork locks nothing away (invariants 1, 3)", async () => {
  const made = await forked();
  made.server.passwords.set(AGENT.username, "new");
  await made.tablet.reopen({ locked: true });
  await made.tablet.app.login(who(AGENT, "new"));
  await assertSent(made);
});

test("many wrong passwords after a fork, then the right one with network, lock nothing away (invariants 1, 3)", async () => {
  const made = await forked();
  await made.tablet.reopen({ locked: true });
  for (let i = 0; i < 6; i += 1) await assert.rejects(made.tablet.app.login(who(AGENT, "wrong")), { code: /^auth/u });
  await made.tablet.app.login(who(AGENT));
  await assertSent(made);
});

test("a tablet that was forked again before anybody signed in opens what lies under each identity (invariant 3)", async () => {
  const made = await forked();
  await made.tablet.app.login(who(AGENT));
  copied(made.server);
  await made.tablet.app.sync_now();
  assert.match((await made.tablet.app.state()).session.expired, /新的身份/u);
  await made.tablet.app.lock();
  await made.tablet.app.login(who(MANAGER));
  await assertSent(made);
});

test("a photo taken before a fork is sent by somebody new (invariant 17)", async () => {
  const { server, tablet } = await world();
  const doc = { vehicle_id: VEHICLE, of_kind: "vehicle", of_id: VEHICLE, kind: "photo" };
  copied(server);
  await tablet.app.attach(doc, new Blob([PHOTO]));
  await tablet.app.sync_now();
  await tablet.app.logout();
  await tablet.app.login(who(MANAGER));
  await tablet.app.sync_now();
  await tablet.app.inside.queue.send();
  const { pending, pending_blobs } = await tablet.app.state();
  assert.deepEqual([pending, pending_blobs], [0, 0]);
  assert.deepEqual(server.blobs.file(PART, createHash("sha256").update(PHOTO).digest("hex")), PHOTO);
});

test("the files opened last are there for somebody new after a fork", async () => {
  const { tablet } = await forked();
  await tablet.app.logout();
  await tablet.app.login(who(MANAGER));
  assert.deepEqual((await tablet.app.recent()).map(({ id }) => id), [VEHICLE]);
});

/** AGENT's slot is there, and MANAGER has been here since with newer keys, under which `parts` were pulled meanwhile. */
async function outdated({ parts = [PART], person = AGENT, ...given } = {}) {
  const made = await world({ login: person, ...given });
  const { server, tablet } = made;
  await tablet.app.set_pin(PIN);
  await tablet.app.lock();
  server.generation += 1;
  server.addPerson({ ...MANAGER, roles: { SZ01: ["cs_manager"], GZ01: ["cs_manager"] } });
  await tablet.app.login(who(MANAGER));
  for (const [i, part] of parts.entries()) server.append(part, fileOf(60 + i));
  await tablet.app.sync_now();
  await tablet.app.lock();
  return made;
}

test("keys of a slot that do not open what lies here are asked for at once; without network it says so", async () => {
  const { server, tablet } = await outdated();
  server.before = dead;
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "app.lease", message: /联网登录一次/u });
  assert.equal((await tablet.app.state()).session, null);
  server.before = async () => null;
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.search("10060")).length, 1);
});

test("where not even the server's keys open what lies here, the tablet stays locked and says who can", async () => {
  const { server, tablet } = await outdated();
  server.generation = 0; // as a server that was restored without them
  await assert.rejects(tablet.app.login(who(AGENT)), { code: "app.lease", message: /同事|管理员/u });
  assert.equal((await tablet.app.state()).session, null);
  assert.equal(tablet.app.inside.journal.vault.has("GRP"), false);
});

test("TRUST-pin: a PIN whose keys do not open what lies here is gone, and the tablet stays locked", async () => {
  const { tablet } = await outdated();
  await assert.rejects(tablet.app.unlock({ id: AGENT.id, pin: PIN }), { code: "app.pin_gone" });
  const { session, vault } = await tablet.app.state();
  assert.equal(session, null);
  assert.equal(vault.people.find(({ id }) => id === AGENT.id).pin, false);
  assert.equal(tablet.app.inside.journal.vault.has("GRP"), false);
  await tablet.app.login(who(AGENT));
  assert.equal((await tablet.app.search("10060")).length, 1);
});

const BOTH = { ...AGENT, id: uuid(70), username: "both", roles: { SZ01: ["cs_agent"], GZ01: ["cs_agent"] } };

test("a branch that cannot be shown is not the one chosen: one goes on in the branch before", async () => {
  const { server, tablet } = await outdated({ parts: ["B:GZ01"], person: BOTH, people: [BOTH] });
  server.before = dead;
  await tablet.app.login(who(BOTH));
  await assert.rejects(tablet.app.use_branch("GZ01"), { code: "app.lease", message: /联网/u });
  assert.equal((await tablet.app.state()).branch, "SZ01");
  assert.equal((await tablet.app.search("10001")).length, 1);
  await tablet.reopen({ locked: true });
  await tablet.app.login(who(BOTH));
  assert.equal((await tablet.app.state()).branch, "SZ01");
  server.before = async () => null;
  await tablet.app.use_branch("GZ01");
  assert.equal((await tablet.app.search("10060")).length, 1);
  await tablet.reopen();
  assert.equal((await tablet.app.state()).branch, "GZ01");
});
