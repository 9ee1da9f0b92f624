// Why it exists: registers the service worker and lets a new version take over only when nothing can be lost by it: no
// form is open and the journal has everything on the disk (TRUST.md, Updates).

import { serviceWorkerUrl } from "./trusted.js";

const CHECK_MS = 60 * 60_000;
let replacing = false;

/**
 * @param {{isBusy: () => boolean | Promise<boolean>, onWaiting?: () => void}} page `isBusy`: a form is open or a save runs;
 *   `onWaiting` is called when a new version waits for the page to be free
 * @returns {Promise<{update: () => Promise<boolean>} | null>} `update` takes the waiting version if the page is free
 */
export async function registerServiceWorker(page) {
  if (!("serviceWorker" in navigator)) return null;
  const registration = await navigator.serviceWorker.register(serviceWorkerUrl(), { updateViaCache: "none" });

  async function update() {
    const waiting = registration.waiting;
    if (!waiting) return false;
    if (await page.isBusy()) {
      page.onWaiting?.();
      return false;
    }
    replacing = true;
    waiting.postMessage("take-over");
    return true;
  }

  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) void update();
    });
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (replacing) location.reload();
  });
  document.addEventListener("visibilitychange", () => void update());
  setInterval(() => void registration.update().catch(() => {}), CHECK_MS);
  await update();
  return { update };
}
