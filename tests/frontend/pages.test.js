// Why it exists: what screens decide without a screen is judged here: grouping, stages of a call, records put together.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { check, checkFields } from "../../frontend/src/domain/schema.js";
import {
  buildAttempt, complaintContent, complete, newDraft, outcomeOf, saidNo, stagesOf, unexplained,
} from "../../frontend/src/pages/call-model.js";
import { buildOpening, buildStep, classesOf, complaintNumber } from "../../frontend/src/pages/complaint-build.js";
import { clocksOf, groundOf } from "../../frontend/src/pages/complaint-clocks.js";
import { openingFields, problemsIn, stepFields } from "../../frontend/src/pages/complaint-fields.js";
import { groupOf, groupTasks, moment } from "../../frontend/src/pages/today-groups.js";

const ROOT = new URL("../../shared_schema/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, ROOT), "utf-8"));
const folder = (name, key) => Object.fromEntries(readdirSync(new URL(name, ROOT)).map((file) => read(`${name}/${file}`)).map((doc) => [doc[key], doc]));
const SCHEMA = { records: folder("records", "record"), lists: folder("lists", "list"), workflows: folder("workflows", "workflow") };
const SALES = read("questionnaires/sales.json");
const SCRIPT = read("scripts/sales_call.json");

const NOW = "2026-11-21T03:00:00.000Z"; // 11:00 local
const ID = "0193f000-0000-7000-8000-00000000000";
const WANG = { id: `${ID}1`, name: "王芳", roles: ["cs_agent"], deputy_roles: [], place: "tablet", system: false };
const GAO = { id: `${ID}2`, name: "高建平", roles: ["service_manager"], deputy_roles: ["general_manager"], place: "tablet", system: false };
const task = (more = {}) => ({ id: `${ID}3`, vehicle_id: `${ID}4`, node: "3DC", from_on: "2026-11-20", due_at: "2026-11-21T10:00:00.000Z", state: "open", tries: 0, ...more });
const row = (more, customer = {}) => ({ task: task(more), customer });
const step = (code, from) => SCHEMA.workflows.complaint.steps.find((one) => one.code === code && one.from === from);

test("today is grouped by what to do next", () => {
  const cases = [
    [{ due_at: "2026-11-21T02:59:00.000Z" }, "late"],
    [{ due_at: "2026-11-21T04:00:00.000Z" }, "morning"],
    [{ due_at: "2026-11-21T10:00:00.000Z" }, "afternoon"],
    [{ due_at: "2026-11-23T10:00:00.000Z" }, "later"],
    [{ booked_at: "2026-11-21T06:30:00.000Z", last_outcome: "busy" }, "booked"],
    [{ booked_at: "2026-11-21T02:00:00.000Z", last_outcome: "busy" }, "late"],
    [{ booked_at: "2026-11-21T02:00:00.000Z", last_outcome: "no_answer" }, "morning"],
    [{ state: "done" }, "done"],
  ];
  for (const [more, group] of cases) assert.equal(groupOf(row(more), NOW, "12:00"), group, JSON.stringify(more));
  assert.equal(groupOf(row({}, { preferred_time: "上午九点后" }), NOW, "12:00"), "morning");
  assert.equal(groupOf(row({ due_at: "2026-11-21T04:00:00.000Z" }, { preferred_time: "晚上" }), NOW, "12:00"), "afternoon");
});

test("a promised time counts before the deadline, a retry does not", () => {
  const booked_at = "2026-11-21T06:30:00.000Z";
  assert.equal(moment(task({ booked_at, last_outcome: "busy" })), booked_at);
  assert.equal(moment(task({ booked_at, last_outcome: "no_answer" })), "2026-11-21T10:00:00.000Z");
  const rows = [row({ id: "b", due_at: "2026-11-21T09:00:00.000Z" }), row({ id: "a", due_at: "2026-11-21T08:00:00.000Z" })];
  const afternoon = groupTasks(rows, NOW).find((group) => group.key === "afternoon");
  assert.deepEqual(afternoon.rows.map((one) => one.task.id), ["a", "b"]);
});

test("no clock is read before the branch's hours have arrived", () => { // D-K3
  const complaint = { heard_at: "2026-11-21T01:00:00.000Z", round: 1 };
  const ground = (shop) => groundOf(SCHEMA, shop, [], []);
  assert.deepEqual(clocksOf(complaint, [], ground({ code: "SU01", name: "SU01" })), []);
  const shop = { code: "SU01", open: "08:30", close: "17:30", lunch_from: "12:00", lunch_to: "13:00" };
  assert.ok(clocksOf(complaint, [], ground(shop)).some((clock) => clock.working_minutes > 0));
});

test("a call leads through greeting, person, visit, time, questions, closing", () => { // D-S1
  const keys = stagesOf(SCRIPT, SALES, { landline: true }).map((stage) => stage.key);
  assert.deepEqual(keys.slice(0, 7), ["dial", "greeting", "confirm_person", "say_which", "ask_time", "landline", "questions_intro"]);
  assert.equal(keys.filter((key) => key.startsWith("q:")).length, SALES.questions.length);
  assert.deepEqual(keys.slice(-2), ["closing", "finish"]);
  assert.ok(!stagesOf(SCRIPT, SALES, { landline: false }).some((stage) => stage.key === "landline"));
});

test("no without a reason is not an answer yet", () => { // D-S2
  const stages = stagesOf(SCRIPT, SALES, { landline: false });
  const draft = { ...newDraft(SCRIPT, SALES, "13800138000"), answers: { car_prepared: { question: "car_prepared", value: "no", reason: " " } } };
  assert.equal(complete(draft.answers.car_prepared), false);
  assert.equal(unexplained(stages, draft).question.code, "car_prepared");
  draft.answers.car_prepared.reason = "有小划痕";
  assert.equal(unexplained(stages, draft), null);
  assert.equal(saidNo(stages, draft).length, 1);
  assert.match(complaintContent(stages, draft), /^交车过程：.*有小划痕$/);
});

test("an attempt is pinned to the versions asked and fits its record", () => { // D-S6, D-S8
  const stages = stagesOf(SCRIPT, SALES, { landline: false });
  const draft = { ...newDraft(SCRIPT, { ...SALES, version: 3 }, "13800138000"), started_at: "2026-11-21T02:50:00.000Z" };
  draft.answers = Object.fromEntries(SALES.questions.map(({ code }) => [code, { question: code, value: "yes", reason: null, praise: null }]));
  const given = { draft, task: task(), customer: { id: `${ID}5` }, stages, who: WANG, now: NOW };
  const attempt = buildAttempt({ ...given, outcome: outcomeOf(stages, draft) });
  assert.deepEqual(check(SCHEMA, "attempt", attempt), []);
  assert.deepEqual([attempt.outcome, attempt.questionnaire_version, attempt.script_version, attempt.consented], ["complete", 3, 1, true]);
  assert.equal(buildAttempt({ ...given, outcome: "refused" }).consented, false);
  delete draft.answers.car_prepared;
  assert.equal(outcomeOf(stages, draft), "partial");
});

test("a call from paper keeps its own time and is marked", () => { // D-X15
  const draft = { ...newDraft(null, null, "13800138000"), from_paper: true, started_at: "2026-11-20T02:00:00.000Z" };
  const attempt = buildAttempt({ draft, task: task(), customer: null, stages: [], outcome: "partial", who: WANG, now: NOW });
  assert.deepEqual([attempt.from_paper, attempt.started_at, attempt.ended_at], [true, draft.started_at, draft.started_at]);
});

test("a complaint and its first step fit their records", () => { // D-K1, D-K4
  const doc = { content: "记录仪没装", nature: "valid", cause: "service_quality", severity: "ordinary", heard_channel: "callback", on_paper: true, signature: "100 50 M 1 1 L 2 2" };
  const ids = { complaint_id: `${ID}6`, step_id: `${ID}7` };
  const about = { vehicle_id: `${ID}4`, customer_id: `${ID}5` };
  const opened = buildOpening({ row: step("register", null), doc, ids, about, who: WANG, now: NOW });
  assert.deepEqual(check(SCHEMA, "complaint", opened.complaint), []);
  assert.deepEqual(check(SCHEMA, "complaint_step", opened.step), []);
  assert.equal(opened.complaint.number, complaintNumber(NOW, ids.complaint_id));
  assert.match(opened.complaint.number, /^TS261121-0006$/);
  assert.equal(opened.step.signature, undefined, "signed on paper: no ink on the screen");
});

test("a deputy's step says whose role it took", () => { // D-K2
  const complaint = { id: `${ID}6`, vehicle_id: `${ID}4`, round: 2, state: "opinion_given" };
  const given = { row: step("review", "opinion_given"), doc: { text: "同意" }, id: `${ID}7`, complaint, now: NOW };
  const done = buildStep({ ...given, who: GAO });
  assert.deepEqual([done.actor_role, done.deputy, done.round, done.from_state, done.to_state], ["general_manager", true, 2, "opinion_given", "reviewed"]);
});

test("the form asks what the workflow table needs", () => { // D-K1
  const problems = (fields, doc) => problemsIn(checkFields, SCHEMA, fields, doc).map((one) => one.field);
  const back = step("return", "dispatched");
  assert.deepEqual(problems(stepFields(SCHEMA, back, {}), {}), ["analysis", "measure", "signature"]);
  assert.deepEqual(problems(stepFields(SCHEMA, back, { on_paper: true }), { on_paper: true }), ["analysis", "measure"]);
  assert.deepEqual(problems(openingFields(SCHEMA, step("report", null), {}), {}), ["heard_channel", "content"]);
  const call = openingFields(SCHEMA, step("register", null), {}, { call: true });
  assert.deepEqual(problems(call, { content: "x" }), ["nature", "cause", "severity", "signature"]);
  assert.deepEqual(classesOf({ nature: "valid", text: "x", cause: null }), { nature: "valid" });
});
