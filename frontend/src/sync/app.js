// Why it exists: puts store, sync and views together into the one object that a page talks to. It knows no DOM and no
// global but what it is given, so that it runs in the worker and in Node alike.

import { formatInstant } from "../domain/timing.js";
import { newId } from "../lib/ids.js";
import { openCache } from "../store/cache.js";
import { openJournal } from "../store/journal.js";
import * as meta from "../store/meta.js";
import { makeAccess } from "./access.js";
import { makeApi } from "./api.js";
import { verify } from "./checksum.js";
import { makeCycle } from "./cycle.js";
import { makeStatus } from "./status.js";
import { makeWire } from "./wire.js";
import { Workspace } from "./workspace.js";

/**
 * @typedef {object} Env
 * @property {typeof globalThis.fetch} fetch @property {string} [origin] @property {import("./cycle.js").Locks} locks
 * @property {{journal: string, cache: string}} [names] of the databases
 * @property {() => number} [nowMs] @property {() => number} [random] @property {() => boolean} [online]
 * @property {{postMessage: (message: any) => void, close: () => void, onmessage: any}} [channel] to the other tabs
 * @property {Pick<StorageManager, "persisted" | "estimate">} [storage] @property {boolean} [timers] sync by itself
 */

/** @param {Env} env */
export async function createApp(env) {
  const names = env.names ?? { journal: "journal", cache: "cache" };
  const [journal, cache] = [openJournal(names.journal), openCache(names.cache)];
  const wire = makeWire(env.fetch, env.origin);
  const nowMs = env.nowMs ?? Date.now;
  const now = () => formatInstant(nowMs());
  const desk = new Workspace({ journal, cache, now, freshId: newId }, await loadSchema());
  const status = makeStatus({ journal, desk, env, now });

  /** The schema of this version of the app; the copy serves when neither network nor service worker answers. */
  async function loadSchema() {
    try {
      const schema = await wire.schema();
      await meta.putMeta(journal, "schema", schema);
      return schema;
    } catch (error) {
      const kept = await meta.getMeta(journal, "schema");
      if (kept) return kept;
      throw error;
    }
  }

  let closed = false;
  /** An error nobody waits for; what a closed app leaves behind is no error. @param {unknown} error */
  function failed(error) {
    if (!closed) console.error(error);
  }
  const tellTabs = () => env.channel?.postMessage("changed");
  let refreshing = Promise.resolve();
  /** Takes in what was stored, and tells pages and tabs. */
  function changed() {
    tellTabs();
    refreshing = desk.refresh().then(() => status.emit("data"), failed);
  }

  /** @type {import("./cycle.js").Context} */
  const ctx = {
    ...{
      wire,
      journal,
      cache,
      locks: env.locks,
      now,
      freshId: newId,
      random: env.random ?? Math.random,
      timers: Boolean(env.timers),
    },
    ...{
      clock: status.clock,
      heard: status.heard,
      tell: status.tell,
      noteSum: status.noteSum,
      changed,
      verify: () => refreshing.then(() => verify({ desk, cache, status, now })),
    },
    session: () => meta.getMeta(journal, "session"),
    async keepSession(session) {
      const current = await meta.getMeta(journal, "session");
      if (current?.session.id !== session.session.id) return;
      await meta.putMeta(journal, "session", session);
      desk.session = session;
    },
  };
  const cycle = makeCycle(ctx);
  const access = makeAccess({ ctx, desk, reload, wake });

  /** Reads session and branch, here and after another tab changed them. */
  async function reload() {
    const session = await ctx.session();
    await desk.open(session, session ? await access.branchOf(session) : null);
    status.emit("state");
    status.emit("data");
  }

  /** Starts a cycle without waiting for it. @param {any} [options] */
  function wake(options) {
    if (env.timers) cycle.sync(options).catch(failed);
  }

  await journal.device(newId);
  await reload();
  if (env.channel) env.channel.onmessage = () => void reload().catch(failed);
  wake();

  async function syncNow() {
    await cycle.sync({ recheck: true });
    await refreshing;
  }

  /** An op is on the disk. */
  function saved() {
    tellTabs();
    status.emit("data");
    wake();
  }

  return {
    ...makeApi({ ctx, desk, access, status, syncNow, saved }),

    /** Lets go of everything; what runs is left behind. */
    async close() {
      closed = true;
      cycle.stop();
      env.channel?.close();
      await Promise.all([journal.close(), cache.close()]);
    },
    /** For tests and tools: what lies beneath. */
    inside: { journal, cache, desk, ctx },
  };
}
