// Why it exists: a small stand-in for the server, in this process, so that single faults can be played exactly. The machine
// test runs against the real one.
import { createHash, createHmac, randomUUID, webcrypto } from "node:crypto";
import { deflateSync } from "node:zlib";
import { decide } from "../../frontend/src/domain/decide.js";
import { FakeBlobs } from "./fake-blobs.mjs";
import { loadSchema } from "./tools.mjs";

export const schema = loadSchema();
const MODULUS = 2n ** 48n;
const NOW = "2026-11-20T02:00:00.000Z";
const PIECES = 2;
const SECRET = "c2VjcmV0";

const json = (data, status = 200) =>
  new Response(JSON.stringify(data), { status, headers: { "content-type": "application/json" } });
const refuse = (code, details = {}) =>
  json(
    { code, status: schema.codes[code].status, message: schema.codes[code].message, details },
    schema.codes[code].status,
  );

export class FakeServer {
  constructor() {
    this.epoch = randomUUID();
    this.parts = new Map();
    this.people = new Map();
    this.sessions = new Map();
    this.devices = new Map();
    this.ops = new Map();
    /** Passwords other than "x". */
    this.passwords = new Map();
    this.now = NOW;
    this.expiresAt = "2027-01-01T00:00:00.000Z";
    this.leaseHours = 72;
    /** Raised when the data keys are replaced. */
    this.generation = 0;
    this.requests = [];
    this.blobs = new FakeBlobs();
    this.key = webcrypto.getRandomValues(new Uint8Array(32));
    this.segmentBytes = 4096;
    /** Called with (path, message) before the answer; what it returns is the answer. */
    this.before = async () => null;
    /** Called with (path, answer) after the work is done; what it returns is the answer. */
    this.after = async (_path, answer) => answer;
    this.fetch = this.fetch.bind(this);
    this.append("GRP", []);
  }

  /** @param {string} part @param {[string, object][]} docs kind and document */
  append(part, docs) {
    const state = this.parts.get(part) ?? { head: 0, floor: 0, rows: new Map() };
    this.parts.set(part, state);
    for (const [kind, doc] of docs) {
      state.head += 1;
      const ver = (state.rows.get(`${kind}|${doc.id}`)?.[3] ?? 0) + 1;
      state.rows.set(`${kind}|${doc.id}`, [state.head, kind, doc.id, ver, doc]);
    }
    return state.head;
  }

  /** @param {{id: string, name: string, username: string, roles: object}} person */
  addPerson(person) {
    this.people.set(person.username, person);
  }

  rows(part) {
    return [...this.parts.get(part).rows.values()].sort((a, b) => a[0] - b[0]);
  }

  async fetch(path, init = {}) {
    const message = typeof init.body === "string" ? JSON.parse(init.body) : null;
    this.requests.push({ path, message });
    const instead = await this.before(path, message);
    if (instead) return instead;
    return this.after(path, await this.#route(path, init, message));
  }

  async #route(path, init, message) {
    if (path === "/schema.json") return json(schema);
    if (path === "/api/v1/auth/login") return this.#login(message);
    const session = this.sessions.get(init.headers?.Authorization?.slice(7));
    if (!session) return refuse("auth.expired");
    if (path === "/api/v1/auth/keys") return json(this.#keys(session.person, session.device));
    if (path.startsWith("/api/v1/blobs/")) return this.blobs.answer(path, init, refuse);
    if (path === "/api/v1/auth/logout") return new Response(null, { status: 204 });
    if (message && message.device !== session.device) return refuse("sync.fork");
    if (path === "/api/v1/sync/push") return this.#push(message, session);
    if (path === "/api/v1/sync/pull") return this.#pull(message, session);
    const part = path.split("/")[5];
    if (path.includes("/snapshot/")) return json((await this.snapshot(part)).manifest);
    const bytes = (await this.snapshot(part)).bytes.get(path.split("/")[6]);
    return bytes ? new Response(bytes) : refuse("not_found");
  }

  #scope(person) {
    return [
      "GRP",
      ...Object.keys(person.roles)
        .filter((code) => code !== "*")
        .map((code) => `B:${code}`),
    ];
  }

  /** Every data key is a function of device, generation and partition, as the server's is; older ones are those of earlier
   * generations, and of the devices that this one was forked from. */
  #keys(person, device) {
    const scope = this.#scope(person);
    const segment = { id: "k", key: Buffer.from(this.key).toString("base64") };
    const data = (id, generation, part) => {
      const name = `data|${id}|${generation}|${part}`;
      return { id: `d${generation}`, key: createHmac("sha256", this.key).update(name).digest("base64") };
    };
    const lives = [];
    for (let id = device; id; id = this.devices.get(id)?.forked_from)
      for (let generation = this.generation; generation >= 0; generation -= 1) lives.push([id, generation]);
    const of = (part) => lives.map(([id, generation]) => data(id, generation, part));
    return {
      keys: Object.fromEntries(scope.slice(1).map((part) => [part, segment])),
      data_keys: Object.fromEntries(scope.map((part) => [part, of(part)[0]])),
      older_keys: Object.fromEntries(scope.map((part) => [part, of(part).slice(1)])),
      lease_hours: this.leaseHours,
    };
  }

  /** A device at its first login; one that was forked proves which one it was. */
  #enrol({ id, was }) {
    if (this.devices.has(id)) return;
    const known = was && was.secret === SECRET && this.devices.has(was.id);
    this.devices.set(id, { last_n: 0, slots: new Map(), forked_from: known ? was.id : null });
  }

  #login({ username, password, device }) {
    const person = this.people.get(username);
    if (!person || password !== (this.passwords.get(username) ?? "x")) return refuse("auth.failed");
    const [token, id, op_key] = [
      randomUUID(),
      randomUUID(),
      createHash("sha256").update(randomUUID()).digest("hex"),
    ];
    this.sessions.set(token, { id, op_key, person, device: device.id });
    this.#enrol(device);
    return json({
      token,
      expires_at: this.expiresAt,
      user: person,
      scope: this.#scope(person),
      ...this.#keys(person, device.id),
      device_secret: SECRET,
      server_time: this.now,
      session: { id, op_key },
      epoch: this.epoch,
      protocol: 1,
    });
  }

  #push({ epoch, ops }, session) {
    if (epoch && epoch !== this.epoch) return refuse("sync.epoch", { epoch: this.epoch });
    const device = this.devices.get(session.device);
    const results = [];
    for (const op of ops) {
      if (op.n <= device.last_n && device.slots.get(op.n) !== op.id) return refuse("sync.fork");
      if (op.n > device.last_n + 1) return refuse("sync.gap", { expect: device.last_n + 1 });
      device.last_n = Math.max(device.last_n, op.n);
      device.slots.set(op.n, op.id);
      if (!this.ops.has(op.id)) this.ops.set(op.id, { op, result: this.#decide(op, session), times: 0 });
      const kept = this.ops.get(op.id);
      kept.times += 1;
      results.push({ n: op.n, ...kept.result });
    }
    return json({ epoch: this.epoch, last_n: device.last_n, now: this.now, results });
  }

  #decide(op, session) {
    const author = op.by && op.by !== session.id ? this.#authorOf(op) : session.person;
    if (!author)
      return {
        id: op.id,
        status: "parked",
        seqs: {},
        code: "op.author",
        message: "",
        problems: [{ code: "op.author" }],
      };
    const rows = this.parts.get(op.part).rows;
    const records = {
      get: (kind, id) => rows.get(`${kind}|${id}`)?.[4] ?? null,
      author: () => null,
      ref: (kind) =>
        this.rows("GRP")
          .filter((row) => row[1] === kind)
          .map((row) => row[4]),
    };
    const actor = {
      ...author,
      roles: author.roles[op.part.slice(2)] ?? [],
      deputy_roles: [],
      place: "server",
      system: false,
    };
    const decision = decide(schema, op, records, actor, NOW);
    if (decision.status === "parked") {
      return {
        id: op.id,
        status: "parked",
        seqs: {},
        code: decision.problems[0].code,
        message: "",
        problems: decision.problems,
      };
    }
    const seqs = decision.changes.length
      ? {
          [op.part]: this.append(
            op.part,
            decision.changes.map(({ kind, doc }) => [kind, doc]),
          ),
        }
      : {};
    return { id: op.id, status: decision.status, seqs };
  }

  #authorOf(op) {
    const session = [...this.sessions.values()].find(({ id }) => id === op.by);
    const mac =
      session && createHmac("sha256", Buffer.from(session.op_key, "hex")).update(op.h).digest("hex");
    return mac && mac === op.mac ? session.person : null;
  }

  sum(part) {
    const digest = ([seq, kind, id]) =>
      BigInt(`0x${createHash("sha256").update(`${kind}|${id}|${seq}`).digest("hex").slice(0, 12)}`);
    const live = this.rows(part).filter((row) => row[4]);
    return Number(live.reduce((total, row) => total + digest(row), 0n) % MODULUS);
  }

  #pull({ cursors, limit }, session) {
    const scope = this.#scope(session.person);
    const parts = {};
    for (const part of scope.filter((one) => one in cursors)) {
      const { head, floor } = this.parts.get(part);
      const [epoch, seq, begun = 0] = cursors[part] ?? [this.epoch, 0, floor];
      const below = seq > 0 && seq < floor && begun < floor;
      const reset = epoch !== this.epoch || seq > head ? "epoch" : below ? "floor" : null;
      const rows = this.rows(part)
        .filter((row) => row[0] > (reset ? 0 : seq))
        .slice(0, limit);
      const more = rows.length === limit;
      parts[part] = {
        epoch: this.epoch,
        rows,
        to: more ? rows.at(-1)[0] : head,
        more,
        sum: more ? null : this.sum(part),
        floor,
        reset,
      };
    }
    return json({ now: this.now, scope, last_n: 0, epoch: this.epoch, parts });
  }

  async #seal(part, plain) {
    const packed = deflateSync(plain);
    const nonce = createHmac("sha256", this.key).update(packed).digest().subarray(0, 12);
    const key = await webcrypto.subtle.importKey("raw", this.key, "AES-GCM", false, ["encrypt"]);
    const how = { name: "AES-GCM", iv: nonce, additionalData: Buffer.from(part) };
    return Buffer.concat([nonce, Buffer.from(await webcrypto.subtle.encrypt(how, key, packed))]);
  }

  async #chunk(part, kind, no, plains) {
    const sealed = await Promise.all(plains.map((plain) => this.#seal(part, plain)));
    const bytes = Buffer.concat(sealed);
    const name = createHmac("sha256", this.key).update("name").update(bytes).digest("hex");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const size = { rows: 0, bytes: bytes.length, pieces: sealed.map((piece) => piece.length) };
    return { line: { url: `/api/v1/sync/chunks/${part}/${name}`, name, kind, no, ...size, sha256 }, bytes };
  }

  /** Built anew each time: the same rows give the same chunks. */
  async snapshot(part) {
    const all = this.rows(part);
    const of = (kind) => all.filter((row) => row[1] === kind).map((row) => row[4]);
    const open = all.filter(([, kind, , , doc]) =>
      kind === "task"
        ? doc.state === "open"
        : kind === "complaint"
          ? doc.state !== "closed"
          : kind === "handover",
    );
    const customers = new Map(of("customer").map((doc) => [doc.id, doc]));
    const [segments, lines] = [[[]], []];
    for (const vehicle of of("vehicle")) {
      const parties = of("party").filter((party) => party.vehicle_id === vehicle.id);
      const people = parties.map((party) => ({ ...customers.get(party.customer_id), role: party.role }));
      const ids = new Set(people.map((person) => person.id));
      const text = Buffer.from(
        JSON.stringify(
          all.filter(
            ([, kind, id, , doc]) =>
              id === vehicle.id || doc.vehicle_id === vehicle.id || (kind === "customer" && ids.has(id)),
          ),
        ),
      );
      if (segments.at(-1).reduce((sum, one) => sum + one.length, 0) + text.length > this.segmentBytes)
        segments.push([]);
      const offset = segments.at(-1).reduce((sum, one) => sum + one.length, 0);
      segments.at(-1).push(text);
      const persons = people.map((person) => [
        person.id,
        person.name,
        person.phones ?? [],
        person.role,
        person.pinyin ?? "",
      ]);
      lines.push([
        vehicle.id,
        vehicle.plate,
        vehicle.vin,
        vehicle.model,
        vehicle.archive_no,
        persons,
        segments.length - 1,
        offset,
        text.length,
        vehicle.color,
        vehicle.delivered_on,
        "9999-12-31",
      ]);
    }
    const sorted = lines.sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((line) => JSON.stringify(line));
    const made = [
      await this.#chunk(part, "work", 0, [JSON.stringify(open)]),
      await this.#chunk(part, "directory", 0, [sorted.join("\n")]),
    ];
    const plains = segments.map((texts) => Buffer.concat(texts));
    for (let no = 0; no < plains.length; no += PIECES)
      made.push(await this.#chunk(part, "segment", no, plains.slice(no, no + PIECES)));
    const manifest = {
      epoch: this.epoch,
      seq: this.parts.get(part).head,
      floor: this.parts.get(part).floor,
      key_id: "k",
      chunks: made.map((chunk) => chunk.line),
    };
    return { manifest, bytes: new Map(made.map((chunk) => [chunk.line.name, chunk.bytes])) };
  }
}
