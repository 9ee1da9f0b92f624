// Search over the branch's directory: what finds a vehicle, in which order, how fast, and how changes get in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Directory } from "../../frontend/src/store/directory.js";
import { Lines } from "../../frontend/src/store/lines.js";
import { chunkOf, line, random } from "./people.mjs";

const directoryOf = (...chunks) => new Directory(chunks.map((lines) => new Lines(chunkOf(lines))));

const ZHANG = [
  "v1",
  "粤A12345",
  "LGXAAAAAAAAAA0001",
  "秦PLUS DM-i",
  "SZ01-000001",
  [["c1", "张伟", ["13800138000"], "owner", "zhangwei zw"]],
  0,
  0,
  9,
  "白",
  "2026-11-18",
];
const LI = [
  "v2",
  "粤BD88888",
  "LGXAAAAAAAAAA0002",
  "宋L EV",
  "SZ01-012345",
  [
    ["c2", "李梅", ["13912345678"], "owner", "limei lm"],
    ["c1", "张伟", ["13800138000"], "driver", "zhangwei zw"],
  ],
  0,
  9,
  9,
  "",
  "",
];
const ids = (directory, text, limit = 20) => directory.search(text, limit).map((hit) => hit.line[0]);
const doc = {
  vehicle: {
    id: "v1",
    plate: "粤A12345",
    vin: "LGXAAAAAAAAAA0001",
    model: "秦PLUS DM-i",
    archive_no: "SZ01-000001",
  },
  customer: { id: "c1", name: "张伟", phones: ["13800138000"] },
};

test("a vehicle is found by plate, VIN, name, phone, pinyin, initials and archive number (D-F1)", () => {
  const directory = directoryOf([ZHANG, LI]);
  for (const text of [
    "粤bd888",
    "粤B·D88888",
    "D88888",
    "0002",
    "lgxaaaaaaaaaa0002",
    "李",
    "梅",
    "1391234",
    "limei",
    "lm",
    "012345",
  ]) {
    assert.ok(ids(directory, text).includes("v2"), text);
  }
  assert.deepEqual(ids(directory, "王"), []);
  assert.deepEqual(ids(directory, "  "), []);
});

test("every word must be there, in any field", () => {
  const directory = directoryOf([ZHANG, LI]);
  assert.deepEqual(ids(directory, "张 李"), ["v2"]);
  assert.deepEqual(ids(directory, "粤a 1380013"), ["v1"]);
  assert.deepEqual(ids(directory, "粤a 李"), []);
});

test("plates come first: the whole plate, then its beginning, then its inside, then other fields", () => {
  const plate = (id, text, archive = "") => [id, text, "", "", archive, [], 0, 0, 0, "", ""];
  const directory = directoryOf([
    plate("other", "沪C00000", "12345"),
    plate("inside", "粤A12345"),
    plate("begins", "123456"),
    plate("is", "12345"),
  ]);
  assert.deepEqual(ids(directory, "12345"), ["is", "begins", "inside", "other"]);
  assert.deepEqual(
    directory.search("12345", 20).map((hit) => hit.match),
    ["plate", "plate", "plate", "archive_no"],
  );
  assert.deepEqual(ids(directory, "12345", 2), ["is", "begins"]);
});

test("pulled rows change the lines: plate, name of a person with two cars, a new party, a new car", () => {
  const directory = directoryOf([ZHANG, LI]);
  directory.patch([
    { kind: "vehicle", id: "v1", doc: { ...doc.vehicle, plate: "粤Z99999" } },
    { kind: "customer", id: "c1", doc: { ...doc.customer, name: "章玮", pinyin: "zhangwei zw" } },
    { kind: "party", id: "p9", doc: { id: "p9", vehicle_id: "v9", customer_id: "c2", role: "owner" } },
    { kind: "vehicle", id: "v9", doc: { id: "v9", plate: "粤C77777", vin: "LGXAAAAAAAAAA0009" } },
  ]);
  assert.deepEqual(ids(directory, "粤a12345"), []);
  assert.deepEqual(ids(directory, "粤z99999"), ["v1"]);
  assert.deepEqual(ids(directory, "章玮").sort(), ["v1", "v2"]);
  assert.deepEqual(ids(directory, "张伟"), []);
  assert.deepEqual(ids(directory, "李梅 粤c7"), ["v9"]);
  assert.deepEqual(directory.person("c2"), { id: "c2", name: "李梅", phones: ["13912345678"] });
});

test("what unsent ops change is found at once and goes when they go (invariant 11)", () => {
  const directory = directoryOf([ZHANG, LI]);
  directory.overlay([{ kind: "customer", id: "c1", doc: { ...doc.customer, name: "张小伟" } }]);
  assert.deepEqual(ids(directory, "小伟").sort(), ["v1", "v2"]);
  directory.patch([{ kind: "vehicle", id: "v1", doc: { ...doc.vehicle, plate: "粤Z99999" } }]);
  directory.overlay([]);
  assert.deepEqual(ids(directory, "小伟"), []);
  assert.deepEqual(ids(directory, "张伟 粤z"), ["v1"]);
});

test("at 30,000 vehicles 19 of 20 searches need 5 ms at most", () => {
  const chance = random(7);
  const directory = directoryOf(Array.from({ length: 30_000 }, (_, i) => line(chance, i)));
  directory.patch(
    Array.from({ length: 500 }, (_, i) => ({
      kind: "vehicle",
      id: directory.stored.chunks[0].idAt(i * 7),
      doc: { plate: `粤X${10_000 + i}` },
    })),
  );
  const asked = [
    "粤",
    "138",
    "zw",
    "张伟",
    "zhangwei",
    "sz01-0123",
    "粤a 张",
    "9999999999",
    "王娜 78",
    "lgx",
    "6789",
    "q",
    "zzzz",
    "陈 静 130",
    "粤x100",
  ];
  for (const text of asked) directory.search(text, 20);
  const needed = asked.map((text) => {
    const times = Array.from({ length: 15 }, () => {
      const begun = performance.now();
      directory.search(text, 20);
      return performance.now() - begun;
    });
    return Math.min(...times);
  });
  const p95 = needed.sort((a, b) => a - b)[Math.floor(asked.length * 0.95)];
  assert.ok(p95 <= 5, `p95 ${p95.toFixed(2)} ms`);
});

test("a vehicle that went to another branch is found no more, until it comes back (SYNC-move)", () => {
  const directory = directoryOf([ZHANG, LI]);
  directory.patch([{ kind: "vehicle", id: "v1", doc: null }]);
  directory.patch([{ kind: "customer", id: "c1", doc: { ...doc.customer, name: "张伟明" } }]);
  assert.deepEqual([ids(directory, "A12345"), directory.line("v1")], [[], undefined]);
  assert.deepEqual(ids(directory, "张伟明"), ["v2"]);
  directory.patch([{ kind: "vehicle", id: "v1", doc: doc.vehicle }]);
  assert.deepEqual(ids(directory, "A12345"), ["v1"]);
});
