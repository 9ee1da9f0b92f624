// Why it exists: a session's keys follow its scope: when a branch has come, its keys are asked for.

/**
 * The session's part of a `Context`.
 * @param {{keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, vault: import("../store/vault.js").Vault,
 *   wire: import("./wire.js").Wire, desk: import("./workspace.js").Workspace}} given
 */
export function makeKeys({ keeper, vault, wire, desk }) {
  return {
    session: keeper.session,

    /** Another state of the same session. @param {any} session */
    async keepSession(session) {
      await keeper.keepSession(session);
      if (session.scope.some((/** @type {string} */ part) => !vault.has(part)))
        await keeper.keepKeys(session, await wire.keys(session.token));
      const kept = await keeper.session();
      if (kept?.session.id === desk.session?.session.id) desk.session = kept;
    },
  };
}
