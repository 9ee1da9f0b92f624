// Why it exists: a sheet is printed from a page of its own, which has no keys: it asks the unlocked page that opened it.
// The payload goes from page to page in memory and is stored nowhere (TRUST.md).

import { isPractice } from "./practice.js";

const NAME = isPractice() ? "chedang-practice-sheet" : "chedang-sheet";
const LOCK = isPractice() ? "chedang-practice" : "chedang";
const HEARD_MS = 4_000;
const LOCKED = { code: "app.locked", message: "车档已锁定或已关闭，请回到车档解锁后，再从那里打开这张表。" };

/** @typedef {(form: string, args: any) => Promise<any>} Answer */

/** An unlocked page gives out what sheets ask for. @param {() => boolean} isOpen @param {Answer} answer */
export function offerSheets(isOpen, answer) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = async ({ data: { ask, form, args } }) => {
    if (!ask || !isOpen()) return;
    channel.postMessage({ heard: ask });
    const [done] = await Promise.allSettled([answer(form, args)]);
    const told = done.status === "fulfilled" ? { given: done.value } : { refused: plain(done.reason) };
    channel.postMessage({ answer: ask, ...told });
  };
}

/** @param {any} error */
const plain = ({ code = "app.failed", message = "" }) => ({ code, message });

/**
 * What a sheet needs, from whichever page of this tablet is unlocked.
 * @param {string} form @param {any} args @returns {Promise<any>} what the page answers; rejects with `{code, message}`
 */
export function askForSheet(form, args) {
  const [channel, ask] = [new BroadcastChannel(NAME), crypto.randomUUID()];
  return new Promise((resolve, reject) => {
    const unheard = setTimeout(() => reject(LOCKED), HEARD_MS);
    channel.onmessage = ({ data: { heard, answer, given, refused } }) => {
      if (heard === ask) clearTimeout(unheard);
      if (answer === ask) given ? resolve(given) : reject(refused);
    };
    channel.postMessage({ ask, form, args });
  }).finally(() => channel.close());
}

/** Calls back when the tablet is locked in another tab. @param {() => void} callback */
export function onLock(callback) {
  new BroadcastChannel(LOCK).addEventListener("message", ({ data }) => data === "lock" && callback());
}
