// Why it exists: registers the service worker and lets a new version take over only when no tab has work in hand
// (TRUST.md, Updates).

import { serviceWorkerUrl } from "./trusted.js";

const CHECK_MS = 60 * 60_000;
const ANSWER_MS = 300;

/**
 * Asks the other tabs whether a form is open there, and answers when they ask.
 * @param {() => boolean | Promise<boolean>} isBusy @returns {() => Promise<boolean>} true when some other tab is busy
 */
function neighbours(isBusy) {
  const channel = new BroadcastChannel("chedang-version");
  let busy = false;
  channel.onmessage = async ({ data }) => {
    if (data === "busy") busy = true;
    else if (await isBusy()) channel.postMessage("busy");
  };
  return async () => {
    busy = false;
    channel.postMessage("anyone busy?");
    await new Promise((done) => setTimeout(done, ANSWER_MS));
    return busy;
  };
}

/**
 * @param {{isBusy: () => boolean | Promise<boolean>, onWaiting?: () => void}} page `isBusy`: a form is open or a save runs;
 *   `onWaiting` is called when a new version waits for the page to be free
 * @returns {Promise<{update: () => Promise<boolean>} | null>} `update` takes the waiting version if the page is free
 */
export async function registerServiceWorker(page) {
  if (!("serviceWorker" in navigator)) return null;
  const registration = await navigator.serviceWorker.register(serviceWorkerUrl(), { updateViaCache: "none" });
  const othersBusy = neighbours(page.isBusy);
  let outdated = false;

  async function update() {
    const waiting = registration.waiting;
    if (!waiting && !outdated) return false;
    if ((await page.isBusy()) || (waiting && (await othersBusy()))) {
      page.onWaiting?.();
      return false;
    }
    if (waiting) waiting.postMessage("take-over");
    else location.reload();
    return true;
  }

  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) void update();
    });
  });
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    outdated = controlled; // the very first worker brings the version that is running
    controlled = true;
    if (outdated) void update();
  });
  document.addEventListener("visibilitychange", () => void update());
  setInterval(() => void registration.update().catch(() => {}), CHECK_MS);
  await update();
  return { update };
}
