// Why it exists: puts store, sync and views together into the one object that a page talks to. It knows no DOM and no
// global but what it is given, so that it runs in the worker and in Node alike.

import { formatInstant, parseInstant } from "../domain/timing.js";
import { newId } from "../lib/ids.js";
import { openCache } from "../store/cache.js";
import { openJournal } from "../store/journal.js";
import { Vault } from "../store/vault.js";
import { COST } from "../store/vault-crypto.js";
import { makeAccess } from "./access.js";
import { makeApi } from "./api.js";
import { makeAttachments } from "./attachments.js";
import { makeBlobQueue } from "./blobs.js";
import { makeVerify } from "./checksum.js";
import { coalesced } from "./coalesce.js";
import { makeCycle } from "./cycle.js";
import { makeKeeper } from "./keeper.js";
import { makeKeys } from "./keys.js";
import { loadSchema } from "./schema.js";
import { makeStatus } from "./status.js";
import { makeWatchdog } from "./watchdog.js";
import { makeWipe } from "./wipe.js";
import { makeWire } from "./wire.js";
import { Workspace } from "./workspace.js";

/**
 * @typedef {object} Env
 * @property {typeof globalThis.fetch} fetch @property {string} [origin] @property {import("./cycle.js").Locks} locks
 * @property {{journal: string, cache: string}} [names] of the databases @property {Pick<CacheStorage, "keys" | "delete">} [caches]
 * @property {import("../store/vault-crypto.js").Cost} [kdf] what a password costs to try; tests take less
 * @property {() => number} [nowMs] @property {() => number} [random] @property {() => boolean} [online]
 * @property {{postMessage: (message: any) => void, close: () => void, onmessage: any}} [channel] to the other tabs
 * @property {Pick<StorageManager, "persisted" | "estimate">} [storage] @property {boolean} [timers] sync by itself
 * @property {number} [stallMs] silence in a cycle after which it is said @property {boolean} [practice] on invented data
 */

/** @param {Env} env */
export async function createApp(env) {
  const names = env.names ?? { journal: "journal", cache: "cache" };
  const vault = new Vault();
  const [journal, cache] = [openJournal(names.journal, vault), openCache(names.cache, vault)];
  const wire = makeWire(env.fetch, env.origin, (error) => void wipe.refused(error).catch(failed));
  const nowMs = env.nowMs ?? Date.now;
  const now = () => formatInstant(nowMs());
  const desk = new Workspace({ journal, cache, now, freshId: newId }, await loadSchema(wire, journal));
  const status = makeStatus({ journal, desk, env, now, vault: () => access.vault() });
  const watchdog = makeWatchdog(status.tell, env.timers ? env.stallMs : Infinity);
  const keeper = makeKeeper({ journal, cache, nowMs });

  let closed = false;
  /** An error nobody waits for; what a closed app leaves behind is no error. @param {unknown} error */
  function failed(error) {
    if (!closed) console.error(error);
  }
  const tellTabs = (what = "changed") => env.channel?.postMessage(what);
  const refresh = coalesced(() => desk.refresh().then(() => status.emit("data")), failed);
  /** Takes in what was stored, and tells pages and tabs. */
  function changed() {
    tellTabs();
    refresh.ask();
  }

  /** @type {import("./cycle.js").Context} */
  const ctx = {
    ...{ wire, journal, cache, locks: watchdog.over(env.locks), now, freshId: newId },
    ...{ random: env.random ?? Math.random, timers: Boolean(env.timers) },
    ...{
      ...{ clock: status.clock, about: status.about },
      /** @param {string} serverNow @param {number} sentMs */
      heard(serverNow, sentMs) {
        watchdog.alive();
        status.heard(serverNow, sentMs);
        keeper.heard(parseInstant(serverNow)).catch(failed);
      },
      /** @type {import("./cycle.js").Context["tell"]} */
      tell(phase, percent, message) {
        watchdog.tell(phase, percent, message);
        if (phase === "idle" || phase === "error") sendFiles(); // files wait for no branch that cannot be downloaded
      },
      counted: () => status.emit("state"),
      noteSum: status.noteSum,
      ...{ changed, shown: refresh.done },
      verify: () => refresh.done().then(check),
    },
    ready: () => access.ready(),
    unheard: () => wipe.check().catch(failed),
    ...makeKeys({ keeper, vault, wire, desk, reload }),
  };
  const check = makeVerify({ desk, cache, status, now, session: ctx.session, timers: ctx.timers });
  const cycle = makeCycle(ctx);
  const queue = makeBlobQueue(ctx, failed);
  const cost = env.kdf ?? COST;
  const access = makeAccess({ ctx, desk, cost, keeper, nowMs, reload, wake, tellTabs, failed });
  const wipe = makeWipe({ ctx, env, names, nowMs, lock: access.close, close, emit: status.emit, tellTabs });

  /** Reads session and branch, here and after another tab changed something. @param {string | null} [branch] to be shown */
  async function reload(branch) {
    await desk.open(() => access.chosen(branch));
    status.emit("state");
    status.emit("data");
  }

  /** Files go whenever the server is there. */
  function sendFiles() {
    if (env.timers) void queue.send();
  }

  /** Starts a cycle without waiting for it. @param {any} [options] */
  function wake(options) {
    if (env.timers) cycle.sync(options).catch(failed);
  }

  await journal.device(newId);
  await reload();
  if (env.channel)
    env.channel.onmessage = (/** @type {MessageEvent} */ { data }) =>
      void (data === "lock" ? access.close() : data === "changed" ? reload() : wipe.hear(data)).catch(failed);
  wake({ recheck: true });

  async function syncNow() {
    await cycle.sync({ recheck: true });
    await refresh.done();
  }

  /** An op is on the disk. */
  function saved() {
    tellTabs();
    status.emit("data");
    wake();
  }

  const attachments = makeAttachments({ ctx, desk, saved });

  /** Lets go of everything; what runs is left behind. */
  async function close() {
    closed = true;
    cycle.stop();
    queue.stop();
    env.channel?.close();
    await Promise.all([journal.close(), cache.close()]);
  }

  return {
    ...makeApi({ ctx, desk, access, status, attachments, queue, syncNow, saved }),
    close,
    /** For tests and tools: what lies beneath. */
    inside: { journal, cache, desk, ctx, queue },
  };
}
