// Why it exists: the page's side of the worker: one remote object, the events a page is told of, and the things only a
// page can do for the worker (ask for lasting storage, notice that it is looked at again).

import { proxy, wrap } from "../../vendor/comlink.js";
import { isPractice } from "./practice.js";
import { workerUrl } from "./trusted.js";

/** @typedef {import("../../vendor/comlink.js").Remote<import("../worker.js").Api>} RemoteApi */

const worker = new Worker(workerUrl(), { type: "module", name: isPractice() ? "chedang-practice" : "chedang" });

/** Rejects when the worker itself cannot run: a module of it is missing or broken, so nothing would ever answer.
 * @type {Promise<never>} */
export const stillborn = new Promise((_resolve, reject) => {
  worker.addEventListener("error", (event) => reject(event.error ?? new Error(event.message || "worker")), { once: true });
});
stillborn.catch(() => {});

/** Every function of the worker, asynchronous; refusals are thrown as `{code, message, problems}`.
 * @type {RemoteApi} */
export const app = wrap(worker);

/**
 * Calls back after every change of `state()` ("state") or of anything stored ("data"); returns how to stop.
 * @param {(event: {type: string}) => void} callback
 * @returns {() => void}
 */
export function onChange(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** @type {Set<(event: {type: string}) => void>} */
const listeners = new Set();
let asked = false;

/** Asks the browser to keep the data when space gets short; only a page may, and only with someone logged in. */
async function askToPersist() {
  if (asked || !navigator.storage?.persist || !(await app.state()).session) return;
  asked = true;
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** @param {{type: string}} event "state" or "data" */
function tell(event) {
  for (const listener of listeners) listener(event);
  if (event.type === "state") void askToPersist();
}

void app.subscribe(proxy(tell));
void askToPersist();
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") app.sync_now().catch(() => {});
});
