// Why it exists: puts store, sync and views together into the one object that a page talks to. It knows no DOM and no
// global but what it is given, so that it runs in the worker and in Node alike.

import { contactGate } from "../domain/gate.js";
import { formatInstant } from "../domain/timing.js";
import { newId } from "../lib/ids.js";
import { openCache } from "../store/cache.js";
import { openJournal } from "../store/journal.js";
import * as meta from "../store/meta.js";
import { makeAccess } from "./access.js";
import { checksum, isDue } from "./checksum.js";
import { makeCycle } from "./cycle.js";
import { formPayload } from "./forms.js";
import { handoversSince } from "./handovers.js";
import { outbox } from "./outbox.js";
import { makeStatus } from "./status.js";
import { today } from "./today.js";
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

const RECENT = 12;

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

  /** Compares checksums when it is due; a difference throws the cache away, once per epoch. @param {any} session */
  async function verify(session) {
    await refreshing;
    for (const { part } of desk.spaces.values()) {
      const cursor = await cache.cursor(part.code);
      const told = status.sums[part.code];
      if (!session || !isDue(cursor, now()) || told?.seq !== cursor?.seq || part.cursor?.seq !== told?.seq)
        continue;
      const same = (await checksum((await part.everything()).values())) === told.sum;
      await cache.note(
        part.code,
        same ? { checked: now() } : { checked: now(), stale: true, mismatch: cursor?.epoch },
      );
      if (!same) status.report("本机数据与服务器不一致，正在重新下载核对。");
    }
  }

  /** @type {import("./cycle.js").Context} */
  const ctx = {
    ...{ wire, journal, cache, locks: env.locks, now, freshId: newId, random: env.random ?? Math.random },
    ...{
      clock: status.clock,
      heard: status.heard,
      tell: status.tell,
      noteSum: status.noteSum,
      changed,
      verify,
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

  return {
    state: () => status.state(),
    subscribe: status.subscribe,
    /** @param {{username: string, password: string}} who */
    async login(who) {
      await access.login(who);
      return status.state();
    },
    logout: access.logout,
    use_branch: access.useBranch,

    /** Syncs now, refused ops included. */
    async sync_now() {
      await cycle.sync({ recheck: true });
      await refreshing;
      return status.state();
    },

    schema: async () => desk.schema,
    /** @param {string} kind */
    ref: async (kind) => desk.ref(kind),
    staff: async () => desk.ref("staff"),
    today: async () => today(desk, now()),
    /** @param {string} from date @returns {ReturnType<typeof handoversSince>} */
    handovers: (from) => handoversSince(desk, from),
    /** For the pages that work only with the network: they ask the server themselves. @returns {Promise<string | null>} */
    token: async () => (await ctx.session())?.token ?? null,
    complaints: async () => desk.space.view.complaints(),
    /** @param {string} id */
    complaint: (id) => desk.space.view.complaint(id),

    /** @param {string} text @param {number} [limit] */
    async search(text, limit = 20) {
      const { view, part } = desk.space;
      return part.directory.search(text, limit).map(({ line, match }) => ({ ...view.brief(line[0]), match }));
    },
    async recent() {
      const ids = (await meta.getMeta(journal, `recent:${desk.branch}`)) ?? [];
      return ids
        .map((/** @type {string} */ id) => desk.space.view.brief(id))
        .filter((/** @type {any} */ brief) => brief.vin);
    },
    /** @param {string} id */
    async file(id) {
      const file = await desk.space.view.file(id);
      const before = (await meta.getMeta(journal, `recent:${desk.branch}`)) ?? [];
      const recent = [id, ...before.filter((/** @type {string} */ other) => other !== id)].slice(0, RECENT);
      if (before[0] !== id) await meta.putMeta(journal, `recent:${desk.branch}`, recent);
      return file;
    },

    /** May this person contact this customer now? (D-G1 … D-G6) @param {{vehicle_id: string, customer_id?: string, channel?: string}} whom */
    async gate({ vehicle_id, customer_id, channel }) {
      const { people, complaints, attempts } = await desk.space.view.file(vehicle_id);
      const customer = people.find((/** @type {any} */ person) => person.id === customer_id) ?? null;
      const [rules, actor] = [desk.ref("rule"), desk.actor(`B:${desk.branch}`)];
      return contactGate({
        schema: desk.schema,
        customer,
        complaints,
        attempts,
        actor,
        rules,
        branch_code: desk.branch,
        now: now(),
        channel,
      });
    },

    /** @param {string} kind @param {any} body @param {any} [base] */
    async save(kind, body, base) {
      const saved = await desk.save(kind, body, base);
      if (saved.op_id) {
        tellTabs();
        status.emit("data");
        wake();
      }
      return saved;
    },

    /** @param {string} key */
    draft_get: (key) => meta.getDraft(journal, key),
    /** @param {string} key @param {any} value */
    draft_put: (key, value) => meta.putDraft(journal, key, value, now()),
    /** @param {string} key */
    draft_drop: (key) => meta.dropDraft(journal, key),
    drafts: () => meta.allDrafts(journal),
    outbox: () => outbox(journal, desk),
    /** @param {string} form @param {any} [args] */
    form_payload: (form, args = {}) => formPayload(desk, form, args, now()),

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
