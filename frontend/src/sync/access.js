// Why it exists: who works on this tablet and in which branch, and how it is locked. Another person's unsent ops stay in
// the queue and keep their author.

import { getMeta, putMeta } from "../store/meta.js";
import { allSlots, dropSlot } from "../store/vault-slots.js";
import { NoKey } from "../store/vault.js";
import { makeLogin } from "./login.js";
import { makeUnlock } from "./unlock.js";
import { rule } from "../domain/rules.js";
import { branchesIn, partOf } from "../lib/partitions.js";
import * as lease from "./lease.js";
import { SAID } from "./login-words.js";
import { Refusal } from "./refusal.js";
import { noRoomTo } from "./room.js";

/**
 * @param {{ctx: import("./cycle.js").Context, desk: import("./workspace.js").Workspace, cost: import("../store/vault-crypto.js").Cost,
 *   keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, nowMs: () => number, reload: (branch?: string | null) => Promise<void>,
 *   wake: () => void, tellTabs: (what: string) => void, failed: (error: unknown) => void}} given
 */
export function makeAccess({ ctx, desk, cost, keeper, nowMs, reload, wake, tellTabs, failed }) {
  const { journal, wire } = ctx;

  /** Puts the person's work on the screen; a tablet on which their keys do not open it stays locked.
   * @throws {NoKey} */
  async function show() {
    const { held } = keeper;
    try {
      await reload();
    } catch (error) {
      if (!(error instanceof NoKey)) throw error;
      if (keeper.held === held) keeper.leave(); // or somebody else has come meanwhile
      await reload();
      throw error;
    }
    ctx.changed();
    wake();
  }

  /** Forgets keys and everything read with them, after what is being saved is on the disk; nothing that cannot be written
   * keeps them here. */
  async function close() {
    await desk.inTurn(() => keeper.noteTime().finally(keeper.leave)).finally(reload);
  }

  /** Shows another branch; where keys do not open it, those of now are asked for once. @param {string} code
   * @throws {Refusal} app.lease */
  async function showBranch(code) {
    await reload(code).catch(async (error) => {
      if (!(error instanceof NoKey)) throw error;
      const again = ctx.renewKeys(desk.session).then(() => reload(code));
      await again.catch(() => {
        throw new Refusal("app.lease", SAID.changed);
      });
    });
  }

  const { pins, setPin, unlock } = makeUnlock({ journal, cost, nowMs, keeper, show });

  return {
    ...makeLogin({ ctx, schema: desk.schema, cost, keeper, nowMs, show, pins, failed }),
    setPin,
    unlock,
    close,

    /** Who is here, and the first of these branches in which they work: the one named, the one that this tab shows, as
     * another tab does not take people away from what they do, the one chosen last, any. @param {string | null} [named] */
    async chosen(named) {
      const session = await ctx.session();
      if (!session) return { session, branch: null };
      const codes = branchesIn(session.scope);
      const asked = [named, desk.branch, await getMeta(journal, "branch")];
      return { session, branch: asked.find((code) => codes.includes(code)) ?? codes[0] ?? null };
    },

    /** Locks the tablet: here and in its other tabs every key is forgotten; nothing stored is touched. */
    async lock() {
      tellTabs("lock");
      await close();
    },

    /** Ends the session and takes the person off this tablet; journal and cache stay. */
    async logout() {
      const { held } = keeper;
      if (!held) return;
      tellTabs("lock");
      await close().finally(() => pins.drop(held.slot.staff_id));
      try {
        await dropSlot(journal, held.slot.staff_id).catch(noRoomTo("leave"));
        await reload();
      } finally {
        await wire.logout(held.ring.session.token).catch(() => {});
      }
    },

    /** What a screen must know of the vault: who can unlock here without network, `pin` whether by PIN now; after how many
     * minutes without a touch it locks; whether the clock was turned back.
     * @returns {Promise<{people: {id: string, name: string, username: string, pin: boolean}[], idle_minutes: number, clock_back: boolean}>} */
    async vault() {
      const slots = await allSlots(journal);
      const { held } = keeper;
      return {
        people: slots.map(({ staff_id: id, name, username }) => ({ id, name, username, pin: pins.has(id) })),
        idle_minutes: rule(desk.schema, desk.ref("rule"), "vault.idle_minutes", desk.branch ?? ""),
        clock_back: held !== null && lease.isTurnedBack(held.ring, nowMs()),
      };
    },

    /** Goes to another branch, also after the next unlocking. @param {string} code
     * @throws {Refusal} sync.part, app.lease, app.no_room */
    async useBranch(code) {
      if (!desk.session?.scope.includes(partOf(code)))
        throw new Refusal("sync.part", desk.schema.codes["sync.part"].message);
      const before = desk.branch;
      try {
        await showBranch(code);
        await putMeta(journal, "branch", code).catch(noRoomTo("branch"));
      } catch (error) {
        await reload(before);
        throw error;
      }
      ctx.changed();
    },
  };
}
