// Why it exists: a session's keys follow its scope and the server: they are asked for anew when a branch has come, and when
// a segment key was replaced because a tablet was revoked. When the branch on the screen has gone, another one is shown.

import { GROUP, partOf } from "../lib/partitions.js";

/**
 * The session's part of a `Context`.
 * @param {{keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, vault: import("../store/vault.js").Vault,
 *   wire: import("./wire.js").Wire, desk: import("./workspace.js").Workspace, reload: () => Promise<void>}} given
 */
export function makeKeys({ keeper, vault, wire, desk, reload }) {
  /** Puts the session to use as it is kept now. */
  async function use() {
    const kept = await keeper.session();
    if (kept?.session.id !== desk.session?.session.id) return;
    desk.session = kept;
    const shows = desk.branch === null ? kept?.scope.length === 1 : kept?.scope.includes(partOf(desk.branch));
    if (kept && !shows) await reload();
  }

  /** Keeps the session with the keys of now. @param {any} session */
  async function renewKeys(session) {
    await keeper.keepKeys(session, await wire.keys(session.token));
    await use();
  }

  return {
    session: keeper.session,
    renewKeys,

    /** Another state of the same session. @param {any} session */
    async keepSession(session) {
      const lacks = (/** @type {string} */ part) =>
        !vault.has(part) || (part !== GROUP && !session.keys[part]);
      // A scope is stored together with its keys, or not yet: without them the branch would look empty.
      if (!session.expired && session.scope.some(lacks)) return renewKeys(session);
      await keeper.keepSession(session);
      await use();
    },
  };
}
