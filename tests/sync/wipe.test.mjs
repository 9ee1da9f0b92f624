// A revoked tablet against the real server: it hands in what it has not sent, and deletes itself only after the receipt
// (TRUST, Revocation; invariants 1 and 2). The network is cut, and the app killed, between all steps.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { batches } from "../../frontend/src/sync/wipe.js";
import { startServer } from "./machine-server.mjs";
import { Tablet } from "./tools.mjs";

const STEPS = ["state", "hand-in", "wiped"];
let server;
let accounts;
let office;
let count = 0;

before(async () => {
  server = await startServer(60);
  accounts = new Map((await ask("/api/v1/demo/accounts")).map((row) => [row.username, row]));
  const { username, password } = accounts.get("admin");
  const device = { id: "0192f000-0001-7000-8000-000000000001", name: "总部" };
  office = (await ask("/api/v1/auth/login", { username, password, device })).token;
});
after(() => server?.stop());

async function ask(path, body, token = office) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const init = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
  const answer = await fetch(server.base + path, init);
  assert.ok(answer.ok, `${path} ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** A network that can be cut: `cut(path, sent)` says whether a request, or its answer (`sent`), is lost. */
class Line {
  constructor() {
    this.up = true;
    this.cut = () => false;
    this.order = [];
    this.fetch = this.fetch.bind(this);
  }

  async fetch(path, init = {}) {
    if (!this.up || this.cut(path, false)) throw new TypeError("request lost");
    const answer = await fetch(server.base + path, { ...init, signal: undefined });
    const bytes = await answer.arrayBuffer();
    this.order.push(path.split("/").at(-1));
    if (this.cut(path, true)) throw new TypeError("answer lost");
    const empty = answer.status === 204;
    return new Response(empty ? null : bytes, { status: answer.status, headers: answer.headers });
  }
}

/** A tablet at work with three unsent ops, revoked while it is off line: `{tablet, line, ops}`. */
async function lost({ locked = false, scan = null } = {}) {
  count += 1;
  const line = new Line();
  const tablet = new Tablet(`wipe${count}`, line.fetch);
  const { username, password } = accounts.get("sz01.cs");
  const app = await tablet.open();
  await app.login({ username, password });
  await app.sync_now();
  line.up = false;
  const [vehicle] = await app.search("粤");
  const { people } = await app.file(vehicle.id);
  const ops = [];
  for (const note of ["一", "二", "三"]) {
    const body = { id: people[0].id, set: { note } };
    ops.push((await app.save("customer.set", body, { note: people[0].note ?? null })).op_id);
  }
  if (scan) {
    const doc = { vehicle_id: vehicle.id, of_kind: "vehicle", of_id: vehicle.id, kind: "scan" };
    await app.attach(doc, new Blob([scan]));
    ops.push((await app.inside.journal.inState("waiting")).at(-1).id);
  }
  const { device } = await app.state();
  await ask(`/api/v1/devices/${device.id}/revoke`, { mode: "hard", reason: "丢失" });
  await tablet.reopen({ locked });
  line.up = true;
  line.order = [];
  return { tablet, line, ops, device: device.id };
}

const parked = async (ops) => (await ask("/api/v1/sync/parked")).filter(({ op }) => ops.includes(op.id));
const databases = async ({ name }) =>
  (await indexedDB.databases()).filter((found) => found.name.startsWith(`${name}-`)).length;
const until = async (done) => {
  for (let i = 0; i < 1000 && !(await done()); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** One try of whatever tells this tablet its fate; a minute passes between two of them. */
async function contact({ tablet }) {
  if (!tablet.app) return;
  const { ctx } = tablet.app.inside;
  await ctx.unheard();
}

/** What holds at every moment: an op is on the tablet or on the server (invariant 1). */
async function assertKept(given) {
  const arrived = await parked(given.ops);
  if (arrived.length < given.ops.length) assert.equal(await databases(given.tablet), 2);
  assert.equal(new Set(arrived.map(({ op }) => op.id)).size, arrived.length);
}

async function assertGone(given) {
  const arrived = await parked(given.ops);
  assert.deepEqual(arrived.map(({ op }) => op.id).sort(), [...given.ops].sort());
  assert.ok(arrived.every(({ result, code }) => (code ?? result.code) === "op.quarantine"));
  assert.equal(await databases(given.tablet), 0);
  const row = (await ask("/api/v1/devices")).find(({ id }) => id === given.device);
  assert.equal(row.state, "wiped");
}

test("a locked tablet asks what it is to do, hands in, is confirmed, says so, and deletes itself", async () => {
  const given = await lost({ locked: true });
  const told = [];
  await given.tablet.app.subscribe(({ type }) => told.push(type));
  await contact(given);
  assert.deepEqual(given.line.order, STEPS);
  assert.deepEqual(
    told.filter((type) => type.startsWith("wip")),
    ["wiping", "wiped"],
  );
  await assertGone(given);
});

test("a tablet in use learns it from the first refusal, whatever it asked", async () => {
  const given = await lost();
  await given.tablet.app.sync_now();
  await until(async () => (await databases(given.tablet)) === 0);
  assert.ok(!given.line.order.includes("state"));
  await assertGone(given);
});

test("after it is told, nothing is saved any more: not in this tab, not in another (invariant 1)", async () => {
  const given = await lost();
  given.line.cut = (path) => path.endsWith("hand-in");
  await contact(given);
  await given.tablet.app.sync_now();
  await until(async () => (await given.tablet.app.state()).retired);
  assert.equal((await given.tablet.app.state()).session, null);
  const other = new Tablet(given.tablet.name, async () => Promise.reject(new TypeError("offline")));
  const app = await other.open();
  const { username, password } = accounts.get("sz01.cs");
  await app.login({ username, password });
  const [vehicle] = await app.search("粤");
  const { people } = await app.file(vehicle.id);
  const late = { id: people[0].id, set: { note: "四" } };
  await assert.rejects(app.save("customer.set", late, { note: people[0].note ?? null }), {
    code: "device.wipe",
  });
  await other.kill();
  assert.equal(await databases(given.tablet), 2);
});

for (const step of STEPS) {
  for (const sent of [false, true]) {
    test(`the network is cut ${sent ? "after" : "before"} ${step}: nothing is lost, and it goes on later`, async () => {
      const given = await lost({ locked: true });
      given.line.cut = (path, gone) => path.endsWith(`/devices/${step}`) && gone === sent;
      await contact(given);
      await assertKept(given);
      assert.equal(await databases(given.tablet), 2);
      given.line.cut = () => false;
      await given.tablet.reopen({ locked: true }); // also a crash at this point
      await contact(given);
      await assertGone(given);
    });
  }
}

const PDF = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(2_500_000)]);

/** How much of the file has arrived, as the branch's manager is told. */
async function arrived() {
  const { username, password } = accounts.get("sz01.csm");
  const device = { id: "0192f000-0001-7000-8000-000000000002", name: "经理" };
  const { token } = await ask("/api/v1/auth/login", { username, password, device });
  const sha256 = createHash("sha256").update(PDF).digest("hex");
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.base}/api/v1/blobs/${sha256}?part=B:SZ01`, { method: "HEAD", headers });
  return [Number(answer.headers.get("Upload-Offset")), answer.headers.get("Upload-Complete") === "1"];
}

test("unsent files go too, piece by piece, sealed, from wherever they had got to (invariant 17)", async () => {
  const given = await lost({ locked: true, scan: PDF });
  let pieces = 0;
  given.line.cut = (path, gone) => path.endsWith("hand-in-file") && gone && ++pieces === 2;
  await contact(given);
  assert.deepEqual([await databases(given.tablet), await arrived()], [2, [2 * 1024 * 1024, false]]);
  given.line.cut = () => false;
  await given.tablet.reopen({ locked: true });
  await contact(given);
  assert.deepEqual(await arrived(), [PDF.length, true]);
  await assertGone(given);
});

test("a receipt that does not name every op deletes nothing", async () => {
  const given = await lost({ locked: true });
  const { fetch } = given.line;
  const short = async (path, init) => {
    const answer = await fetch(path, init);
    if (!path.endsWith("hand-in")) return answer;
    const { received } = await answer.json();
    return Response.json({ received: received.slice(1) });
  };
  given.tablet.fetch = short;
  await given.tablet.reopen({ locked: true });
  await contact(given);
  assert.equal(await databases(given.tablet), 2);
  assert.ok(!given.line.order.includes("wiped"));
  given.tablet.fetch = fetch;
  await given.tablet.reopen({ locked: true });
  await contact(given);
  await assertGone(given);
});

test("a captive portal's page is no order to delete anything", async () => {
  const given = await lost({ locked: true });
  const portal = async () => new Response("<html>{}</html>", { headers: { "content-type": "text/html" } });
  given.tablet.fetch = async (path, init) => (path.endsWith("/state") ? portal() : given.line.fetch(path, init));
  await given.tablet.reopen({ locked: true });
  await contact(given);
  assert.deepEqual((await given.tablet.app.state()).retired, false);
});

test("the server is asked once a minute at most", async () => {
  const line = new Line();
  let now = Date.now();
  const tablet = new Tablet("quiet", line.fetch, { nowMs: () => now });
  const app = await tablet.open();
  const { username, password } = accounts.get("sz01.csm");
  await app.login({ username, password });
  await app.lock();
  line.order = [];
  for (let i = 0; i < 6; i += 1, now += 20_000) await app.inside.ctx.unheard();
  assert.deepEqual(line.order, ["state", "state"]);
  await tablet.kill();
});

test("much unsent work goes in several requests of bounded size", () => {
  const row = (i, chars) => ({ id: `${i}`, n: i, part: "GRP", at: "", sealed: "x".repeat(chars) });
  const small = Array.from({ length: 450 }, (_, i) => row(i, 10));
  assert.deepEqual(
    batches(small).map((rows) => rows.length),
    [200, 200, 50],
  );
  const large = Array.from({ length: 5 }, (_, i) => row(i, 1_900_000));
  assert.deepEqual(
    batches(large).map((rows) => rows.length),
    [2, 2, 1],
  );
  assert.deepEqual(batches([]), []);
});

test("other tablets of the branch get the new segment key by themselves, and downloads go on", async () => {
  const given = await lost({ locked: true });
  const line = new Line();
  const other = new Tablet("other", line.fetch);
  const { username, password } = accounts.get("sz01.csm");
  let app = await other.open();
  await other.app.login({ username, password });
  await app.sync_now();
  const before = (await app.inside.ctx.session()).keys["B:SZ01"].id;
  const second = await lost({ locked: true }); // the key is replaced once more
  await app.inside.cache.note("B:SZ01", { stale: true });
  await app.sync_now();
  assert.notEqual((await app.inside.ctx.session()).keys["B:SZ01"].id, before);
  const [found] = await app.search("粤");
  assert.ok((await app.file(found.id)).people.length);
  const third = await lost({ locked: true });
  await other.app.login({ username, password }); // unlocks with the key of before; the cache lies under it
  app = await other.reopen();
  await app.sync_now();
  assert.ok((await app.file(found.id)).people.length);
  for (const one of [given, second, third]) await contact(one);
  await other.kill();
});

test("a cache under a key that is not at hand is downloaded again, and shows nothing until then", async () => {
  const line = new Line();
  const tablet = new Tablet("foreign", line.fetch);
  const { username, password } = accounts.get("sz01.csm");
  let app = await tablet.open();
  await tablet.app.login({ username, password });
  await app.sync_now();
  const [found] = await app.search("粤");
  await app.inside.cache.note("B:SZ01", { key_id: "another" });
  line.up = false;
  app = await tablet.reopen();
  assert.deepEqual(await app.search("粤"), []);
  line.up = true;
  await app.sync_now();
  assert.ok((await app.file(found.id)).people.length);
  await tablet.kill();
});
