// Why it exists: a new version waits politely; nobody loses a call half-way because the app reloaded by itself.
import { currentPlace } from "../lib/router.js";
import { registerServiceWorker } from "../lib/sw-client.js";
import { toast } from "../parts/cd-toast.js";

/** Places with a form in hand; drafts are kept, but a reload there would still be rude. */
const BUSY = [/^\/call\//, /^\/complaints\/./];

/** Registers the service worker; a version that must wait is offered instead of taken. */
export async function watchVersion() {
  let wanted = false;
  let told = false;
  const isBusy = () => !wanted && BUSY.some((path) => path.test(currentPlace()?.path ?? ""));
  const onWaiting = () => {
    if (told) return;
    told = true;
    const run = () => {
      wanted = true;
      void worker?.update();
    };
    toast("有新版本。写到一半的内容会留着，也可以做完手上的事再更新。", { stay: true, action: "现在更新", run });
  };
  const worker = await registerServiceWorker({ isBusy, onWaiting }).catch(() => null);
}
