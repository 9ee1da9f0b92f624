// Why it exists: back at work within seconds by PIN, while the worker that was locked still lives.

import { allSlots, keyringOf } from "../store/vault-slots.js";
import { isGoodPin, makePins } from "../store/vault-pins.js";
import { NoKey } from "../store/vault.js";
import * as lease from "./lease.js";
import { isOfThisDevice } from "./login.js";
import { SAID as LOGIN } from "./login-words.js";
import { Refusal } from "./refusal.js";

const SAID = {
  shape: "请设 6 位数字，不要用 123456、000000 这类容易猜到的。",
  gone: "PIN 已失效，请输入密码。",
  wrong: (/** @type {number} */ left) =>
    left ? `PIN 不对，还可以试 ${left} 次。` : "PIN 错了 5 次，请输入密码。",
};

/**
 * @param {{journal: import("../store/journal.js").Journal, cost: import("../store/vault-crypto.js").Cost, nowMs: () => number,
 *   keeper: ReturnType<typeof import("./keeper.js").makeKeeper>, show: () => Promise<void>}} given `show` locks again, when it fails for want of a key
 */
export function makeUnlock({ journal, cost, nowMs, keeper, show }) {
  const pins = makePins(cost, nowMs);

  return {
    pins,

    /** Sets the PIN of whoever is at work; null takes it away. @param {string | null} pin @throws {Refusal} app.pin */
    async setPin(pin) {
      const { held } = keeper;
      if (!held) throw new Refusal("auth.required", SAID.gone);
      if (pin === null) return void pins.drop(held.slot.staff_id);
      if (!isGoodPin(pin)) throw new Refusal("app.pin", SAID.shape);
      await pins.set(held.slot.staff_id, pin, held.slotKey);
    },

    /** @param {{id: string, pin: string}} who @throws {Refusal} app.pin, app.pin_gone, app.lease */
    async unlock({ id, pin }) {
      if (!pins.has(id)) throw new Refusal("app.pin_gone", SAID.gone);
      const slotKey = await pins.open(id, pin);
      const left = pins.left(id);
      if (!slotKey) throw new Refusal(left ? "app.pin" : "app.pin_gone", SAID.wrong(left));
      const slot = (await allSlots(journal)).find(({ staff_id }) => staff_id === id);
      const ring = slot && (await keyringOf(slot, slotKey).catch(() => null));
      if (!slot || !ring || !(await isOfThisDevice(journal, ring))) {
        pins.drop(id);
        throw new Refusal("app.pin_gone", SAID.gone);
      }
      if (!lease.hasLease(ring, nowMs())) throw new Refusal("app.lease", LOGIN.lease);
      await keeper.enter({ slot, slotKey, ring });
      await show().catch((error) => {
        if (!(error instanceof NoKey)) throw error;
        pins.drop(id); // the password may ask the server for the keys of now
        throw new Refusal("app.pin_gone", SAID.gone);
      });
      if (!keeper.held) throw new Refusal("auth.required", LOGIN.again);
    },
  };
}
