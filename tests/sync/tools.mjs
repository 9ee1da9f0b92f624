// Why it exists: what every sync test needs: databases in memory, locks, a client that can be killed and opened again.
import "fake-indexeddb/auto";
import { readdirSync, readFileSync } from "node:fs";
import { Vault } from "../../frontend/src/store/vault.js";
import { createApp } from "../../frontend/src/sync/app.js";

const SCHEMA_DIR = new URL("../../shared_schema/", import.meta.url);
const NAMED = { records: "record", lists: "list", workflows: "workflow" };

/** The schema as `GET /schema.json` gives it. */
export function loadSchema() {
  const read = (path) => JSON.parse(readFileSync(new URL(path, SCHEMA_DIR), "utf-8"));
  const folder = (name) =>
    readdirSync(new URL(`${name}/`, SCHEMA_DIR))
      .filter((file) => file.endsWith(".json"))
      .map((file) => read(`${name}/${file}`));
  const schema = {
    codes: read("codes.json"),
    ops: Object.fromEntries(
      folder("ops")
        .flatMap((group) => group.ops)
        .map((op) => [op.kind, op]),
    ),
  };
  for (const [name, key] of Object.entries(NAMED))
    schema[name] = Object.fromEntries(folder(name).map((item) => [item[key], item]));
  return schema;
}

/** What `navigator.locks` does, within one process. */
export function makeLocks() {
  const held = new Map();
  return {
    request(name, work) {
      const turn = (held.get(name) ?? Promise.resolve()).then(work);
      held.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
  };
}

/** What a password costs to try in a test. */
export const CHEAP = { m: 8, t: 1, p: 1 };

/** One tablet: its databases outlive the app, which can be killed and opened again. Whoever logged in last unlocks it
 * again after a reopening, as the vault forgets its keys with the app. */
export class Tablet {
  /** @param {string} name @param {typeof fetch} fetch @param {object} [env] */
  constructor(name, fetch, env = {}) {
    this.name = name;
    this.fetch = fetch;
    this.env = env;
    this.app = null;
    this.who = null;
  }

  async open() {
    const life = { dead: false };
    this.life = life;
    const fetch = (...args) =>
      life.dead
        ? new Promise(() => {})
        : this.fetch(...args).then((answer) => (life.dead ? new Promise(() => {}) : answer));
    const names = { journal: `${this.name}-journal`, cache: `${this.name}-cache` };
    const given = { locks: makeLocks(), names, random: () => 0.5, kdf: CHEAP, ...this.env };
    const app = await createApp({ fetch, ...given });
    const login = async (who) => {
      await app.login(who);
      this.who = who;
      return app.state();
    };
    this.app = { ...app, login };
    return this.app;
  }

  /** Ends the app wherever it is: nothing it does afterwards reaches a database or the network. */
  async kill() {
    this.life.dead = true;
    const app = this.app;
    this.app = null;
    await app?.close();
  }

  /** Kills the app and opens it; `locked` leaves it as a tablet lies there after a restart. */
  async reopen({ locked = false } = {}) {
    await this.kill();
    const app = await this.open();
    if (this.who && !locked) await app.login(this.who);
    return app;
  }
}

/** A vault that is open for some partitions, as a login opens it. @param {...string} parts */
export async function openVault(...parts) {
  const vault = new Vault();
  const key = Buffer.alloc(32, 7).toString("base64");
  await vault.open(Object.fromEntries(parts.map((part) => [part, [{ id: "k", key }]])));
  return vault;
}

/** The rows a tablet shows from its cache alone: `kind|id` → `[seq, kind, id, ver, doc]`. */
export async function cachedRows(app, part) {
  const space = app.inside.desk.spaces.get(part);
  return space.part.everything();
}
