// Why it exists: a session's keys follow its scope: when a branch has come, its keys are asked for; when the branch on the
// screen has gone, another one is shown.

import { GROUP } from "../store/vault.js";

/**
 * The session's part of a `Context`.
 * @param {{keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, vault: import("../store/vault.js").Vault,
 *   wire: import("./wire.js").Wire, desk: import("./workspace.js").Workspace, reload: () => Promise<void>}} given
 */
export function makeKeys({ keeper, vault, wire, desk, reload }) {
  return {
    session: keeper.session,

    /** Another state of the same session. @param {any} session */
    async keepSession(session) {
      const lacks = (/** @type {string} */ part) =>
        !vault.has(part) || (part !== GROUP && !session.keys[part]);
      // A scope is stored together with its keys, or not yet: without them the branch would look empty.
      if (!session.expired && session.scope.some(lacks))
        await keeper.keepKeys(session, await wire.keys(session.token));
      else await keeper.keepSession(session);
      const kept = await keeper.session();
      if (kept?.session.id !== desk.session?.session.id) return;
      desk.session = kept;
      const shows = desk.branch === null ? kept?.scope.length === 1 : kept?.scope.includes(`B:${desk.branch}`);
      if (kept && !shows) await reload();
    },
  };
}
