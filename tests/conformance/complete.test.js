/** The browser understands the whole schema; test_complete.py asks the same of Python. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { plainCheck } from "../../frontend/src/domain/checks.js";
import { decide, handlerOf, KINDS } from "../../frontend/src/domain/decide.js";
import { check, checkFields } from "../../frontend/src/domain/schema.js";
import { newId } from "../../frontend/src/lib/ids.js";
import { SCHEMA } from "./schema.js";

/** Every declaration below some fields. */
function* inside(fields) {
  for (const spec of Object.values(fields)) {
    yield spec;
    if (spec.type === "list") yield* inside({ item: spec.of });
    if (spec.type === "object") yield* inside(spec.fields);
  }
}

test("every field type is known", () => {
  const ops = Object.values(SCHEMA.ops).filter((op) => !op.generic);
  const all = [...Object.values(SCHEMA.records).map((record) => record.fields), ...ops.map((op) => op.body)];
  for (const spec of all.flatMap((fields) => [...inside(fields)])) plainCheck(SCHEMA, spec);
  assert.throws(() => plainCheck(SCHEMA, { type: "nonsense" }), TypeError);
});

test("every record and every body is checked", () => {
  for (const name of Object.keys(SCHEMA.records)) {
    const fields = check(SCHEMA, name, { nonsense: 1 }).map(({ field }) => field);
    assert.equal(fields.at(-1), "nonsense");
    assert.ok(fields.includes("id"), name);
  }
  for (const op of Object.values(SCHEMA.ops).filter(({ generic }) => !generic)) {
    assert.notDeepEqual(checkFields(SCHEMA, op.body, { nonsense: 1 }), [], op.kind);
  }
});

test("every op is decided here, except what only the server decides", () => {
  const undecided = Object.values(SCHEMA.ops).filter((op) => !handlerOf(op));
  assert.deepEqual(
    undecided.filter((op) => op.where !== "server").map((op) => op.kind),
    [],
  );
  assert.deepEqual(
    [...KINDS.keys()].filter((kind) => !Object.hasOwn(SCHEMA.ops, kind)),
    [],
  );
});

test("ids born one after the other sort by time and never repeat", () => {
  const ids = Array.from({ length: 1000 }, newId);
  assert.equal(new Set(ids).size, ids.length);
  const times = ids.map((id) => id.slice(0, 13));
  assert.deepEqual(times, times.toSorted());
  for (const id of ids)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("checking while typing is fast: 2,000 complaints in under a second", () => {
  const doc = {
    id: newId(),
    content: "空调异响".repeat(400),
    state: "opened",
    round: 1,
    tier: 1,
    number: "x",
  };
  const start = performance.now();
  for (let at = 0; at < 2000; at += 1) check(SCHEMA, "complaint", doc);
  assert.ok(performance.now() - start < 1000);
});

test("what only the server decides is unknown here", () => {
  const records = { get: () => null, ref: () => [], author: () => null };
  const actor = { id: newId(), name: "x", roles: ["admin"], place: "tablet" };
  const op = { id: newId(), kind: "task.generate", v: 1, part: "B:SZ01", body: { tasks: [] }, at: "" };
  const told = decide(SCHEMA, op, records, actor, "2026-11-20T02:00:00.000Z");
  assert.deepEqual(told.problems, [{ code: "op.unknown" }]);
});
