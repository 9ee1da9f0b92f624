// Practising: the same app on an invented branch. Nothing of it reaches the real databases or the network, or stays.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { openPractice } from "../../frontend/src/sync/practice.js";
import { INK, uuid } from "./cast.mjs";
import { loadSchema, makeLocks } from "./tools.mjs";
import { NOW, world } from "./world.mjs";

const VENV = new URL("../../.venv/bin/python", import.meta.url).pathname;
const PYTHON = process.env.PYTHON ?? (existsSync(VENV) ? VENV : "python3");
const SCRIPT = "import json; from backend.demo import practice; print(json.dumps(practice.build()))";
const cwd = new URL("../../", import.meta.url).pathname;
const FILE = execFileSync(PYTHON, ["-c", SCRIPT], { cwd, maxBuffer: 8e6 }).toString();
const files = { "/practice.json": () => FILE, "/schema.json": () => JSON.stringify(loadSchema()) };

async function opened() {
  const asked = [];
  const fetch = async (path, init) => {
    asked.push([path, init]);
    return new Response(files[path](), { headers: { "content-type": "application/json" } });
  };
  const env = { locks: makeLocks(), random: () => 0.5, nowMs: () => NOW + 100 * 24 * 3_600_000 };
  return { app: await openPractice({ fetch, ...env }), asked };
}

/** A call, a complaint with its signature, an edit and a draft, as anybody would try them. */
async function works(app) {
  const { user } = await app.state();
  const [{ task, vehicle, customer }] = (await app.today()).tasks;
  const at = new Date(NOW + 100 * 24 * 3_600_000).toISOString();
  const who = { vehicle_id: vehicle.id, customer_id: customer.id };
  const call = { staff_id: user.id, staff_name: user.name, channel: "phone", outcome: "no_answer" };
  const times = { started_at: at, ended_at: at };
  await app.save("callback.record", { attempt: { id: uuid(70), ...who, task_id: task.id, ...times, ...call } });
  const heard = { heard_at: at, heard_channel: "incoming", heard_by: user.id, content: "练习：异响" };
  const kinds = { nature: "valid", cause: "price", severity: "ordinary" };
  const step = { id: uuid(81), happened_at: at, entered_at: at, signature: INK };
  await app.save("complaint.open", { complaint: { id: uuid(80), ...who, ...heard, ...kinds }, step });
  await app.save("customer.set", { id: customer.id, set: { name: "练习改名" } }, { name: customer.name });
  await app.draft_put("call:x", { note: "练习草稿" });
}

test("no op made in practice ever reaches the real journal or the network", async () => {
  const { server, tablet } = await world();
  const before = [server.requests.length, (await tablet.app.inside.journal.all()).length];
  const { app, asked } = await opened();
  await works(app);
  await app.sync_now();
  const { pending, practice } = await app.state();
  assert.deepEqual([pending, practice], [3, true]);
  assert.equal((await app.complaint(uuid(80))).complaint.content, "练习：异响");
  assert.deepEqual([...new Set(asked.map(([path]) => path))].sort(), ["/practice.json", "/schema.json"]);
  assert.deepEqual([...new Set(asked.map(([, init]) => init))], [undefined]);
  await tablet.app.sync_now();
  assert.deepEqual((await tablet.app.state()).pending, 0);
  assert.equal((await tablet.app.inside.journal.all()).length, before[1]);
  assert.equal(server.requests.slice(before[0]).some(({ message }) => JSON.stringify(message ?? "").includes("练习")), false);
  await app.end_practice();
});

test("a practice ends without a trace: neither its databases nor its work are there again", async () => {
  const { app } = await opened();
  await works(app);
  await app.end_practice();
  assert.deepEqual((await indexedDB.databases()).filter(({ name }) => name.startsWith("practice")), []);
  const again = await opened();
  assert.deepEqual([(await again.app.state()).pending, await again.app.drafts()], [0, []]);
  await again.app.end_practice();
});

test("the invented branch has calls for today, whatever the day, people to search, and every step to try", async () => {
  const { app } = await opened();
  const { tasks, complaints } = await app.today();
  assert.ok(tasks.length > 0 && complaints.length > 0, `${tasks.length} ${complaints.length}`);
  const soon = tasks.filter(({ due_at }) => Math.abs(Date.parse(due_at) - NOW - 100 * 24 * 3_600_000) < 14 * 24 * 3_600_000);
  assert.ok(soon.length > 0, "due about now");
  assert.equal((await app.search("粤B", 50)).length >= 20, true);
  const { branches, loaded } = await app.state();
  assert.deepEqual([branches[0].short_name, loaded], ["练习店", true]);
  await app.end_practice();
});

test("a practice goes on after a reload of its tab", async () => {
  const { app } = await opened();
  await works(app);
  await app.close();
  const again = await opened();
  assert.equal((await again.app.state()).pending, 3);
  assert.deepEqual(await again.app.draft_get("call:x"), { note: "练习草稿" });
  await again.app.end_practice();
});
