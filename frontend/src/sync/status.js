// Why it exists: what the status bar shows, and who is told when it changes. "All saved" follows from the journal's
// stored answers only (invariant 20).

import { parseInstant } from "../domain/timing.js";
import { branchesIn, branchOf, partOf } from "../lib/partitions.js";

const STORAGE_MS = 1_000;

/** @param {{journal: import("../store/journal.js").Journal, desk: import("./workspace.js").Workspace,
 *   env: import("./app.js").Env, now: () => string, vault: () => Promise<any>}} given `vault`: see `access.js` */
export function makeStatus({ journal, desk, env, now, vault }) {
  /** @type {{phase: string, percent: number | null, last_at: string | null, message: string | null}} */
  const sync = { phase: "idle", percent: null, last_at: null, message: null };
  let reachable = true;
  const clock = { offset_ms: 0, rtt_ms: 0 };
  /** @type {Set<(event: {type: string}) => void>} */
  const listeners = new Set();
  /** @type {Record<string, {seq: number, sum: number}>} */
  const sums = {};

  /** @param {string} type "state" or "data" */
  function emit(type) {
    for (const listener of listeners) listener({ type });
  }

  /** What the browser keeps for us, asked at most once a second: another process answers.
   * @type {{at: number, answer: Promise<{persisted: boolean | null, usage: number, quota: number}>} | null} */
  let asked = null;
  function storage() {
    if (!asked || Date.now() - asked.at > STORAGE_MS) asked = { at: Date.now(), answer: askStorage() };
    return asked.answer;
  }

  async function askStorage() {
    const [persisted, estimate] = await Promise.all([env.storage?.persisted?.(), env.storage?.estimate?.()]);
    return { persisted: persisted ?? null, usage: estimate?.usage ?? 0, quota: estimate?.quota ?? 0 };
  }

  /** @param {number} bytes as the browser estimates them */
  const whole = (bytes) => Math.min(Math.max(0, Math.round(bytes) || 0), Number.MAX_SAFE_INTEGER);

  /** What the server is told of this tablet: the app's version, and how safe its storage is. */
  async function about() {
    const { persisted, usage, quota } = await storage();
    const told = { persisted: Boolean(persisted), usage: whole(usage), quota: whole(quota) };
    return { version: desk.schema.version, storage: told };
  }

  /** @param {string} code */
  function branch(code) {
    const doc = desk.ref("branch").find((one) => one.code === code);
    return { code, name: doc?.name ?? code, short_name: doc?.short_name ?? code };
  }

  /** The branch whose op comes next and has no key here: nothing is sent before one of its people has signed in
   * (invariant 5). @param {string | null} part */
  function heldBy(part) {
    return desk.session && part && !journal.vault.has(part) ? branch(branchOf(part)).short_name : null;
  }

  /** Can the chosen branch's data be read here? They may never have come, or lie under a key that is not at hand. */
  function isLoaded() {
    const part = partOf(desk.branch ?? "");
    const cursor = desk.spaces.get(part)?.part.cursor;
    return cursor !== undefined && (!cursor.key_id || cursor.key_id === desk.session?.keys[part]?.id);
  }

  /** Branches the person may choose from. */
  function branches() {
    return branchesIn(desk.session?.scope ?? []).map(branch);
  }

  return {
    about,
    emit,
    sums,
    /** The server's checksum of a partition at a sequence number. @param {string} part @param {number} seq @param {number} sum */
    noteSum(part, seq, sum) {
      sums[part] = { seq, sum };
    },
    clock: () => ({ now: now(), ...clock }),
    /** @param {string} serverNow @param {number} sentMs */
    heard(serverNow, sentMs) {
      clock.rtt_ms = Date.now() - sentMs;
      clock.offset_ms = parseInstant(serverNow) - parseInstant(now());
    },
    /** @param {string} phase @param {number | null} percent @param {string | null} [message] */
    tell(phase, percent, message = null) {
      Object.assign(sync, { phase, percent, message });
      if (phase !== "pushing") reachable = phase !== "offline";
      if (phase === "idle") sync.last_at = now();
      emit("state");
    },
    /** Something worth a word that is no failure. @param {string} message */
    report(message) {
      sync.message = message;
      emit("state");
    },
    /** @param {(event: {type: string}) => void} listener */
    async subscribe(listener) {
      listeners.add(listener);
    },
    async state() {
      const { session } = desk;
      // before it may be locked meanwhile
      const shown = { user: session && desk.user(), branch: desk.branch, branches: branches(), loaded: isLoaded() };
      const { id, name, retired = false } = await journal.device(() => "");
      const { oldest_part, ...counts } = await journal.counts();
      return {
        session: session && {
          id: session.session.id,
          expires_at: session.expires_at,
          expired: session.expired ?? null,
        },
        ...shown,
        practice: Boolean(env.practice),
        vault: await vault(),
        device: { id, name },
        retired,
        online: (env.online?.() ?? true) && reachable,
        sync: { ...sync },
        ...counts,
        held_by: heldBy(oldest_part),
        storage: await storage(),
      };
    },
  };
}
