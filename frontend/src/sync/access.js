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
import { Refusal } from "./refusal.js";

/**
 * @param {{ctx: import("./cycle.js").Context, desk: import("./workspace.js").Workspace, cost: import("../store/vault-crypto.js").Cost,
 *   keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, nowMs: () => number, reload: () => Promise<void>,
 *   wake: () => void, tellTabs: (what: string) => void}} given
 */
export function makeAccess({ ctx, desk, cost, keeper, nowMs, reload, wake, tellTabs }) {
  const { journal, wire } = ctx;

  /** Shows session and branch as they are now. Rows under keys that the server gives nobody any more, to whom a tablet's
   * new identity is the first, are only its copies: forgotten, they come again with the next sync. */
  async function open() {
    for (const forgotten = new Set(); ; ) {
      try {
        return await reload();
      } catch (error) {
        const mayAsk = error instanceof NoKey && keeper.held?.asked && !forgotten.has(error.part);
        if (!mayAsk) throw error;
        await ctx.cache.dropRows(error.part);
        forgotten.add(error.part);
      }
    }
  }

  /** Puts the person's work on the screen. */
  async function show() {
    await open();
    ctx.changed();
    wake();
  }

  /** Forgets keys and everything read with them, after what is being saved is on the disk. */
  async function close() {
    await desk.inTurn(async () => {
      await keeper.noteTime();
      keeper.leave();
    });
    await reload();
  }

  const { pins, setPin, unlock } = makeUnlock({ journal, cost, nowMs, keeper, show });

  return {
    ...makeLogin({ ctx, schema: desk.schema, cost, keeper, nowMs, show, pins }),
    setPin,
    unlock,
    close,

    /** The branch chosen last, if the person still works there; else their first. @param {any} session */
    async branchOf(session) {
      const codes = branchesIn(session.scope);
      const chosen = await getMeta(journal, "branch");
      return codes.includes(chosen) ? chosen : (codes[0] ?? null);
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
      await close();
      pins.drop(held.slot.staff_id);
      await dropSlot(journal, held.slot.staff_id);
      await reload();
      await wire.logout(held.ring.session.token).catch(() => {});
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

    /** @param {string} code @throws {Refusal} sync.part */
    async useBranch(code) {
      if (!desk.session?.scope.includes(partOf(code)))
        throw new Refusal("sync.part", desk.schema.codes["sync.part"].message);
      await putMeta(journal, "branch", code);
      await open();
      ctx.changed();
    },
  };
}
