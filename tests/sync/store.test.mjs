// The journal and the cache: what is on the disk when a promise resolves, and what a crash leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCache } from "../../frontend/src/store/cache.js";
import { openJournal } from "../../frontend/src/store/journal.js";
import { allDrafts, dropDraft, getDraft, getMeta, putDraft, putMeta } from "../../frontend/src/store/meta.js";
import { fork, prune, release, resend, settle } from "../../frontend/src/store/results.js";
import { openVault } from "./tools.mjs";

const vault = await openVault("GRP", "B:SZ01", "B:SZ010");
let count = 0;
function fresh() {
  count += 1;
  return `db-${count}`;
}
const AT = "2026-11-20T02:00:00.000Z";
const envelope = (id) => ({
  op: { id, kind: "customer.set", v: 1, part: "B:SZ01", body: { id: "c" }, at: AT },
  h: "",
  by: "s",
  mac: "",
  actor: { id: "p" },
});

async function journalWith(...ids) {
  const name = fresh();
  const journal = openJournal(name, vault);
  await journal.device(() => "device-a");
  for (const id of ids) await journal.append(envelope(id));
  return { name, journal };
}
const numbers = async (journal) => (await journal.inState("waiting")).map(({ id, n }) => [id, n]);
const result = (id, status = "applied", seqs = { "B:SZ01": 7 }) => ({ id, n: 0, status, seqs });

test("a save is one strict transaction over ops and meta, on the disk before it resolves (invariant 1)", async () => {
  const { name, journal } = await journalWith("a");
  const seen = [];
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    seen.push([stores, mode, options?.durability]);
    return original.call(this, stores, mode, options);
  };
  try {
    await journal.append(envelope("b"));
  } finally {
    IDBDatabase.prototype.transaction = original;
  }
  assert.deepEqual(seen, [[["ops", "meta"], "readwrite", "strict"]]);
  await journal.close();
  assert.deepEqual(await numbers(openJournal(name, vault)), [
    ["a", 1],
    ["b", 2],
  ]);
});

test("the same op id saved again takes no second number (invariant 2)", async () => {
  const { journal } = await journalWith("a");
  assert.deepEqual(await journal.append(envelope("a")), { fresh: false });
  assert.deepEqual(await numbers(journal), [["a", 1]]);
});

test("saves at the same moment get consecutive numbers (invariant 5)", async () => {
  const { journal } = await journalWith();
  await Promise.all(["a", "b", "c", "d"].map((id) => journal.append(envelope(id))));
  assert.deepEqual(
    (await numbers(journal)).map(([, n]) => n),
    [1, 2, 3, 4],
  );
});

test("an aborted save leaves neither the op nor its number", async () => {
  const { journal } = await journalWith("a");
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("no space", "QuotaExceededError");
  };
  try {
    await assert.rejects(journal.append(envelope("b")), { name: "QuotaExceededError" });
  } finally {
    IDBObjectStore.prototype.add = add;
  }
  await journal.append(envelope("c"));
  assert.deepEqual(await numbers(journal), [
    ["a", 1],
    ["c", 2],
  ]);
});

test("a lost connection is opened again", async () => {
  const { journal } = await journalWith("a");
  const original = IDBDatabase.prototype.transaction;
  let failures = 2;
  IDBDatabase.prototype.transaction = function (...args) {
    if (failures-- > 0) throw new DOMException("The database connection is closing.", "InvalidStateError");
    return original.apply(this, args);
  };
  try {
    await journal.append(envelope("b"));
  } finally {
    IDBDatabase.prototype.transaction = original;
  }
  assert.equal((await numbers(journal)).length, 2);
});

test("a save that found no room says so, though its own request was only aborted", async () => {
  const { journal } = await journalWith("a");
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...args) {
    const request = add.apply(this, args);
    this.transaction._abort("QuotaExceededError");
    return request;
  };
  try {
    await assert.rejects(journal.append(envelope("b")), { name: "QuotaExceededError" });
  } finally {
    IDBObjectStore.prototype.add = add;
  }
  assert.deepEqual(await numbers(journal), [["a", 1]]);
});

test("results move ops on: pulled effects let them go, refusals stay listed (invariants 4, 11)", async () => {
  const { journal } = await journalWith("a", "b", "c");
  assert.equal(
    await settle(journal, [result("a"), result("b", "parked", {}), result("c", "noop", {})], AT),
    3,
  );
  const none = { pending_blobs: 0, refused_blobs: 0, oldest_at: null, oldest_part: null };
  assert.deepEqual(await journal.counts(), { pending: 0, parked: 1, ...none });
  const overlaid = async () => (await journal.overlaid()).map(({ id }) => id);
  assert.deepEqual(await overlaid(), ["a"]);
  await release(journal, { "B:SZ01": 6 });
  assert.deepEqual(await overlaid(), ["a"]);
  await release(journal, { "B:SZ01": 7 });
  assert.deepEqual(await overlaid(), []);
});

test("a fork renumbers what waits on a new device and keeps op ids and order", async () => {
  const { journal } = await journalWith("a", "b", "c");
  await settle(journal, [result("a")], AT);
  await fork(journal, "device-b");
  assert.deepEqual(await numbers(journal), [
    ["b", 1],
    ["c", 2],
  ]);
  await journal.append(envelope("d"));
  assert.deepEqual((await journal.inState("waiting")).map(({ id, device, n }) => [id, device, n]).at(-1), [
    "d",
    "device-b",
    3,
  ]);
});

test("a gap sends answered ops again from the expected number, or asks for a fork when they are gone", async () => {
  const { journal } = await journalWith("a", "b", "c");
  await settle(journal, [result("a"), result("b")], AT);
  assert.equal(await resend(journal, { from: 2 }), true);
  assert.deepEqual(await numbers(journal), [
    ["b", 2],
    ["c", 3],
  ]);
  await settle(journal, [result("a"), result("b")], AT);
  await release(journal, {});
  await prune(journal, "2027-01-01T00:00:00.000Z");
  assert.equal(await resend(journal, { from: 2 }), false);
});

test("answered ops stay 30 days; refused and unsent ones stay for ever", async () => {
  const { journal } = await journalWith("a", "b", "c");
  await settle(journal, [result("a", "noop", {}), result("b", "parked", {})], AT);
  await prune(journal, AT);
  assert.equal((await journal.all()).length, 3);
  await prune(journal, "2026-12-21T00:00:00.000Z");
  assert.deepEqual(
    (await journal.all()).map(({ id }) => id),
    ["c", "b"],
  );
});

test("drafts and settings survive a closed and reopened database", async () => {
  const { name, journal } = await journalWith();
  await putDraft(journal, "B:SZ01", "call/1", { answers: [1] }, AT);
  await putMeta(journal, "branch", "SZ01");
  await journal.close();
  const again = openJournal(name, vault);
  assert.deepEqual(await getDraft(again, "call/1"), { answers: [1] });
  assert.deepEqual(await allDrafts(again), [{ key: "call/1", at: AT, value: { answers: [1] } }]);
  assert.equal(await getMeta(again, "branch"), "SZ01");
  await dropDraft(again, "call/1");
  assert.equal(await getDraft(again, "call/1"), null);
});

const row = (seq, id) => [seq, "customer", id, 1, { id, name: id }];
const page = (rows, to) => ({ epoch: "e", rows, to });

test("rows and cursor move together, and only from the cursor that was pulled from (invariants 7, 9)", async () => {
  const cache = openCache(fresh(), vault);
  assert.equal(await cache.apply("B:SZ01", null, page([row(1, "a")], 1)), true);
  assert.equal(await cache.apply("B:SZ01", null, page([row(9, "x")], 9)), false);
  assert.equal(await cache.apply("B:SZ01", { epoch: "e", seq: 0 }, page([row(9, "x")], 9)), false);
  assert.equal(
    await cache.apply("B:SZ01", { epoch: "e", seq: 1 }, page([row(2, "b"), row(3, "a")], 3)),
    true,
  );
  assert.deepEqual(
    (await cache.rowsAfter("B:SZ01", 0)).map((one) => [one[0], one[2]]),
    [
      [2, "b"],
      [3, "a"],
    ],
  );
  const cursor = await cache.cursor("B:SZ01");
  assert.deepEqual([cursor.seq, cursor.complete], [3, true]);
});

test("an aborted page leaves the old cursor with the old rows (invariant 9)", async () => {
  const cache = openCache(fresh(), vault);
  await cache.apply("B:SZ01", null, page([row(1, "a")], 1));
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (value.part && value.seq === 2)
      throw new DOMException("no space", "QuotaExceededError");
    return put.call(this, value, ...rest);
  };
  try {
    await assert.rejects(cache.apply("B:SZ01", { epoch: "e", seq: 1 }, page([row(2, "b")], 2)));
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal((await cache.cursor("B:SZ01")).seq, 1);
  assert.deepEqual(
    (await cache.rowsAfter("B:SZ01", 0)).map((one) => one[2]),
    ["a"],
  );
});

const chunk = (name, kind = "segment", no = 0) => ({
  ...{ name, kind, no, url: "" },
  ...{ bytes: 1, pieces: [1], sha256: "" },
});

test("a newer snapshot replaces older rows and chunks, keeps newer rows, and writes its flag last", async () => {
  const cache = openCache(fresh(), vault);
  await cache.putChunks("B:SZ01", [{ chunk: chunk("old"), bytes: new Uint8Array([1]) }]);
  await cache.install("B:SZ01", { epoch: "e", seq: 1, chunks: [chunk("old")] }, true);
  await cache.apply("B:SZ01", { epoch: "e", seq: 1 }, page([row(2, "a"), row(5, "b")], 5));
  await cache.putChunks("B:SZ01", [{ chunk: chunk("new"), bytes: new Uint8Array([2]) }]);
  assert.deepEqual(
    (await cache.cursor("B:SZ01")).chunks.map(({ name }) => name),
    ["old"],
  );
  await cache.install("B:SZ01", { epoch: "e", seq: 3, chunks: [chunk("new")] }, true);
  assert.deepEqual([...(await cache.chunkNames("B:SZ01"))], ["new"]);
  const { seq, base } = await cache.cursor("B:SZ01");
  assert.deepEqual([seq, base], [5, 3]);
  assert.deepEqual(
    (await cache.rowsAfter("B:SZ01", base)).map((one) => one[2]),
    ["b"],
  );
});

test("pages of rows that a snapshot holds go; many pages become one with the last version of each row", async () => {
  const cache = openCache(fresh(), vault);
  await cache.apply("B:SZ01", null, page([row(1, "a")], 1));
  for (let seq = 1; seq < 20; seq += 1)
    await cache.apply("B:SZ01", { epoch: "e", seq }, page([row(seq + 1, seq % 2 ? "odd" : "even")], seq + 1));
  const before = await cache.rowsAfter("B:SZ01", 0);
  const pages = () => cache.db.run(["pages"], "readonly", (tx) => tx.objectStore("pages").getAllKeys());
  assert.equal((await pages()).length, 20);
  await cache.mergePages("B:SZ01");
  assert.deepEqual(await pages(), [["B:SZ01", 20]]);
  assert.deepEqual(await cache.rowsAfter("B:SZ01", 0), before);
  assert.deepEqual(
    before.map((one) => [one[0], one[2]]),
    [
      [1, "a"],
      [19, "even"],
      [20, "odd"],
    ],
  );
  await cache.install("B:SZ01", { epoch: "e", seq: 20, chunks: [] }, true);
  assert.deepEqual(await pages(), []);
});

test("a snapshot of another epoch leaves no row of the old one (invariant 16)", async () => {
  const cache = openCache(fresh(), vault);
  await cache.apply("B:SZ01", null, page([row(50, "a")], 50));
  await cache.install("B:SZ01", { epoch: "f", seq: 3, chunks: [] }, true);
  assert.deepEqual(await cache.rowsAfter("B:SZ01", 0), []);
  assert.deepEqual([(await cache.cursor("B:SZ01")).epoch, (await cache.cursor("B:SZ01")).seq], ["f", 3]);
});

test("a dropped partition leaves nothing; another one stays (invariant 12)", async () => {
  const cache = openCache(fresh(), vault);
  for (const part of ["B:SZ01", "B:SZ010", "GRP"]) await cache.apply(part, null, page([row(1, "a")], 1));
  await cache.putChunks("B:SZ01", [{ chunk: chunk("one"), bytes: new Uint8Array([1]) }]);
  await cache.dropPart("B:SZ01");
  assert.equal((await cache.chunkNames("B:SZ01")).size, 0);
  assert.deepEqual(await cache.rowsAfter("B:SZ01", 0), []);
  assert.deepEqual((await cache.cursors()).map(({ part }) => part).sort(), ["B:SZ010", "GRP"]);
});
