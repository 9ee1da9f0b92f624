// Why it exists: practising is the same app on an invented branch: databases of its own, deleted afterwards, and in place of
// the network a stand-in that reads two files of the app and lets nothing out.

import { dropDatabase } from "../store/database.js";
import { createApp } from "./app.js";

/** @typedef {import("./app.js").Env} Env */

const NAMES = { journal: "practice-journal", cache: "practice-cache" };
const WHO = { username: "practice", password: "practice" };
/** Everything here is invented: its seal keeps the format, not a secret. */
const KEY = { id: "practice", key: btoa("\0".repeat(32)) };
const COST = { m: 8, t: 1, p: 1 };
const EPOCH = "practice";
const DAY_MS = 24 * 3_600_000;
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}\.\d{3}Z)?$/;

/** Every date and instant in a value, moved by whole days. @param {any} value @param {number} ms @returns {any} */
function moved(value, ms) {
  if (typeof value === "string") {
    if (!DATE.test(value)) return value;
    return new Date(Date.parse(value) + ms).toISOString().slice(0, value.length);
  }
  if (Array.isArray(value)) return value.map((one) => moved(one, ms));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, moved(one, ms)]));
}

/** @param {any} data */
const json = (data) => new Response(JSON.stringify(data), { headers: { "content-type": "application/json" } });

/** What a server would answer; nothing but the app's own files is asked of `files`.
 * @param {typeof globalThis.fetch} files @param {() => number} nowMs @returns {typeof globalThis.fetch} */
export function practiceServer(files, nowMs) {
  /** @type {Promise<any> | null} */
  let read = null;

  async function demo() {
    const { at, person, parts } = await (await files("/practice.json")).json();
    const ms = Math.floor((nowMs() - Date.parse(at)) / DAY_MS) * DAY_MS;
    return { person, parts: moved(parts, ms) };
  }

  /** @param {any} demo */
  const keysOf = ({ parts }) => {
    const all = Object.fromEntries(Object.keys(parts).map((part) => [part, KEY]));
    return { keys: all, data_keys: all, lease_hours: 168 };
  };

  /** @param {any} given @param {number} now @returns {any} */
  function login(given, now) {
    const { posts, ...user } = given.person;
    const roles = { [posts[0].branch]: posts.map((/** @type {any} */ post) => post.role) };
    const until = new Date(now + 7 * DAY_MS).toISOString();
    return {
      ...{ token: "practice", protocol: 1, epoch: EPOCH, device_secret: "practice", expires_at: until },
      ...{ server_time: new Date(now).toISOString(), session: { id: "practice", op_key: "00" } },
      ...{ user: { ...user, roles }, scope: Object.keys(given.parts), ...keysOf(given) },
    };
  }

  /** @param {any} given @param {any} asked @param {number} now */
  function pull({ parts }, { cursors }, now) {
    const page = (/** @type {string} */ part) => {
      const rows = parts[part].filter((/** @type {any} */ row) => row[0] > (cursors[part]?.[1] ?? 0));
      return { epoch: EPOCH, rows, to: parts[part].length, more: false, sum: null, reset: null };
    };
    const pages = Object.fromEntries(Object.keys(cursors).map((part) => [part, page(part)]));
    const head = { now: new Date(now).toISOString(), scope: Object.keys(parts), last_n: 0, epoch: EPOCH };
    return { ...head, parts: pages };
  }

  return async (path, init) => {
    if (path === "/schema.json") return files("/schema.json");
    read ??= demo();
    const [given, now] = [await read, nowMs()];
    if (path === "/api/v1/auth/login") return json(login(given, now));
    if (path === "/api/v1/auth/keys") return json(keysOf(given));
    if (path === "/api/v1/sync/pull") return json(pull(given, JSON.parse(String(init?.body)), now));
    if (String(path).startsWith("/api/v1/sync/snapshot/"))
      return json({ epoch: EPOCH, seq: 0, key_id: KEY.id, chunks: [] });
    throw new TypeError("nothing leaves a practice");
  };
}

/** The app on the invented branch, opened for its invented person. @param {Env} env as for the real app */
export async function openPractice(env) {
  const server = practiceServer(env.fetch, env.nowMs ?? Date.now);
  const app = await createApp({ ...env, fetch: server, names: NAMES, kdf: COST, timers: false, practice: true });
  await app.login(WHO);
  await app.sync_now();
  return {
    ...app,
    /** Ends the practice: nothing of it stays. */
    async end_practice() {
      await app.close();
      await Promise.all(Object.values(NAMES).map(dropDatabase));
    },
  };
}
