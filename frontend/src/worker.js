// Why it exists: the tab's one worker: storage, network, decryption and search run here, never in the page.

import { expose } from "../vendor/comlink.js";
import { createApp } from "./sync/app.js";
import { openPractice } from "./sync/practice.js";

const practice = self.name === "chedang-practice";
const starting = (practice ? openPractice : createApp)({
  fetch: (...args) => fetch(...args),
  locks: navigator.locks,
  channel: new BroadcastChannel(practice ? "chedang-practice" : "chedang"),
  storage: navigator.storage,
  caches,
  online: () => navigator.onLine,
  timers: true,
});

/** Only plain values cross to the page: a refusal arrives as `{code, message, problems, details}`. @param {any} error */
function plain(error) {
  if (typeof error?.code !== "string") return error;
  const { code, message, problems = [], details = {} } = error;
  return { code, message, problems, details };
}

/** @typedef {Omit<Awaited<ReturnType<typeof openPractice>>, "inside" | "close">} Api */

const api = new Proxy(/** @type {Api} */ ({}), {
  get:
    (_target, name) =>
    async (/** @type {any[]} */ ...args) => {
      const app = /** @type {any} */ (await starting);
      if (typeof app[name] !== "function") throw new TypeError(`no ${String(name)}`);
      try {
        return await app[name](...args);
      } catch (error) {
        throw plain(error);
      }
    },
});

self.addEventListener("online", () => void api.sync_now());
expose(api);
