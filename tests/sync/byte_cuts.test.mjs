// The network breaks off after byte k of a push, of its request and of its answer; a captive portal, a 502, a slow line:
// each op has its effect exactly once (invariants 1, 2, 3, 20).
//   STRIDE=n   every n-th byte (default 29; the nightly run takes 1)
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newId } from "../../frontend/src/lib/ids.js";
import { CuttingProxy } from "./cutting-proxy.mjs";
import { startServer } from "./machine-server.mjs";
import { Tablet } from "./tools.mjs";

const STRIDE = Number(process.env.STRIDE ?? 29);
const PUSH = "/api/v1/sync/push";
const PULL = "/api/v1/sync/pull";
const MOST_BYTES = 8192;
const ROUNDS = 5;
const LONGEST_MS = 20_000;

let server;
let proxy;
let tablet;
let part;
before(async () => {
  server = await startServer(30);
  proxy = await new CuttingProxy(server.base).listen();
  tablet = new Tablet(`cuts-${Date.now()}`, (path, init) => fetch(proxy.base + path, init));
  await tablet.open();
  const [person] = (await (await fetch(`${server.base}/api/v1/demo/accounts`)).json()).filter(
    ({ username }) => username === "sz01.cs",
  );
  part = `B:${person.branch}`;
  await tablet.app.login({ username: person.username, password: person.password });
  await tablet.app.sync_now();
});
after(async () => {
  await tablet?.kill();
  await proxy?.close();
  await server?.stop();
});

/** A customer whose version counts the edits that took effect. */
async function newCustomer() {
  const id = newId();
  const { decision } = await tablet.app.save("customer.add", {
    id,
    name: "钱一",
    kind: "person",
    phones: ["13800001111"],
  });
  assert.notEqual(decision.status, "parked");
  await tablet.app.sync_now();
  return { id, edits: 0, note: undefined };
}

async function edit(customer) {
  customer.edits += 1;
  const note = `第 ${customer.edits} 次`;
  const base = customer.note === undefined ? {} : { note: customer.note };
  const { op_id: id } = await tablet.app.save("customer.set", { id: customer.id, set: { note } }, base);
  customer.note = note;
  return id;
}

/** Syncs until nothing waits; the network is sound again. */
async function settle() {
  for (let round = 0; round < ROUNDS; round += 1) {
    await tablet.app.sync_now();
    const { pending } = await tablet.app.state();
    if (pending === 0) return;
  }
  assert.fail("invariant 3: an op is left without an answer");
}

/** Syncs until what is armed has happened, or nothing is left to exchange. */
async function exchanged() {
  for (let round = 0; round < ROUNDS && proxy.armed; round += 1) {
    await tablet.app.sync_now();
    if ((await tablet.app.state()).pending === 0) {
      await tablet.app.sync_now();
      return;
    }
  }
}

const answered = async (id) =>
  (await tablet.app.inside.journal.all()).find((op) => op.id === id).state !== "waiting";

/** One edit while something happens to the exchange; true if it happened. */
async function through(customer, path, where, k) {
  proxy.arm(path, where, k); // first: a save begins a sync by itself
  const id = await edit(customer);
  await Promise.race([exchanged(), new Promise((resolve) => setTimeout(resolve, LONGEST_MS))]);
  const happened = proxy.disarm();
  const entry = (await tablet.app.inside.journal.all()).find((op) => op.id === id);
  assert.ok(entry, `invariant 1: op ${id} is gone`);
  if (entry.state === "waiting") assert.ok((await tablet.app.state()).pending || (await answered(id)), "invariant 20");
  await settle();
  return happened;
}

/** Exactly once: as many versions as edits, the last value, every result `applied`. */
async function once(customer) {
  const space = tablet.app.inside.desk.spaces.get(part);
  const row = await space.part.find("customer", customer.id, []);
  const results = (await tablet.app.inside.journal.all()).filter(({ op }) => op.body.id === customer.id);
  assert.deepEqual([...new Set(results.map(({ result }) => result.status))], ["applied"]);
  assert.equal(results.length, customer.edits + 1);
  const doc = Array.isArray(row) ? row[4] : (row.doc ?? row);
  assert.equal(doc.note, customer.note);
  assert.equal(await version(customer.id), customer.edits + 1, "invariant 2: an edit took effect twice");
}

/** The record's version on the server, as a tablet that begins anew is told. */
async function version(id) {
  const device = crypto.randomUUID();
  const post = async (path, message, token) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(server.base + path, { method: "POST", headers, body: JSON.stringify(message) });
    return answer.json();
  };
  const login = await post("/api/v1/auth/login", {
    username: "sz01.cs",
    password: (await (await fetch(`${server.base}/api/v1/demo/accounts`)).json())[0].password,
    device: { id: device, name: "对账" },
  });
  for (let cursor = null; ; ) {
    const message = { proto: 1, device, cursors: { [part]: cursor }, pending: 0, limit: 2000 };
    const page = (await post(PULL, message, login.token)).parts[part];
    const found = page.rows.find((row) => row[2] === id);
    if (found) return found[3];
    if (!page.more) return 0;
    cursor = [page.epoch, page.to];
  }
}

for (const [path, where] of [
  [PUSH, "request"],
  [PUSH, "response"],
  [PULL, "response"],
]) {
  describe(`${path} cut after byte k of the ${where}, every ${STRIDE}`, () => {
    test("each op has its effect exactly once", async (t) => {
      const customer = await newCustomer();
      let k = 0;
      while (k < MOST_BYTES && (await through(customer, path, where, k))) k += STRIDE;
      assert.ok(k > 300 && k < MOST_BYTES, `the exchange had ${k} bytes`);
      await once(customer);
      t.diagnostic(`${customer.edits - 1} cuts, the last before byte ${k}`);
    });
  });
}

test("a captive portal's page, a 502 and a slow line lose nothing and double nothing", async () => {
  const customer = await newCustomer();
  for (const path of [PUSH, PULL])
    for (const where of ["portal", "502", "slow"]) assert.ok(await through(customer, path, where), where);
  await once(customer);
});
