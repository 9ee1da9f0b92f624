// Why it exists: a session's keys follow its scope: when a branch has come, its keys are asked for; when the branch on the
// screen has gone, another one is shown.

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
      await keeper.keepSession(session);
      if (session.scope.some((/** @type {string} */ part) => !vault.has(part)))
        await keeper.keepKeys(session, await wire.keys(session.token));
      const kept = await keeper.session();
      if (kept?.session.id !== desk.session?.session.id) return;
      desk.session = kept;
      if (desk.branch && !kept?.scope.includes(`B:${desk.branch}`)) await reload();
    },
  };
}
