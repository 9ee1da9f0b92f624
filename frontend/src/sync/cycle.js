// Why it exists: one short sync cycle at a time over all tabs, when it runs, and what the status bar says about it.

import { release, prune } from "../store/results.js";
import { formatInstant, parseInstant } from "../domain/timing.js";
import { fetchSnapshots } from "./download.js";
import { pull } from "./pull.js";
import { push } from "./push.js";
import { WireError } from "./wire.js";

const KEPT_MS = 30 * 24 * 3_600_000;
const [REST_S, LONGEST_S, RECHECK_EVERY] = [30, 60, 10];

/**
 * @typedef {{request: (name: string, work: () => Promise<any>) => Promise<any>}} Locks `navigator.locks`, or alike
 *
 * @typedef {object} Context what push, pull and download work with
 * @property {import("./wire.js").Wire} wire @property {import("../store/journal.js").Journal} journal
 * @property {import("../store/cache.js").Cache} cache @property {Locks} locks
 * @property {() => string} now @property {() => string} freshId @property {() => number} random
 * @property {() => {now: string, offset_ms: number, rtt_ms: number}} clock
 * @property {(serverNow: string, sentMs: number) => void} heard
 * @property {() => Promise<any>} session a copy; null while locked @property {() => Promise<any>} ready @property {(session: any) => Promise<void>} keepSession
 * @property {(session: any) => Promise<void>} renewKeys @property {() => Promise<any>} about this tablet @property {() => Promise<void>} unheard asks, without a session, what is to be done @property {boolean} timers sync by itself
 * @property {() => void} changed something was stored that pages may show @property {() => Promise<any>} shown resolves when they can
 * @property {(phase: string, percent: number | null, message?: string | null) => void} tell
 * @property {(part: string, seq: number, sum: number) => void} noteSum the server's checksum @property {() => void} counted how much waits has changed, no more
 * @property {() => Promise<void>} verify compares checksums when that is due
 *
 * @typedef {ReturnType<typeof makeCycle>} Cycle
 */

/** The server's time, as far as this tablet knows it (ms since 1970). @param {Context} ctx */
export const serverMs = (ctx) => parseInstant(ctx.now()) + ctx.clock().offset_ms;

/** @param {Context} ctx */
export function makeCycle(ctx) {
  /** @type {Promise<void> | null} */
  let running = null;
  let [failures, rounds, stopped] = [0, 0, false];
  /** @type {any} options of the cycle to come after the running one */
  let next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** One cycle: push and pull side by side; a failing push never keeps the pull. @param {any} session @param {any} options */
  async function exchange(session, options) {
    if ((await ctx.journal.counts()).pending) ctx.tell("pushing", null);
    const [pushed, pulled] = await Promise.allSettled([push(ctx, session, options), pull(ctx, session)]);
    if (pulled.status === "fulfilled") {
      const scope = pushed.status === "fulfilled" && pushed.value ? await pull(ctx, session) : pulled.value;
      await dropLost(session, scope);
      // by the server's time, which answers bear, and only once it was heard: a restore may want what it answered before
      await prune(ctx.journal, formatInstant(serverMs(ctx) - KEPT_MS));
    }
    await letGo(session);
    for (const outcome of [pushed, pulled]) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** Forgets partitions that are no longer ours; it comes after the push, and never touches the journal (invariant 12).
   * @param {any} session @param {string[]} scope */
  async function dropLost(session, scope) {
    const lost = (await ctx.cache.cursors()).filter(({ part }) => !scope.includes(part));
    for (const { part } of lost) await ctx.cache.dropPart(part);
    const kept = await ctx.session();
    if (String(kept?.scope) !== String(scope)) await ctx.keepSession({ ...session, scope });
    if (lost.length) ctx.changed();
  }

  /** @param {any} session */
  async function letGo(session) {
    /** @type {Record<string, number>} */
    const cursors = Object.fromEntries(session.scope.map((/** @type {string} */ part) => [part, -1]));
    for (const { part, seq, complete, stale } of await ctx.cache.cursors())
      cursors[part] = complete && !stale ? seq : -1;
    if (await release(ctx.journal, cursors)) ctx.changed();
  }

  /** @param {any} options */
  async function once(options) {
    const session = await ctx.ready().then(ctx.session);
    if (!session || session.expired) return ctx.unheard();
    try {
      await ctx.locks.request("chedang-sync", () => exchange(session, options));
      const scoped = (await ctx.session()) ?? session;
      // outside the cycle's lock, so that ops go on being sent meanwhile
      if (await ctx.locks.request("chedang-download", () => fetchSnapshots(ctx, scoped))) {
        await ctx.locks.request("chedang-sync", () => exchange(scoped, {}));
      }
      failures = 0;
      ctx.tell("idle", null);
    } catch (error) {
      failures += 1;
      await failed(session, error);
    }
  }

  /** @param {any} session @param {unknown} error */
  async function failed(session, error) {
    if ((await ctx.session())?.session.id !== session.session.id) return; // locked meanwhile
    if (!(error instanceof WireError)) {
      ctx.tell("error", null, "同步时出了意外，稍后会自动再试。");
      throw error;
    }
    if (error.status === 401 || error.code === "auth.device")
      await ctx.keepSession({ ...session, expired: error.message });
    ctx.tell(error.code === "offline" ? "offline" : "error", null, error.message);
  }

  /** @param {any} first */
  async function loop(first) {
    for (let options = first; options && !stopped; ) {
      next = null;
      await once(options);
      options = next;
    }
  }

  function schedule() {
    clearTimeout(timer);
    if (stopped || !ctx.timers) return;
    const wait = failures ? Math.min(LONGEST_S, 2 ** failures) : REST_S;
    const again = () => sync({ recheck: ++rounds % RECHECK_EVERY === 0 }); // what became of refused ops
    timer = setTimeout(() => void again().catch(console.error), wait * 1000 * (0.7 + 0.6 * ctx.random()));
  }

  /** Runs a cycle, or another one after the running one; resolves when it and a check that is due are over. @param {{recheck?: boolean}} [options] */
  async function sync(options = {}) {
    if (stopped) return;
    next = { recheck: Boolean(options.recheck || next?.recheck) };
    running ??= loop(options).finally(() => {
      running = null;
      schedule();
    });
    await running;
    if (!failures && !stopped) await ctx.verify();
  }

  return {
    sync,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
