// Why it exists: a new version waits politely: a reload asks for the password again, so it comes while the tablet is locked
// or when the user says so, never by itself in the middle of work.
import { registerServiceWorker } from "../lib/sw-client.js";
import { toast } from "../parts/cd-toast.js";
import { onNews, session } from "./session.js";

/** Registers the service worker; a version that must wait is offered instead of taken. */
export async function watchVersion() {
  let wanted = false;
  let told = false;
  const isBusy = () => !wanted && Boolean(session.state?.session);
  const onWaiting = () => {
    if (told) return;
    told = true;
    const run = () => {
      wanted = true;
      void worker?.update();
    };
    toast("有新版本，更新后要重新输入密码；写到一半的内容会留着。也可以等锁定时自动更新。", { stay: true, action: "现在更新", run });
  };
  const worker = await registerServiceWorker({ isBusy, onWaiting }).catch(() => null);
  onNews(() => {
    if (session.state?.session) return;
    told = false;
    void worker?.update();
  });
}
