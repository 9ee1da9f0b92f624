// Three tablets in two branches, a bad network, and crashes anywhere, against the real server and its database. Afterwards
// the invariants of the sync protocol are looked at by name.
//   SEEDS=n       schedules to play (default 3)      SEED=n   only this one      STEPS=n   steps of each (default 50)
//   DATABASE_URL  another (empty) database           SYNC_BASE_URL   a server that runs already, with the demo group
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { canonical } from "../../frontend/src/domain/canonical.js";
import { checksum } from "../../frontend/src/sync/checksum.js";
import { someOp } from "./machine-acts.mjs";
import { Network } from "./machine-net.mjs";
import { startServer } from "./machine-server.mjs";
import { random } from "./people.mjs";
import { cachedRows, Tablet } from "./tools.mjs";

const STEPS = Number(process.env.STEPS ?? 50);
const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 3) }, (_, i) => i + 1);
const ROUNDS = 8;
const CREWS = [
  ["sz01.cs", "sz01.csm", "sz01.clerk"],
  ["sz01.csm", "sz01.cs2", "sz01.sm"],
  ["gz01.cs", "gz01.csm", "gz01.sa1"],
];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let server;
let people;
before(async () => {
  server = await startServer(60);
  people = new Map(
    (await (await fetch(`${server.base}/api/v1/demo/accounts`)).json()).map((row) => [row.username, row]),
  );
});
after(() => server?.stop());

/** One tablet with its crew, and what it was promised. */
class Player {
  constructor(seed, i, net, chance) {
    this.net = net;
    this.crew = CREWS[i];
    this.part = `B:${people.get(this.crew[0]).branch}`;
    this.chance = chance;
    this.tablet = new Tablet(`seed${seed}-${i}-${Date.now()}`, net.fetch);
    this.saved = [];
    this.cursor = 0;
  }

  get app() {
    return this.tablet.app;
  }

  async login() {
    const username = this.crew[Math.floor(this.chance() * this.crew.length)];
    await this.app.login({ username, password: people.get(username).password });
  }

  async act() {
    const { user } = await this.app.state();
    const op = await someOp(this.app, this.chance, user);
    if (!op) return;
    const { op_id: id, decision } = await this.app.save(...op).catch(refusedOnly);
    if (id) this.saved.push({ id, kind: op[0], changes: decision.changes });
    if (id) await this.ownWorkShows();
  }

  async sync() {
    await this.app.sync_now();
    await this.honest();
  }

  async crash() {
    const { app } = this;
    app.sync_now().catch(() => {});
    await pause(40 * this.chance());
    await this.tablet.reopen();
    await this.ownWorkShows();
  }

  /** Invariant 11: what was saved is in the view, until it is pulled or shown as refused. */
  async ownWorkShows() {
    const refused = new Set(
      (await this.app.outbox()).filter(({ problems }) => problems.length).map(({ id }) => id),
    );
    const space = this.app.inside.desk.spaces.get(this.part);
    for (const { id, changes } of this.saved.filter((op) => !refused.has(op.id))) {
      for (const { kind, id: record } of changes.filter(({ kind: name }) =>
        ["attempt", "complaint", "complaint_step", "handover"].includes(name),
      )) {
        const shown =
          space.overlay.get(kind, record) ??
          (await space.part.find(kind, record, changes.map(({ doc }) => doc.vehicle_id).filter(Boolean)));
        assert.ok(shown, `invariant 11: ${kind} ${record} of op ${id} has disappeared`);
      }
    }
  }

  /** Invariants 20 and 8: "saved on the server" only where the server answered; a cursor never falls without a reset. */
  async honest() {
    const entries = await this.app.inside.journal.all();
    const waiting = entries.filter(({ state }) => state === "waiting").length;
    assert.equal((await this.app.state()).pending, waiting, "invariant 20: pending");
    for (const { id, state } of entries)
      assert.ok(state === "waiting" || this.net.reached.has(id), `invariant 20: op ${id} called saved`);
    const cursor = await this.app.inside.cache.cursor(this.part);
    assert.ok((cursor?.seq ?? 0) >= this.cursor, "invariant 8: the cursor fell");
    this.cursor = cursor?.seq ?? 0;
  }
}

/** A tablet may see that an op is not acceptable; anything else is a bug. */
function refusedOnly(error) {
  if (typeof error.code !== "string" || error.code.startsWith("sync.")) throw error;
  return { op_id: null };
}

async function play(seed) {
  const chance = random(seed);
  const net = new Network(server.base, chance);
  const players = CREWS.map((_, i) => new Player(seed, i, net, chance));
  net.bad = false;
  for (const player of players) {
    await player.tablet.open();
    await player.login();
    await player.sync();
  }
  net.bad = true;
  for (let step = 0; step < STEPS; step += 1) {
    const player = players[Math.floor(chance() * players.length)];
    const dice = chance();
    if (dice < 0.6) await player.act();
    else if (dice < 0.75) await player.sync();
    else if (dice < 0.92) await player.crash();
    else await player.login();
  }
  await net.heal();
  return { net, players };
}

/** Invariant 3: when faults stop, everything has its answer within a bounded number of rounds. */
async function settle({ players }) {
  for (const player of players) await player.login();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const player of players) await player.sync();
    const states = await Promise.all(players.map((player) => player.app.state()));
    if (round > 0 && states.every(({ pending, sync }) => pending === 0 && sync.phase === "idle")) return;
  }
  assert.fail("invariant 3: ops are left without an answer");
}

async function post(path, message, token) {
  const headers = {
    "Content-Type": "application/json",
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
  };
  const answer = await fetch(server.base + path, { method: "POST", headers, body: JSON.stringify(message) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** What a device that has nothing is given for a partition: the server's projection, replayed from 0. */
async function projection(player) {
  const device = crypto.randomUUID();
  const username = player.crew[0];
  const { token, scope } = await post("/api/v1/auth/login", {
    username,
    password: people.get(username).password,
    device: { id: device, name: "对账" },
  });
  const found = Object.fromEntries(scope.map((part) => [part, { rows: new Map(), cursor: null, sum: null }]));
  for (let more = true; more; ) {
    const cursors = Object.fromEntries(scope.map((part) => [part, found[part].cursor]));
    const answer = await post(
      "/api/v1/sync/pull",
      { proto: 1, device, cursors, pending: 0, limit: 2000 },
      token,
    );
    more = false;
    for (const [part, page] of Object.entries(answer.parts)) {
      for (const row of page.rows) found[part].rows.set(`${row[1]}|${row[2]}`, row);
      Object.assign(found[part], { cursor: [page.epoch, page.to], sum: page.sum });
      more ||= page.more;
    }
  }
  return found;
}

const plain = (rows) =>
  [...rows.values()].map(([seq, kind, id, ver, doc]) => canonical([seq, kind, id, ver, doc ?? null])).sort();

for (const seed of SEEDS) {
  describe(`seed ${seed}`, () => {
    let game;
    test("3 terminal: when faults stop, every op has its result and nothing waits", async () => {
      game = await play(seed);
      await settle(game);
      for (const { app } of game.players) assert.deepEqual(await app.inside.journal.inState("waiting"), []);
    });

    test("1 no loss: every op whose save resolved is in its journal", async () => {
      for (const { app, saved } of game.players) {
        const kept = new Set((await app.inside.journal.all()).map(({ id }) => id));
        for (const { id } of saved) assert.ok(kept.has(id), id);
      }
    });

    test("2 at most once: sent again, an op gets the identical result and nothing changes", async () => {
      for (const { app, part } of game.players) {
        const session = await app.inside.ctx.session();
        const entries = (await app.inside.journal.all()).reverse();
        const head = (await app.inside.cache.cursor(part)).seq;
        const ops = entries.map(({ n, op, h, by, mac }) => ({ n, ...op, h, by, mac }));
        if (!ops.length) continue;
        const answer = await post(
          "/api/v1/sync/push",
          { proto: 1, device: session.device, epoch: session.epoch, pending: 0, ops },
          session.token,
        );
        for (const [i, { n, ...result }] of answer.results.entries()) {
          assert.deepEqual([n, canonical(result)], [entries[i].n, canonical(entries[i].result)]);
        }
        await app.sync_now();
        assert.equal((await app.inside.cache.cursor(part)).seq, head);
      }
    });

    test("5 device order: numbers without a hole, and effects in their order", async () => {
      for (const { app } of game.players) {
        const entries = (await app.inside.journal.all()).reverse();
        assert.deepEqual(
          entries.map(({ n }) => n),
          entries.map((_, i) => i + 1),
        );
        const seqs = entries.flatMap(({ result }) => Object.values(result.seqs));
        assert.deepEqual(
          seqs,
          [...seqs].sort((a, b) => a - b),
        );
      }
    });

    test("7, 9, 10 no skip, cursor atomicity, convergence: each cache is the server's projection, row for row", async () => {
      for (const player of game.players) {
        await player.app.sync_now();
        const truth = await projection(player);
        for (const part of ["GRP", player.part]) {
          const rows = await cachedRows(player.app, part);
          assert.deepEqual(plain(rows), plain(truth[part].rows), part);
          assert.equal(await checksum(rows.values()), truth[part].sum, `${part}: sum`);
        }
        const { mismatch } = await player.app.inside.cache.cursor(player.part);
        assert.equal(mismatch, undefined, "a false alarm of the checksum");
      }
    });

    test("11 overlay: at rest nothing lies over the cache, and one's own work is in it or shown as refused", async () => {
      for (const player of game.players) {
        assert.deepEqual(await player.app.inside.journal.overlaid(), []);
        assert.equal(player.app.inside.desk.spaces.get(player.part).overlay.shown.size, 0);
        await player.ownWorkShows();
      }
    });

    test("12 isolation: no partition outside the scope was ever answered or kept", async () => {
      for (const { app, part } of game.players) {
        const kept = (await app.inside.cache.cursors()).map((cursor) => cursor.part).sort();
        assert.deepEqual(kept, [part, "GRP"].sort());
        const { id } = (await app.state()).device;
        assert.deepEqual([...game.net.seen.get(id)].sort(), [part, "GRP"].sort());
      }
    });

    test("20 honest status: nothing pending, and the server has every op that is called saved", async () => {
      for (const player of game.players) {
        await player.honest();
        assert.equal((await player.app.state()).pending, 0);
        for (const { id } of player.saved) assert.ok(game.net.reached.has(id));
      }
      await Promise.all(game.players.map(({ tablet }) => tablet.kill()));
    });
  });
}
