// Why it exists: a locked tablet shows nothing of a customer, in no tab; whoever comes back to it finds their place again,
// somebody else starts at home.
import { app } from "../lib/app.js";
import { closeUrls } from "../lib/object-urls.js";
import { currentPlace, navigate } from "../lib/router.js";
import { clearToasts } from "../parts/cd-toast.js";
import { watchIdle } from "./idle.js";
import { me, readSession, session } from "./session.js";

/** @param {() => void} cover takes everything off the frame's own screen */
export function makeLocking(cover) {
  /** who works here */
  let worker = "";
  /** @type {{who: string, path: string} | null} what the one who locks leaves behind */
  let left = null;
  let shut = false;

  function hide() {
    cover();
    clearToasts();
    closeUrls();
  }

  const place = () => currentPlace()?.path ?? location.pathname + location.search;

  /** Hides everything, then forgets the keys. @param {boolean} [other] somebody else comes @param {() => Promise<unknown>} [how] */
  async function lock(other = false, how = app.lock) {
    left = { who: other ? "" : (me()?.id ?? ""), path: other ? "/" : place() };
    hide();
    await how().finally(readSession);
  }

  watchIdle(() => void lock());
  return {
    lock,
    /** After news: when it was locked, here or by another tab, the lock screen comes. */
    async check() {
      if (session.state?.session) {
        [worker, left, shut] = [me()?.id ?? "", null, false];
        return;
      }
      const { who, path } = left ?? { who: worker, path: place() };
      if (shut || path.startsWith("/login")) return;
      shut = true;
      hide();
      const query = new URLSearchParams({ next: path, ...(who ? { for: who } : {}) });
      await navigate(`/login?${query}`, { replace: true });
    },
  };
}
