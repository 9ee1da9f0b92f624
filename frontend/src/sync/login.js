// Why it exists: the password opens the person's slot, with or without network; a slot comes from the first login with
// network, and a session that ends is opened again while work goes on.

import { parseInstant } from "../domain/timing.js";
import { withKeys } from "../store/keyring.js";
import { getMeta, putMeta } from "../store/meta.js";
import { countMiss, keyringOf, newSlot, openSlot, slotOf, updateSlot } from "../store/vault-slots.js";
import { NoKey } from "../store/vault.js";
import * as lease from "./lease.js";
import { SAID } from "./login-words.js";
import { adoptEpoch } from "./push.js";
import { Refusal } from "./refusal.js";
import { noRoomTo, withoutRoom } from "./room.js";
import { WireError } from "./wire.js";

const LIMITS = { free: 5, longest: 900_000 };

/** @param {any} error */
const isOffline = (error) => error instanceof WireError && error.code === "offline";

/** Does this keyring date from the identity that the tablet has now? What was stored after a fork lies under other keys.
 * @param {import("../store/journal.js").Journal} journal @param {import("../store/vault-slots.js").Keyring} ring */
export const isOfThisDevice = async (journal, ring) =>
  ring.session.device === (await journal.device(() => "")).id;

/**
 * @typedef {{username: string, password: string, code?: string}} Who @typedef {import("./keeper.js").Held} Held
 * @typedef {import("../store/vault-slots.js").Slot} Slot
 *
 * @param {{ctx: import("./cycle.js").Context, schema: any, cost: import("../store/vault-crypto.js").Cost,
 *   keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, nowMs: () => number, show: () => Promise<void>,
 *   pins: ReturnType<typeof import("../store/vault-pins.js").makePins>, failed: (error: unknown) => void}} given
 */
export function makeLogin({ ctx, schema, cost, keeper, nowMs, show, pins, failed }) {
  const { journal, wire } = ctx;
  /** @type {Promise<unknown>} */
  let renewing = Promise.resolve();

  /** The server's answer for this device; after a fork it proves which one it was. @param {Who} who */
  async function ask(who) {
    const { id, name } = await journal.device(ctx.freshId);
    const proof = await getMeta(journal, "device_secret");
    const was = proof && proof.device !== id ? { id: proof.device, secret: proof.secret } : undefined;
    const answer = await wire.login({ ...who, device: { id, name: name || "平板", was } });
    await adoptEpoch(ctx, answer.epoch);
    return { ...answer, device: id };
  }

  /** A session from the server in the person's slot; another password than before makes another slot.
   * @param {Who} who @param {Held | null} open their slot, if this password opens it @returns {Promise<Held>} */
  async function online(who, open) {
    let answer = await ask(who);
    if (answer.device !== (await journal.device(ctx.freshId)).id) answer = await ask(who);
    const { data_keys: given, older_keys: older, device_secret: secret, lease_hours: hours, ...session } = answer;
    const known = open ? open.ring.data_keys : {};
    const serverMs = parseInstant(session.server_time);
    const ring = {
      ...{ session, data_keys: withKeys(known, given, older), told_at: serverMs },
      ...lease.heard(serverMs, nowMs(), lease.leaseMs(hours)),
    };
    const { id: staff_id, name } = session.user;
    const { slot, slotKey } =
      open ?? (await newSlot({ staff_id, username: who.username, name }, who.password, cost));
    const noted = putMeta(journal, "device_secret", { device: session.device, secret });
    await (open ? noted.catch(withoutRoom) : noted);
    return { slot, slotKey, ring, fresh: !open };
  }

  /** The slot with its keyring, if there is one that this password opens now. @param {Who} who @returns {Promise<Held | null>} */
  async function unlocked({ username, password }) {
    const slot = await slotOf(journal, username);
    if (!slot || waitOf(slot)) return null;
    const slotKey = await openSlot(slot, password);
    if (!slotKey) return null;
    const ring = await keyringOf(slot, slotKey);
    ring.highest = lease.believed(ring, nowMs());
    await updateSlot(journal, slot, slotKey, ring).catch(withoutRoom);
    return { slot, slotKey, ring };
  }

  /** Seconds until the next try. @param {Slot} slot */
  const waitOf = ({ open_at: at }) =>
    Math.ceil(Math.min(Math.max(at - nowMs(), 0), LIMITS.longest) / 1000);

  /** What a wrong password or a missing network means here. @param {Who} who @param {any} error @param {boolean} opens
   * @returns {Promise<unknown>} the error to show */
  async function refusalFor({ username }, error, opens) {
    const offline = isOffline(error);
    if (opens) return offline ? new Refusal("app.lease", SAID.lease) : error;
    const slot = await slotOf(journal, username);
    if (!slot) return offline ? new WireError("offline", SAID.first) : error;
    const wait = waitOf(slot);
    if (!wait && (offline || error.code === "auth.failed"))
      await countMiss(journal, slot.staff_id, nowMs(), LIMITS).catch(withoutRoom);
    if (!offline) return error;
    const slow = schema.codes["auth.slow_down"].message.replace("{seconds}", String(wait));
    return wait ? new Refusal("auth.slow_down", slow) : new Refusal("auth.failed", SAID.failed);
  }

  /** Opens the session again with the password just typed; without network nothing changes. @param {Who} who @param {Held} open */
  async function renew(who, open) {
    const next = await online(who, open).catch(() => null);
    if (!next || keeper.held?.slotKey !== open.slotKey) return;
    await keeper.enter(next);
    await show();
  }

  /** @param {unknown} error of a renewal, for which nobody waits; that it was locked meanwhile is none */
  const notRenewed = (error) => (error instanceof NoKey ? undefined : failed(error));

  /** Puts the person's work on the screen; where their keys do not open it, the server is asked for those of now.
   * @param {Who} who @param {Held} next @param {string | null} closed what to say then; null: ask the server first
   * @throws {Refusal} app.lease, app.no_room */
  async function enter(who, next, closed) {
    await keeper.enter(next);
    await show().catch(async (error) => {
      if (!(error instanceof NoKey)) throw error;
      if (closed) throw new Refusal("app.lease", closed);
      const renewed = await online(who, next).catch(noRoomTo("enter")).catch((failed) => {
        throw isOffline(failed) ? new Refusal("app.lease", SAID.changed) : failed;
      });
      await enter(who, renewed, SAID.sealed);
    });
  }

  return {
    /** A session that is being opened again, if any. */
    ready: () => renewing,

    /** Unlocks with the password, from the person's slot or else from the server.
     * @param {Who} who @throws {Refusal | WireError} auth.failed, auth.slow_down, app.lease, offline */
    async login(who) {
      const open = await unlocked(who);
      const lasts = open !== null && lease.hasLease(open.ring, nowMs());
      const isOwn = lasts && (await isOfThisDevice(journal, open.ring));
      const next = isOwn
        ? open
        : await online(who, open).catch(noRoomTo("enter")).catch(async (error) => {
            if (lasts && (isOffline(error) || error.code === "app.no_room")) return open;
            throw await refusalFor(who, error, open !== null);
          });
      if (open) pins.renew(open.slot.staff_id);
      else pins.drop(next.slot.staff_id);
      const asked = next === open ? SAID.changed : SAID.sealed;
      await enter(who, next, isOwn ? null : asked);
      if (!keeper.held) throw new Refusal("auth.required", SAID.again);
      if (next === open && lease.endsSoon(next.ring, nowMs())) renewing = renew(who, open).catch(notRenewed);
    },
  };
}
