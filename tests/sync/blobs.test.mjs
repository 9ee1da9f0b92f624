// Invariants 1, 17 and 20 for files: saved with their op or not at all, sent in chunks from wherever the server is, gone from
// the tablet only when the server has verified them; and "all saved" says so of files, too.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { PART, uuid, VEHICLE } from "./cast.mjs";
import { dead, html, NOW, state, world } from "./world.mjs";

const MB = 1024 * 1024;
const photo = (size = 2.5 * MB) => Buffer.concat([Buffer.from("ffd8ffe0", "hex"), randomBytes(size - 4)]);
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const DOC = { vehicle_id: VEHICLE, of_kind: "vehicle", of_id: VEHICLE, kind: "photo" };

/** Takes a photo on the tablet; returns its bytes and the attachment. */
async function shoot(tablet, bytes = photo()) {
  const doc = await tablet.app.attach(DOC, new Blob([bytes]));
  return { bytes, doc };
}

const send = (tablet) => tablet.app.inside.queue.send();
const counts = async (tablet) => {
  const { pending, pending_blobs, refused_blobs } = await tablet.app.state();
  return { pending, pending_blobs, refused_blobs };
};
const stored = (tablet, store) =>
  tablet.app.inside.journal.db.run([store], "readonly", (tx) => tx.objectStore(store).getAll());

test("invariant 1: a photo and its op are saved together, sealed, and shown at once", async () => {
  const { tablet } = await world({});
  const { bytes, doc } = await shoot(tablet);
  assert.deepEqual(await counts(tablet), { pending: 1, pending_blobs: 1, refused_blobs: 0 });
  assert.equal(doc.sha256, hash(bytes));
  assert.deepEqual([doc.bytes, doc.media_type], [bytes.length, "jpeg"]);
  const pieces = await stored(tablet, "pieces");
  assert.equal(pieces.length, 3);
  const clear = bytes.subarray(100, 164);
  for (const { sealed } of pieces) assert.equal(Buffer.from(sealed).indexOf(clear), -1, "ciphertext only");
  const { attachments } = await tablet.app.file(VEHICLE);
  assert.deepEqual(attachments, [doc]);
  assert.deepEqual(Buffer.from(await (await tablet.app.blob(doc.sha256)).arrayBuffer()), bytes);
  const [entry] = await tablet.app.inside.journal.inState("waiting");
  assert.deepEqual(entry.op.blobs, [doc.sha256]);
});

test("invariant 17: sent in chunks, and the bytes go only after the server said complete", async () => {
  const { server, tablet } = await world({});
  const { bytes, doc } = await shoot(tablet);
  await tablet.app.sync_now();
  assert.deepEqual(await counts(tablet), { pending: 0, pending_blobs: 1, refused_blobs: 0 }, "ops do not wait");
  await send(tablet);
  assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
  assert.deepEqual(await counts(tablet), { pending: 0, pending_blobs: 0, refused_blobs: 0 });
  assert.deepEqual([...(await stored(tablet, "blobs")), ...(await stored(tablet, "pieces"))], []);
  const shown = await tablet.app.blob(doc.sha256, "view");
  assert.equal(shown.size, bytes.length, "now it comes from the server");
});

test("invariant 20: not all is saved while a file waits", async () => {
  const { tablet } = await world({});
  await shoot(tablet);
  await tablet.app.sync_now();
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  assert.equal((await tablet.app.state()).pending_blobs, 1);
});

/** Runs the queue with a fault at request k until no request k is reached any more. @param {(k: number) => Promise<boolean>} once */
async function atEveryRequest(once) {
  for (let k = 1; ; k += 1) if (!(await once(k))) return k - 1;
}

/** A request to the queue's endpoints. */
const isBlob = (path) => path.startsWith("/api/v1/blobs/");

for (const when of ["before", "after"]) {
  test(`invariant 17: the tablet is killed ${when} any request: complete once, equal, and gone only then`, async () => {
    const { server, tablet } = await world({});
    const requests = await atEveryRequest(async (k) => {
      const { bytes, doc } = await shoot(tablet);
      let [seen, killed] = [0, false];
      const fault = async (path) => {
        if (isBlob(path)) seen += 1;
        if (!isBlob(path) || seen !== k) return;
        killed = true;
        await tablet.kill();
      };
      if (when === "before") {
        server.before = async (path) => {
          await fault(path);
          return killed ? new Promise(() => {}) : null;
        };
      } else {
        server.after = async (path, answer) => {
          await fault(path);
          return answer;
        };
      }
      await endOf(send(tablet), () => killed);
      server.before = async () => null;
      server.after = async (_path, answer) => answer;
      if (killed) await tablet.reopen();
      if (server.blobs.file(PART, doc.sha256) === null) assert.equal((await stored(tablet, "pieces")).length, 3);
      await send(tablet);
      assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
      assert.equal(server.blobs.completed.filter((key) => key.endsWith(doc.sha256)).length, 1);
      assert.equal((await counts(tablet)).pending_blobs, 0);
      return killed;
    });
    assert.equal(requests, 4, "one HEAD and three chunks");
  });
}

/** Resolves when the tablet was killed, or when its queue has nothing to do any more. */
async function endOf(running, isKilled) {
  let over = false;
  running.finally(() => {
    over = true;
  });
  while (!over && !isKilled()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("invariant 17: the tablet is killed at any step of its database: nothing is lost, nothing sent twice", async () => {
  const { server, tablet } = await world({});
  const steps = await atEveryRequest(async (k) => {
    const { bytes, doc } = await shoot(tablet);
    const { db } = tablet.app.inside.journal;
    let [seen, killed] = [0, false];
    const run = db.run;
    db.run = async (...args) => {
      seen += 1;
      if (seen === k) {
        killed = true;
        await tablet.kill();
        return new Promise(() => {});
      }
      return run(...args);
    };
    await endOf(send(tablet), () => killed);
    db.run = run;
    if (killed) await tablet.reopen();
    await send(tablet);
    assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
    assert.equal(server.blobs.completed.filter((key) => key.endsWith(doc.sha256)).length, 1);
    assert.equal((await counts(tablet)).pending_blobs, 0);
    return killed;
  });
  assert.ok(steps >= 5, `${steps} steps`);
});

test("invariant 1: a crash while saving leaves both the op and the photo, or neither", async () => {
  const { tablet } = await world({});
  const { db } = tablet.app.inside.journal;
  const run = db.run;
  const cut = async (work, tx) => {
    await work(tx);
    throw new Error("power cut");
  };
  db.run = (stores, mode, work, how) =>
    run(stores, mode, (tx) => (stores.includes("pieces") ? cut(work, tx) : work(tx)), how);
  await assert.rejects(shoot(tablet), /power cut/);
  db.run = run;
  await tablet.reopen();
  assert.deepEqual(await counts(tablet), { pending: 0, pending_blobs: 0, refused_blobs: 0 });
  assert.deepEqual(await stored(tablet, "pieces"), []);
});

test("a full tablet says so, and keeps what was there", async () => {
  const { tablet } = await world({});
  const first = await shoot(tablet, photo(MB));
  const { db } = tablet.app.inside.journal;
  const run = db.run;
  db.run = (stores, ...rest) =>
    stores.includes("pieces") ? Promise.reject(new DOMException("full", "QuotaExceededError")) : run(stores, ...rest);
  await assert.rejects(shoot(tablet), { code: "app.no_room" });
  db.run = run;
  assert.deepEqual(await counts(tablet), { pending: 1, pending_blobs: 1, refused_blobs: 0 });
  assert.equal((await tablet.app.blob(first.doc.sha256)).size, MB);
});

test("invariant 17: a network cut after any chunk, a portal's page, a busy server: it goes on where it stopped", async () => {
  const faults = [dead, async () => html(), async () => html(502), async () => new Response("{}", { status: 200 })];
  for (const fault of faults) {
    const { server, tablet } = await world({});
    const { bytes, doc } = await shoot(tablet);
    for (let k = 1; k <= 3; k += 1) {
      let seen = 0;
      server.before = async (path) => {
        seen += Number(isBlob(path));
        return isBlob(path) && seen >= k ? fault() : null;
      };
      await send(tablet);
      assert.equal((await counts(tablet)).pending_blobs, 1);
    }
    server.before = async () => null;
    await send(tablet);
    assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
    assert.equal((await counts(tablet)).pending_blobs, 0);
  }
});

test("invariant 17: the server went on, lost its chunks, or got another's bytes: the queue follows", async () => {
  const { server, tablet } = await world({});
  const { bytes, doc } = await shoot(tablet);
  const key = `${PART}|${doc.sha256}`;
  const begun = [bytes.subarray(0, 100_001), Buffer.alloc(0), Buffer.from("somebody else's bytes, in the way")];
  for (const some of begun) {
    server.blobs.files.set(key, { bytes: some, complete: false });
    let moved = false;
    server.before = async (path) => {
      if (isBlob(path) && !moved) {
        moved = true;
        server.blobs.files.set(key, { bytes: some, complete: false });
      }
      return null;
    };
    await send(tablet);
    assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
    await shoot(tablet, bytes);
    server.blobs.files.delete(key);
  }
});

test("a file that the server will never take stays, is said, and the next one goes", async () => {
  const { server, tablet } = await world({});
  const bad = await shoot(tablet, photo(3 * MB));
  const good = await shoot(tablet, photo(MB));
  server.blobs.refuses = (bytes) => (bytes.length > 2 * MB ? "blob.damaged" : null);
  await send(tablet);
  assert.deepEqual(server.blobs.file(PART, good.doc.sha256), good.bytes);
  assert.deepEqual(await counts(tablet), { pending: 2, pending_blobs: 0, refused_blobs: 1 });
  const [row] = await tablet.app.kept_blobs();
  assert.deepEqual([row.sha256, row.state, row.code], [bad.doc.sha256, "refused", "blob.damaged"]);
  assert.equal((await tablet.app.blob(bad.doc.sha256)).size, bad.bytes.length, "invariant 17: its bytes stay");
  await tablet.app.detach(bad.doc.id, "重新拍");
  assert.deepEqual(await counts(tablet), { pending: 3, pending_blobs: 0, refused_blobs: 0 });
});

test("a photo taken out of sight before it was sent is sent all the same, and can be put back", async () => {
  const { server, tablet } = await world({});
  const { bytes, doc } = await shoot(tablet);
  await tablet.app.detach(doc.id, "拍错了");
  assert.deepEqual((await tablet.app.file(VEHICLE)).attachments, []);
  const { id, by_id, by_name, ...same } = doc;
  const again = await tablet.app.attach(same, null);
  assert.deepEqual((await tablet.app.file(VEHICLE)).attachments, [again]);
  await tablet.app.sync_now();
  await send(tablet);
  assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
  assert.deepEqual(await state(tablet), { pending: 0, parked: 0, phase: "idle", online: true });
  assert.ok(id !== again.id && by_id === again.by_id && by_name === again.by_name);
});

test("what is no photo, scan or recording is refused before it is saved; so is what is too large", async () => {
  const { server, tablet } = await world({});
  await assert.rejects(shoot(tablet, Buffer.from("<svg onload=alert(1)>")), { code: "blob.type" });
  server.append("GRP", [["rule", { id: uuid(70), code: "blob.max_mb", value: 1 }]]);
  await tablet.app.sync_now();
  await assert.rejects(shoot(tablet), (error) => error.code === "blob.too_large" && error.message.includes("1 MB"));
  assert.deepEqual(await counts(tablet), { pending: 0, pending_blobs: 0, refused_blobs: 0 });
});

test("a locked tablet sends nothing and loses nothing; whoever unlocks sends what others took", async () => {
  const { server, tablet } = await world({});
  const { bytes, doc } = await shoot(tablet);
  await tablet.app.lock();
  await send(tablet);
  assert.equal(server.blobs.file(PART, doc.sha256), null);
  await tablet.app.login({ username: "manager", password: "x" });
  await send(tablet);
  assert.deepEqual(server.blobs.file(PART, doc.sha256), bytes);
});

test("two tabs send a file once", async () => {
  const { server, tablet } = await world({});
  const { doc } = await shoot(tablet);
  await Promise.all([send(tablet), send(tablet)]);
  const puts = server.requests.filter(({ path }) => isBlob(path) && path.includes("offset="));
  assert.equal(puts.length, 3);
  assert.equal(server.blobs.completed.filter((key) => key.endsWith(doc.sha256)).length, 1);
});

test("invariant 17: a file that does not open any more keeps no other one here", async () => {
  const clock = { ms: NOW };
  const { server, tablet } = await world({ env: { nowMs: () => clock.ms } });
  for (let i = 0; i < 3; i += 1) {
    await shoot(tablet, photo(2000));
    clock.ms += 1000;
  }
  await tablet.app.inside.journal.db.run(["blobs", "pieces"], "readwrite", async (tx) => {
    const [{ part, sha256 }] = (await tx.objectStore("blobs").getAll()).sort((a, b) => (a.at < b.at ? -1 : 1));
    const piece = await tx.objectStore("pieces").get([part, sha256, 0]);
    piece.sealed[40] ^= 1; // a bad byte on the disk
    await tx.objectStore("pieces").put(piece);
  });
  await send(tablet);
  assert.deepEqual([(await counts(tablet)).pending_blobs, server.blobs.completed.length], [1, 2]);
});
