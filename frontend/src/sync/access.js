// Why it exists: who works on this tablet and in which branch. Another person's unsent ops stay in the queue and keep
// their author.

import { getMeta, putMeta } from "../store/meta.js";
import { adoptEpoch } from "./push.js";
import { Refusal } from "./refusal.js";

/**
 * @param {{ctx: import("./cycle.js").Context, desk: import("./workspace.js").Workspace,
 *   reload: () => Promise<void>, wake: () => void}} given
 */
export function makeAccess({ ctx, desk, reload, wake }) {
  const { journal, wire } = ctx;

  /** The branch chosen last, if the person still works there; else their first. @param {any} session */
  async function branchOf(session) {
    const codes = session.scope.flatMap((/** @type {string} */ part) =>
      part.startsWith("B:") ? part.slice(2) : [],
    );
    const chosen = await getMeta(journal, "branch");
    return codes.includes(chosen) ? chosen : (codes[0] ?? null);
  }

  /** @param {{username: string, password: string}} who @returns {Promise<any>} the server's answer for this device */
  async function open(who) {
    const { id, name } = await journal.device(ctx.freshId);
    const answer = await wire.login({ ...who, device: { id, name: name || "平板" } });
    await adoptEpoch(ctx, answer.epoch);
    return { ...answer, device: id };
  }

  return {
    branchOf,

    /** Opens a session; the work that waits stays. Resolves with the new state's session in place.
     * @param {{username: string, password: string}} who @throws {import("./wire.js").WireError} auth.failed, auth.slow_down, offline */
    async login({ username, password }) {
      let session = await open({ username, password });
      const device = await journal.device(ctx.freshId);
      if (device.id !== session.device) session = await open({ username, password });
      await putMeta(journal, "session", session);
      await reload();
      ctx.changed();
      wake();
    },

    /** Ends the session; journal and cache stay. */
    async logout() {
      const session = await ctx.session();
      await putMeta(journal, "session", null);
      await reload();
      ctx.changed();
      if (session) await wire.logout(session.token).catch(() => {});
    },

    /** @param {string} code @throws {Refusal} sync.part */
    async useBranch(code) {
      if (!desk.session?.scope.includes(`B:${code}`))
        throw new Refusal("sync.part", desk.schema.codes["sync.part"].message);
      await putMeta(journal, "branch", code);
      await reload();
      ctx.changed();
    },
  };
}
