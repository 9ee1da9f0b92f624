// Why it exists: a refused op is read in plain words and mended by a form of what was wrong, without a screen.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { checkFields } from "../../frontend/src/domain/schema.js";
import { bodyLines, bodySpecs, headingText, reasonText, specAt, valueText } from "../../frontend/src/pages/op-words.js";
import { mended, mendOf } from "../../frontend/src/pages/parked-mend.js";

const ROOT = new URL("../../shared_schema/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, ROOT), "utf-8"));
const files = (name) => readdirSync(new URL(name, ROOT)).map((file) => read(`${name}/${file}`));
const byKey = (docs, key) => Object.fromEntries(docs.map((doc) => [doc[key], doc]));
const SCHEMA = { records: byKey(files("records"), "record"), lists: byKey(files("lists"), "list"), ops: byKey(files("ops").flatMap(({ ops }) => ops), "kind") };
const ID = "0193f000-0000-7000-8000-000000000001";
const nameOf = (id) => (id === ID ? "王芳" : "");
const flat = (lines) => lines.flatMap(({ label, text, before, rows }) => (rows ? [label, ...flat(rows)] : [[label, before, text].filter((one) => one !== undefined).join("|")]));

test("an edit reads as before and after, with the labels of the declaration", () => {
  const body = { id: ID, set: { name: "张玮", phones: ["13800138000", "075526881234"], consent: false, refused_channels: ["sms"] } };
  const lines = flat(bodyLines(SCHEMA, "customer.set", body, { name: "张伟", consent: null }, nameOf));
  assert.deepEqual(lines, ["姓名|张伟|张玮", "电话|138 0013 8000、0755 2688 1234", "同意回访|（空）|否", "拒绝的联系方式|短信"]);
});

test("a call reads with its answers; ids and ink stay out of sight", () => {
  const attempt = { id: ID, vehicle_id: ID, staff_id: ID, started_at: "2026-11-20T02:00:00.000Z", outcome: "complete", answers: [{ q: "q1", answer: "no", reason: "没人接待" }] };
  const step = { id: ID, actor_name: "王芳", signature: "1 1 M 0 0", compensation_fen: 29950 };
  const lines = flat(bodyLines(SCHEMA, "callback.record", { attempt, step }, {}, nameOf));
  assert.ok(lines.includes("投诉处理步骤") && lines.includes("签名|已签名") && lines.includes("补偿金额|¥299.50"), lines.join());
  assert.ok(lines.some((line) => String(line).endsWith("没人接待")) && !lines.join().includes(ID), lines.join());
});

test("whatever came is readable: strange fields, wrong types, unknown kinds", () => {
  const odd = { id: ID, set: { mileage_km: "很多", note: { a: 1 }, zz: [1, 2] }, more: 1.5 };
  assert.deepEqual(flat(bodyLines(SCHEMA, "vehicle.set", odd, null, nameOf)), ["行驶里程（公里）|很多", "备注|1", "「zz」|1、2", "「more」|1.5"]);
  assert.deepEqual(flat(bodyLines(SCHEMA, "no.such", { text: "内容" }, {}, nameOf)), ["「text」|内容"]);
  for (const body of [null, {}, [], { set: null }, { set: [1] }, { set: "x" }]) assert.ok(Array.isArray(bodyLines(SCHEMA, "customer.set", body, {}, nameOf)));
  assert.equal(valueText(SCHEMA, { type: "instant" }, "x", nameOf), "x");
});

test("a problem's path leads to its declaration through sets, records, lists", () => {
  assert.equal(specAt(SCHEMA, "customer.set", "set.phones.1")?.type, "phone");
  assert.equal(specAt(SCHEMA, "callback.record", "attempt.answers.0.reason")?.type, "text");
  assert.equal(specAt(SCHEMA, "customer.add", "name")?.label, "姓名");
  for (const path of ["zz", "set.zz", "name.x", ""]) assert.equal(specAt(SCHEMA, "customer.set", path), null);
});

test("only what was wrong is asked again, and what is typed mends the body", () => {
  const body = { id: ID, set: { name: "", phones: ["不是电话"], mileage_km: 1 } };
  const problems = [{ code: "op.invalid" }, ...checkFields(SCHEMA, SCHEMA.records.customer.fields, body.set, "set.")].filter(({ field }) => field !== "set.id");
  const mend = mendOf(SCHEMA, { kind: "customer.set", body, problems });
  assert.deepEqual(Object.values(mend.paths), ["set.name", "set.phones"]);
  assert.deepEqual(mend.names.map((name) => mend.value[name]), ["", ["不是电话"]]);
  assert.deepEqual(mend.problems.map(({ field }) => field), ["field_0", "field_1.0"]);
  assert.deepEqual(mend.drops, ["set.mileage_km"]);
  const better = mended(body, mend, { field_0: "张伟", field_1: ["13800138000"] });
  assert.deepEqual(better, { id: ID, set: { name: "张伟", phones: ["13800138000"] } });
  assert.deepEqual(body.set.name, "");
});

test("what nobody can type is not asked: another record would be needed", () => {
  const problems = [{ code: "op.missing", field: "id" }, { code: "field.required", field: "attempt.vehicle_id" }, { code: "op.dep" }];
  assert.deepEqual(mendOf(SCHEMA, { kind: "callback.record", body: {}, problems }).names, []);
  assert.deepEqual(Object.keys(bodySpecs(SCHEMA, "no.such")), []);
});

test("a reason names the field, and says when colleagues' entries count too (invariant 14)", () => {
  const schema = { ...SCHEMA, codes: read("codes.json") };
  const op = { kind: "customer.set", body: { id: ID, set: { phones: ["13800138000"] } } };
  const why = (problem) => reasonText(schema, op, problem);
  assert.equal(why({ field: "set.phones", code: "field.too_many" }), "电话：条数太多，最多 6 条。同事也登记了，合在一起超过了。");
  assert.equal(why({ field: "set.phones.0", code: "field.format" }), "电话：应是 5 到 20 位数字，例如 13800138000。");
  assert.equal(why({ code: "op.missing" }), schema.codes["op.missing"].message);
  assert.equal(headingText(schema, { kind: "customer.set", label: "粤B12345 张伟" }), "修改客户资料 · 粤B·12345 张伟");
  assert.equal(headingText(schema, { kind: "no.such", label: "" }), "无法识别的记录");
});
